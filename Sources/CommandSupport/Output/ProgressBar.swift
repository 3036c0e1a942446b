import Formatting

/// How far a piece of work is, as one row of text.
public struct ProgressBar: Sendable {
  /// What is being done: `epoch 3/10`.
  public var title: String
  /// The amount of work.
  public var total: Int
  /// What is counted: `images`.
  public var unit: String

  /// A bar for an amount of work.
  public init(title: String, total: Int, unit: String) {
    self.title = title
    self.total = max(total, 1)
    self.unit = unit
  }

  /// The row: title, bar, percentage, rate, time left, and what the caller adds.
  ///
  /// - Parameters:
  ///   - completed: How much is done.
  ///   - elapsed: Since the start, in seconds.
  ///   - detail: The caller's own words: `loss 0.71`.
  ///   - width: The columns there are; the row is cut to one less, so that it never wraps.
  /// - Returns: The row, without its end.
  public func row(completed: Int, elapsed: Double, detail: String = "", width: Int) -> String {
    let done = min(max(completed, 0), total)
    let fraction = Double(done) / Double(total)
    let percent = "\(Int(fraction * 100))%"
    var facts = [String(repeating: " ", count: 4 - percent.count) + percent]
    if done > 0, elapsed > 0 {
      let rate = Double(done) / elapsed
      facts.append("\(Self.rounded(rate)) \(unit)/s")
      facts.append("\(Self.clock(Double(total - done) / rate)) left")
    }
    if !detail.isEmpty { facts.append(detail) }
    let text = facts.joined(separator: "  ")
    let room = width - 1 - title.count - text.count - 5
    let bar = room >= 8 ? "  [\(Self.bar(fraction, min(room, 30)))] " : "  "
    return String((title + bar + text).prefix(max(width - 1, 0)))
  }

  private static func bar(_ fraction: Double, _ width: Int) -> String {
    let filled = Int(fraction * Double(width))
    let head = filled < width ? ">" : ""
    return String(repeating: "=", count: filled) + head
      + String(repeating: " ", count: max(width - filled - 1, 0))
  }

  /// Three significant digits where there are that many: `0.52`, `38.1`, `1240`.
  package static func rounded(_ value: Double) -> String {
    guard value < 1e15 else { return "many" }
    let digits = value < 10 ? 2 : value < 100 ? 1 : 0
    return Decimals.text(value, digits)
  }

  /// Hours, minutes and seconds: `0:42`, `1:02:03`.
  ///
  /// - Parameter seconds: A duration.
  /// - Returns: The duration, rounded to seconds.
  public static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "--:--" }
    let whole = Int(seconds.rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }
}
