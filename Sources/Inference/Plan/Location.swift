import Networks

/// The memory of a value, in bytes.
struct Location: Sendable, Hashable {
  enum Space: Sendable, Hashable {
    /// The caller's input.
    case input
    /// The caller's logits.
    case output
    /// The arena, of which every image has its own.
    case arena
  }

  var space: Space
  /// Bytes from the start of an image's memory to the value.
  var offset: Int
  /// Bytes from one image to the next.
  var imageStride: Int

  /// The memory of the caller's images.
  static func input(of shape: TensorShape) -> Location {
    Location(
      space: .input, offset: 0, imageStride: shape.elementCount * MemoryLayout<Float>.stride)
  }

  /// Bytes from the start of the space to the value of an image.
  func offset(image: Int) -> Int { offset + image * imageStride }
}
