public import Images

/// Gray images and labels from a pair of IDX files, in memory as bytes.
public struct IDXDataset: ImageDataset {
  /// The file of the images.
  public let source: String
  /// The classes' names by index.
  public let classNames: [String]
  /// Rows of each image.
  public let height: Int
  /// Pixels in a row of each image.
  public let width: Int
  private let pixels: [UInt8]
  private let labels: [UInt8]

  /// Reads a pair of files, gzip or not.
  ///
  /// - Parameters:
  ///   - imagesFile: IDX of three dimensions.
  ///   - labelsFile: IDX of one dimension, as long.
  ///   - classNames: The classes' names; a label beyond them is refused.
  /// - Throws: `DatasetError`, with file and offset.
  public init(imagesFile: String, labelsFile: String, classNames: [String]) throws {
    let labels = try IDXFile(path: labelsFile, rank: 1)
    let images = try IDXFile(path: imagesFile, rank: 3)
    guard images.dimensions[0] == labels.dimensions[0] else {
      throw DatasetError.countsDiffer(
        images: imagesFile, imageCount: images.dimensions[0], labels: labelsFile,
        labelCount: labels.dimensions[0])
    }
    if let index = labels.bytes.firstIndex(where: { Int($0) >= classNames.count }) {
      throw DatasetError.malformed(
        path: labelsFile, offset: labels.headerSize + index,
        detail: "label \(labels.bytes[index]) of \(classNames.count) classes")
    }
    source = imagesFile
    self.classNames = classNames
    height = images.dimensions[1]
    width = images.dimensions[2]
    pixels = images.bytes
    self.labels = labels.bytes
  }

  /// The number of images.
  public var count: Int { labels.count }

  /// 1: IDX images are gray.
  public var channels: Int { 1 }

  /// The class of an image.
  ///
  /// - Parameter index: From 0 to `count`, exclusive.
  /// - Returns: An index into `classNames`.
  public func label(at index: Int) -> Int { Int(labels[index]) }

  /// Copies an image out of memory.
  ///
  /// - Parameter index: From 0 to `count`, exclusive.
  /// - Returns: A gray image of bytes.
  public func image(at index: Int) -> Image {
    let size = height * width
    return Image(
      width: width, height: height, gray: Array(pixels[index * size..<(index + 1) * size]))
  }
}
