/// The extents of one tensor without its batch axis: `[C, H, W]` for feature maps, `[F]` for vectors.
public struct TensorShape: Hashable, Sendable, CustomStringConvertible {
  /// The extents, outermost first.
  public let dimensions: [Int]

  /// A shape of the given extents, outermost first.
  public init(_ dimensions: [Int]) {
    self.dimensions = dimensions
  }

  /// A feature map `[channels, height, width]`.
  public init(channels: Int, height: Int, width: Int) {
    dimensions = [channels, height, width]
  }

  /// A vector `[features]`.
  public init(features: Int) {
    dimensions = [features]
  }

  /// Whether this is a feature map `[C, H, W]`.
  public var isFeatureMap: Bool { dimensions.count == 3 }

  /// `C` of a feature map, `F` of a vector.
  public var channels: Int { dimensions.first ?? 0 }

  /// `H` of a feature map, 1 of a vector.
  public var height: Int { isFeatureMap ? dimensions[1] : 1 }

  /// `W` of a feature map, 1 of a vector.
  public var width: Int { isFeatureMap ? dimensions[2] : 1 }

  /// The product of the extents. A validated network's shapes never overflow.
  public var elementCount: Int { dimensions.reduce(1, *) }

  /// The extents joined by `×`, with a batch of one in front: `1×96×54×54`.
  public var withBatch: String { "1×\(self)" }

  /// The extents joined by `×`.
  public var description: String { dimensions.map(String.init).joined(separator: "×") }
}

extension TensorShape {
  /// This shape, if it is a feature map.
  func requireFeatureMap(_ node: String) throws -> TensorShape {
    guard isFeatureMap else {
      throw NetworkError.wrongRank(node: node, expected: "a feature map C×H×W", found: self)
    }
    return self
  }

  /// This shape, if its element count fits the limit.
  func checked(node: String) throws -> TensorShape {
    var count = 1
    for dimension in dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow, product <= Limits.elements else {
        throw NetworkError.tooLarge(node: node, shape: self)
      }
      count = product
    }
    return self
  }
}

/// Two numbers along the spatial axes: a kernel size, stride, padding or dilation.
public struct Extent: Hashable, Sendable {
  /// Along H, rows.
  public var height: Int
  /// Along W, columns.
  public var width: Int

  /// An extent that may differ between the axes.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// The same extent along both axes.
  public init(_ side: Int) {
    height = side
    width = side
  }
}

extension Extent: ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// The same extent along both axes.
  public init(integerLiteral value: Int) { self.init(value) }

  /// `height×width`.
  public var description: String { "\(height)×\(width)" }
}

extension Extent: Codable {
  /// Decodes one integer for both axes, or `[height, width]`.
  ///
  /// - Parameter decoder: The decoder to read from.
  /// - Throws: `DecodingError` where the value is neither form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let side = try? container.decode(Int.self) {
      self.init(side)
      return
    }
    guard let pair = try? container.decode([Int].self), pair.count == 2 else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected one whole number or [height, width]")
    }
    self.init(height: pair[0], width: pair[1])
  }

  /// Encodes as `[height, width]`.
  ///
  /// - Parameter encoder: The encoder to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode([height, width])
  }
}
