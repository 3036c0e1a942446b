/// Why a command of this program failed where no library has a word for it.
enum InferError: Error, CustomStringConvertible {
  case notQuantized(path: String)
  case alreadyQuantized(path: String)
  case otherClasses(path: String, other: String, index: Int)
  case classesDiffer(dataset: String, found: Int, path: String, expected: Int)
  case outputIsInput(path: String)
  case crashed(path: String, signal: Int32)
  case tookTooLong(path: String)
  case damaged(path: String, objects: String)
  case unreadableText(path: String, reason: String)
  case unreadableFloats(path: String)
  case unwritable(path: String, reason: String)
  case tooManyLabels(path: String, found: Int, classes: Int)

  var description: String {
    switch self {
    case .notQuantized(let path):
      "checkpoint is not quantised: '\(path)': make one that is with "
        + "cnn-infer quantize, or use --precision auto or fp32"
    case .alreadyQuantized(let path):
      "checkpoint is quantised already: '\(path)': give the float32 one that it was made of"
    case .otherClasses(let path, let other, let index):
      "classes differ: class \(index) of '\(path)' and of '\(other)': compare checkpoints of the "
        + "same classes"
    case .classesDiffer(let dataset, let found, let path, let expected):
      "classes do not fit: '\(dataset)' has \(found), '\(path)' knows \(expected): "
        + "use data of the checkpoint's classes"
    case .outputIsInput(let path):
      "output is the input: '\(path)': name another file"
    case .crashed(let path, let signal):
      "damaged HDF5 file: '\(path)': libhdf5 crashed on it (signal \(signal)): "
        + "restore it from a copy or write it again"
    case .tookTooLong(let path):
      "damaged HDF5 file: '\(path)': libhdf5 did not come to an end: "
        + "restore it from a copy or write it again"
    case .damaged(let path, let objects):
      "damaged: \(objects) of '\(path)': restore it from a copy"
    case .unreadableText(let path, let reason):
      "cannot read: '\(path)' (\(reason)): give a text file in UTF-8"
    case .unreadableFloats(let path):
      "cannot read: '\(path)': give a readable file of float32"
    case .unwritable(let path, let reason):
      "cannot write: '\(path)' (\(reason)): name another folder"
    case .tooManyLabels(let path, let found, let classes):
      "too many labels: '\(path)' has \(found) lines, the network \(classes) classes: "
        + "give one line a class"
    }
  }
}
