internal import Formatting

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// An axis with ticks at round numbers (1, 2 and 5 times powers of ten).
struct AxisScale {
  let lower: Double
  let upper: Double
  let ticks: [Double]
  private let decimals: Int

  /// An axis that holds a range, and ends at ticks.
  init(from least: Double, to largest: Double, within bounds: ClosedRange<Double>) {
    let padding = max((largest - least) * 0.04, abs(largest) * 1e-3, 1e-12)
    let low = max(least - padding, bounds.lowerBound)
    let high = min(largest + padding, bounds.upperBound)
    let step = Self.step(for: max(high - low, 1e-12) / 5)
    lower = max((low / step).rounded(.down) * step, bounds.lowerBound)
    upper = max(min((high / step).rounded(.up) * step, bounds.upperBound), lower + step * 0.5)
    decimals = max(0, Int((-log10(step)).rounded(.up)))
    // The limits are multiples of the step but for their rounding, which must not cost a tick.
    let first = (lower / step - 1e-6).rounded(.up)
    let last = (upper / step + 1e-6).rounded(.down)
    ticks = (0...max(Int(last - first), 0)).map { (first + Double($0)) * step }
  }

  /// An axis of epochs, from 1 on.
  init(epochs: Int) {
    let last = max(epochs, 1)
    (lower, upper) = last == 1 ? (0.5, 1.5) : (1, Double(last))
    decimals = 0
    let step = last <= 12 ? 1 : max(1, Int(Self.step(for: Double(last) / 9)))
    let first = step == 1 ? 1 : step
    ticks = stride(from: first, through: last, by: step).map(Double.init)
  }

  /// The least round number that is not below another.
  private static func step(for value: Double) -> Double {
    let power = pow(10, log10(value).rounded(.down))
    let rounds = [1.0, 2, 5, 10]
    return (rounds.first { $0 * power >= value * 0.999_999 } ?? 10) * power
  }

  /// Where a value is on the axis, from 0 to 1.
  func share(of value: Double) -> Double {
    min(max((value - lower) / (upper - lower), 0), 1)
  }

  /// A tick's text, with as many decimals as the step needs.
  func label(_ tick: Double) -> String {
    decimals > 6 || abs(tick) >= 1e7
      ? Decimals.scientific(tick, 1) : Decimals.text(tick, decimals)
  }
}
