/// A decoded picture: gray or RGB, with its alpha kept until preprocessing composites it, in one
/// byte a sample, or two where the file has 16 bits.
///
/// Samples are interleaved, rows from the top: `samples[(y × width + x) × samplesPerPixel + s]`.
public struct Image: Hashable, Sendable {
  /// What a pixel's colour is.
  public enum Color: Int, Hashable, Sendable {
    /// One sample.
    case gray = 1
    /// Red, green, blue.
    case rgb = 3
  }

  /// The samples as stored.
  public enum Samples: Hashable, Sendable {
    /// 0…255.
    case bytes([UInt8])
    /// 0…65535, of a 16-bit file.
    case words([UInt16])

    /// The number of samples.
    public var count: Int {
      switch self {
      case .bytes(let samples): samples.count
      case .words(let samples): samples.count
      }
    }
  }

  /// Pixels in a row, at least 1.
  public let width: Int
  /// Rows, at least 1.
  public let height: Int
  /// Gray or RGB.
  public let color: Color
  /// Whether each pixel ends with an opacity sample: 0 is transparent, the largest value opaque.
  public let hasAlpha: Bool
  /// `width × height × samplesPerPixel` samples.
  public let samples: Samples

  /// 1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha.
  public var samplesPerPixel: Int { color.rawValue + (hasAlpha ? 1 : 0) }

  /// The longest side that an image may have: 1,000,000 pixels, libpng's own limit.
  public static let largestSide = 1_000_000

  /// An image of samples in memory.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row, from 1 to `largestSide`.
  ///   - height: Rows, from 1 to `largestSide`.
  ///   - color: Gray or RGB.
  ///   - hasAlpha: Whether each pixel ends with an opacity sample.
  ///   - samples: Interleaved, `width × height × samplesPerPixel` of them.
  public init(width: Int, height: Int, color: Color, hasAlpha: Bool = false, samples: Samples) {
    precondition((1...Self.largestSide).contains(width))
    precondition((1...Self.largestSide).contains(height))
    self.width = width
    self.height = height
    self.color = color
    self.hasAlpha = hasAlpha
    self.samples = samples
    precondition(samples.count == width * height * samplesPerPixel)
  }

  /// A gray image of bytes: a row of MNIST, say.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row.
  ///   - height: Rows.
  ///   - gray: `width × height` bytes, 0 black.
  public init(width: Int, height: Int, gray: [UInt8]) {
    self.init(width: width, height: height, color: .gray, samples: .bytes(gray))
  }

  /// An RGB image of bytes.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row.
  ///   - height: Rows.
  ///   - rgb: `width × height × 3` bytes, red first.
  public init(width: Int, height: Int, rgb: [UInt8]) {
    self.init(width: width, height: height, color: .rgb, samples: .bytes(rgb))
  }
}
