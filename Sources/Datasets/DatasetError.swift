import Files
import Networks

/// Why a data set was refused. Each message names the file or folder, and says what to do.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
  /// The Debian package is not installed.
  case fashionMNISTMissing(directory: String)
  /// The folder does not exist, or cannot be read.
  case cannotOpen(path: String, reason: String)
  /// The operating system failed to read.
  case cannotRead(path: String, reason: String)
  /// A pipe, a device or a folder where a file was wanted.
  case notAFile(path: String)
  /// A folder without anything that looks like a data set.
  case nothingFound(directory: String)
  /// One of the four IDX files is missing.
  case missingFile(directory: String, name: String)
  /// An IDX file breaks its format.
  case malformed(path: String, offset: Int, detail: String)
  /// An IDX file ends before its last element.
  case truncated(path: String, offset: Int, expected: Int)
  /// The gzip stream is damaged; the offset is in the compressed file.
  case damagedGzip(path: String, offset: Int, detail: String)
  /// Two files that do not go together.
  case countsDiffer(images: String, imageCount: Int, labels: String, labelCount: Int)
  /// `train/` without `test/` and `val/`.
  case missingPart(directory: String)
  /// Fewer than two class folders.
  case tooFewClasses(directory: String, found: [String])
  /// A class folder without images, or a part without any.
  case noImages(directory: String)
  /// Something in a class folder that is no PNG.
  case foreignFile(path: String)
  /// A PNG beside the class folders.
  case imageOutsideClass(path: String)
  /// A class of the test part that the training part lacks.
  case unknownClass(directory: String, name: String)
  /// Too few images to set a part aside.
  case cannotSplit(source: String, count: Int, fraction: Double)
  /// No memory for a batch.
  case outOfMemory(bytes: Int)
  /// No thread to load with.
  case cannotStartThread(reason: String)

  /// What, where, and what to do.
  public var description: String { message.onOneLine }

  private var message: String {
    switch self {
    case .fashionMNISTMissing(let directory):
      "Fashion-MNIST not found: \(directory): "
        + "run 'apt-get install dataset-fashion-mnist', or name a folder of images"
    case .cannotOpen(let path, let reason):
      "cannot open data: \(path): \(reason): name a folder that exists and may be read"
    case .cannotRead(let path, let reason):
      "cannot read data: \(path): \(reason): check the file and its disk"
    case .notAFile(let path):
      "not a file: \(path): replace it by a regular file"
    case .nothingFound(let directory):
      "no data set found: \(directory): put MNIST's four IDX files there, or train/ and test/ with "
        + "a folder of PNG files for each class, or class folders directly"
    case .missingFile(let directory, let name):
      "data set incomplete: \(directory): add '\(name)' or '\(name).gz'"
    case .malformed(let path, let offset, let detail):
      "damaged IDX file: \(path), byte \(offset): \(detail): get the file again"
    case .truncated(let path, let offset, let expected):
      "truncated IDX file: \(path): ends at byte \(offset) of \(expected): get the whole file"
    case .damagedGzip(let path, let offset, let detail):
      "damaged gzip file: \(path), byte \(offset): \(detail): get the file again"
    case .countsDiffer(let images, let imageCount, let labels, let labelCount):
      "files do not go together: \(images) (byte 4) has \(imageCount) images, "
        + "\(labels) (byte 4) \(labelCount) labels: get both from one place"
    case .missingPart(let directory):
      "data set incomplete: \(directory): add test/ or val/ beside train/"
    case .tooFewClasses(let directory, let found):
      found.isEmpty
        ? "no class folders: \(directory): add a folder of PNG files for each class"
        : "only one class: \(directory) has '\(found.joined(separator: "', '"))': "
          + "add a folder of PNG files for each class"
    case .noImages(let directory):
      "no images: \(directory): add PNG files, or remove the folder"
    case .foreignFile(let path):
      "not a PNG among images: \(path): convert or remove it"
    case .imageOutsideClass(let path):
      "image outside of a class folder: \(path): move it into the folder of its class"
    case .unknownClass(let directory, let name):
      "class without training images: '\(name)' in \(directory): add it to train/"
    case .cannotSplit(let source, let count, let fraction):
      "cannot set a part aside: \(source): \(fraction) of \(count) images leaves a part empty: "
        + "add images or choose another fraction"
    case .outOfMemory(let bytes):
      "not enough memory: a batch needs \(bytes) bytes: choose smaller batches"
    case .cannotStartThread(let reason):
      "cannot load data: no thread: \(reason): raise the limit of processes"
    }
  }
}
