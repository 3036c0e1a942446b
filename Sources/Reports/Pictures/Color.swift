/// Red, green and blue, a byte each.
package struct Color: Hashable, Sendable {
  package var red, green, blue: UInt8

  /// A colour of bytes.
  package init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// A colour as the web writes it: `0xE4_E7EC`.
  init(hex: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
      blue: UInt8(truncatingIfNeeded: hex))
  }

  /// A colour of shares from 0 to 1; what is beyond is cut off.
  package init(_ red: Float, _ green: Float, _ blue: Float) {
    // What is no number is black.
    func byte(_ share: Float) -> UInt8 {
      share.isNaN ? 0 : UInt8(min(max(share, 0), 1) * 255 + 0.5)
    }
    self.init(red: byte(red), green: byte(green), blue: byte(blue))
  }

  /// From black over violet, red and orange to pale yellow, its lightness growing evenly.
  package static func heat(_ value: Float) -> Color {
    let anchors: [(Float, Float, Float)] = [
      (0.00, 0.00, 0.02), (0.22, 0.06, 0.38), (0.53, 0.13, 0.43), (0.83, 0.28, 0.29),
      (0.97, 0.56, 0.15), (0.99, 0.98, 0.72),
    ]
    guard value.isFinite else { return Color(red: 0, green: 0, blue: 0) }
    let place = min(max(value, 0), 1) * Float(anchors.count - 1)
    let index = min(Int(place), anchors.count - 2)
    let share = place - Float(index)
    let (from, to) = (anchors[index], anchors[index + 1])
    func mix(_ a: Float, _ b: Float) -> Float { a + (b - a) * share }
    return Color(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
  }

  /// This colour with a share of another over it.
  package func blended(with other: Color, share: Float) -> Color {
    func mix(_ a: UInt8, _ b: UInt8) -> Float { (Float(a) + (Float(b) - Float(a)) * share) / 255 }
    return Color(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }
}
