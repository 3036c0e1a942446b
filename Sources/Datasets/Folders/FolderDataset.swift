public import Images

/// PNG files in a folder for each class. Files are read when an image is asked for, so the set may be
/// larger than memory.
public struct FolderDataset: ImageDataset {
  /// The folder of the class folders.
  public let source: String
  /// The class folders' names in byte order.
  public let classNames: [String]
  /// 1 if every image is gray, else 3; a palette counts as colour.
  public let channels: Int
  private let limits: ImageLimits
  private let entries: [Entry]

  private struct Entry: Sendable {
    let label: Int
    let name: String
  }

  /// Lists a folder and reads the header of every image, so that what is wrong is found before
  /// training starts.
  ///
  /// Files beside the class folders that are no PNG are left alone, as is what begins with a dot.
  ///
  /// - Parameters:
  ///   - directory: The folder of the class folders.
  ///   - classNames: The classes of another part of the set; nil takes the folders' names.
  ///   - limits: What an image may ask for.
  /// - Throws: `DatasetError` of what is there, `ImageError` of a damaged image.
  public init(
    directory: String, classNames: [String]? = nil, limits: ImageLimits = ImageLimits()
  ) throws {
    let root = try ClassFolder(path: directory)
    let folders = root.folders
    if let stray = root.names.first(where: { ClassFolder.isPNG($0) && !folders.contains($0) }) {
      throw DatasetError.imageOutsideClass(path: root.path(of: stray))
    }
    if classNames == nil, folders.count < 2 {
      throw DatasetError.tooFewClasses(directory: directory, found: folders)
    }
    let classes = classNames ?? folders
    var entries: [Entry] = []
    var hasColor = false
    for folder in folders {
      guard let label = classes.firstIndex(of: folder) else {
        throw DatasetError.unknownClass(directory: directory, name: folder)
      }
      for name in try Self.images(in: root.path(of: folder)) {
        let path = "\(directory)/\(folder)/\(name)"
        let header = try PNGHeader(pngFile: path, limits: limits)
        hasColor = hasColor || header.color == .rgb
        entries.append(Entry(label: label, name: name))
      }
    }
    if entries.isEmpty { throw DatasetError.noImages(directory: directory) }
    source = directory
    self.classNames = classes
    channels = hasColor ? 3 : 1
    self.limits = limits
    self.entries = entries
  }

  private static func images(in path: String) throws -> [String] {
    let folder = try ClassFolder(path: path)
    if folder.names.isEmpty { throw DatasetError.noImages(directory: path) }
    if let foreign = folder.names.first(where: { !ClassFolder.isPNG($0) }) {
      throw DatasetError.foreignFile(path: folder.path(of: foreign))
    }
    return folder.names
  }

  /// The number of images.
  public var count: Int { entries.count }

  /// The class of an image.
  ///
  /// - Parameter index: From 0 to `count`, exclusive.
  /// - Returns: An index into `classNames`.
  public func label(at index: Int) -> Int { entries[index].label }

  /// The file of an image.
  ///
  /// - Parameter index: From 0 to `count`, exclusive.
  /// - Returns: Its path.
  public func path(at index: Int) -> String {
    "\(source)/\(classNames[entries[index].label])/\(entries[index].name)"
  }

  /// Reads and decodes an image.
  ///
  /// - Parameter index: From 0 to `count`, exclusive.
  /// - Returns: The image as stored.
  /// - Throws: `ImageError` where its file is damaged or gone.
  public func image(at index: Int) throws -> Image {
    try Image(pngFile: path(at: index), limits: limits)
  }
}
