#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Numbers as people read them.
package enum Decimals {
  /// A number with the fewest digits that give it back, and no `.0`.
  ///
  /// - Parameter value: The number.
  /// - Returns: `0.01`, `5`, `1e-05`.
  package static func shortest(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A number with a fixed count of decimals, rounded half away from zero.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - digits: The decimals, from 0 to 9.
  /// - Returns: `12.30`; the number's own description where it is not finite or beyond 10^9.
  package static func text(_ value: Double, _ digits: Int) -> String {
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
  package static func percent(_ fraction: Double, _ digits: Int = 1) -> String {
    "\(text(fraction * 100, digits)) %"
  }

  /// A number of bytes in the nearest decimal unit.
  ///
  /// - Parameter bytes: The number of bytes.
  /// - Returns: `187.1 MB`.
  package static func bytes(_ bytes: Int) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var (value, unit) = (Double(bytes), 0)
    while value >= 1000, unit + 1 < units.count { (value, unit) = (value / 1000, unit + 1) }
    return "\(text(value, unit == 0 ? 0 : 1)) \(units[unit])"
  }

  /// A number with a fixed count of significant digits, as C's `%g` writes it.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - digits: The significant digits, from 1.
  /// - Returns: `0.01235`, `1.5`, `2e+07`.
  package static func significant(_ value: Double, _ digits: Int) -> String {
    formatted("%.*g", digits, value)
  }

  /// A number in scientific notation with a fixed count of decimals, as C's `%e` writes it.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - digits: The decimals, from 0.
  /// - Returns: `1.2e-08`.
  package static func scientific(_ value: Double, _ digits: Int) -> String {
    formatted("%.*e", digits, value)
  }

  private static func formatted(_ format: String, _ digits: Int, _ value: Double) -> String {
    // More digits than a Double has are zeros: the bound keeps the text within the buffer.
    let precision = Int32(min(max(digits, 0), 20))
    return String(unsafeUninitializedCapacity: 64) { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        withVaList([precision, value]) {
          Int(max(0, vsnprintf(characters.baseAddress, characters.count, format, $0)))
        }
      }
    }
  }
}
