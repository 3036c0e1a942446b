public import Images

/// Labelled images that are decoded one at a time, from any thread.
public protocol ImageDataset: Sendable {
  /// Where the images come from, for messages.
  var source: String { get }
  /// The number of images.
  var count: Int { get }
  /// 1 if every image is gray, else 3.
  var channels: Int { get }
  /// The classes' names by index.
  var classNames: [String] { get }

  /// The class of an image.
  ///
  /// - Parameter index: From 0 to `count`, exclusive.
  /// - Returns: An index into `classNames`.
  func label(at index: Int) -> Int

  /// Decodes an image.
  ///
  /// - Parameter index: From 0 to `count`, exclusive.
  /// - Returns: The image as stored.
  /// - Throws: `ImageError` where its file is damaged or gone.
  func image(at index: Int) throws -> Image
}
