/// A dense row-major tensor: a shape, an element type, and bytes in shared storage.
public struct Tensor: Sendable {
  /// The types that checkpoints hold.
  public enum Element: String, Sendable, Codable {
    /// IEEE 754 single precision.
    case float32
    /// Two's-complement bytes.
    case int8

    /// Bytes an element.
    public var size: Int {
      switch self {
      case .float32: 4
      case .int8: 1
      }
    }
  }

  /// The extents, outermost first.
  public let shape: [Int]
  /// The element type.
  public let element: Element
  private let storage: TensorStorage
  private let offset: Int

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The number of bytes.
  public var byteCount: Int { count * element.size }

  /// A view of storage.
  ///
  /// - Parameters:
  ///   - shape: The extents, outermost first.
  ///   - element: The element type.
  ///   - storage: The memory; it must hold the whole tensor from `offset` on.
  ///   - offset: The first byte, a multiple of the element's size.
  public init(shape: [Int], element: Element, storage: TensorStorage, offset: Int = 0) {
    self.shape = shape
    self.element = element
    self.storage = storage
    self.offset = offset
    precondition(offset >= 0 && offset % element.size == 0)
    precondition(offset + shape.reduce(1, *) * element.size <= storage.byteCount)
  }

  /// A float tensor with values of its own.
  ///
  /// - Parameters:
  ///   - shape: The extents; their product is the number of values.
  ///   - values: The elements, row-major.
  public init(shape: [Int], _ values: [Float]) {
    self.init(shape: shape, element: .float32, storage: TensorStorage(copying: values))
    precondition(values.count == count)
  }

  /// An int8 tensor with values of its own.
  ///
  /// - Parameters:
  ///   - shape: The extents; their product is the number of values.
  ///   - values: The elements, row-major.
  public init(shape: [Int], _ values: [Int8]) {
    self.init(shape: shape, element: .int8, storage: TensorStorage(copying: values))
    precondition(values.count == count)
  }

  /// Lends the elements of a float tensor.
  ///
  /// - Parameter body: Called with the elements, row-major, valid during the call.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public func withFloats<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    precondition(element == .float32)
    return try withBytes { try body($0.assumingMemoryBound(to: Float.self)) }
  }

  /// Lends the elements of an int8 tensor.
  ///
  /// - Parameter body: Called with the elements, row-major, valid during the call.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public func withInt8<Result>(
    _ body: (UnsafeBufferPointer<Int8>) throws -> Result
  ) rethrows -> Result {
    precondition(element == .int8)
    return try withBytes { try body($0.assumingMemoryBound(to: Int8.self)) }
  }

  /// Lends the bytes.
  ///
  /// - Parameter body: Called with the bytes, valid during the call.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try storage.withBytes {
      try body(UnsafeRawBufferPointer(rebasing: $0[offset..<offset + byteCount]))
    }
  }

  /// Lets the memory of a mapped file's tensor go until it is read again; does nothing to others.
  ///
  /// A tensor that was copied into another form need not count as memory of the process.
  public func releasePages() { storage.releasePages(offset..<offset + byteCount) }

  /// A copy of a float tensor's elements.
  public var floats: [Float] { withFloats { Array($0) } }
}
