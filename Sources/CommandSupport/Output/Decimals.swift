/// Numbers as people read them.
public enum Decimals {
  /// A number with the fewest digits that give it back, and no `.0`.
  ///
  /// - Parameter value: The number.
  /// - Returns: `0.01`, `5`, `1e-05`.
  public static func shortest(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A number with a fixed count of decimals, rounded half away from zero.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - digits: The decimals, from 0 to 9.
  /// - Returns: `12.30`; the number's own description where it is not finite or beyond 10^9.
  public static func text(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
    var power = 1
    for _ in 0..<min(max(digits, 0), 9) { power *= 10 }
    let scaled = Int((abs(value) * Double(power)).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard power > 1 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % power + power).dropFirst()
    return "\(sign)\(scaled / power).\(fraction)"
  }

  /// A fraction of 1 as a percentage with a fixed count of decimals.
  ///
  /// - Parameters:
  ///   - fraction: The fraction of 1.
  ///   - digits: The decimals.
  /// - Returns: `97.3 %`.
  public static func percent(_ fraction: Double, _ digits: Int = 1) -> String {
    "\(text(fraction * 100, digits)) %"
  }

  /// A number of bytes in the nearest decimal unit.
  ///
  /// - Parameter bytes: The number of bytes.
  /// - Returns: `187.1 MB`.
  public static func bytes(_ bytes: Int) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var (value, unit) = (Double(bytes), 0)
    while value >= 1000, unit + 1 < units.count { (value, unit) = (value / 1000, unit + 1) }
    return "\(text(value, unit == 0 ? 0 : 1)) \(units[unit])"
  }
}
