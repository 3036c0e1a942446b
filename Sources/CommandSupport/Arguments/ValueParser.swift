import Formatting

/// How the text after a flag becomes a value, and how that is described.
public struct ValueParser<Value: Sendable>: Sendable {
  /// What is expected, with its article: `an integer from 1 to 10`.
  let expectation: String
  /// The words there are, where there are only a few.
  let choices: [String]
  /// The value, or nil where the text is none.
  let parse: @Sendable (String) -> Value?

  /// A parser.
  ///
  /// - Parameters:
  ///   - expectation: What is expected, with its article: `an integer from 1 to 10`.
  ///   - choices: The words there are, where there are only a few.
  ///   - parse: The value of a text, or nil where it is none.
  public init(
    _ expectation: String, choices: [String] = [], parse: @escaping @Sendable (String) -> Value?
  ) {
    self.expectation = expectation
    self.choices = choices
    self.parse = parse
  }
}

extension ValueParser where Value == String {
  /// Any text but the empty one.
  ///
  /// - Parameter meaning: What is expected, with its article: `a file`.
  /// - Returns: The parser.
  public static func text(_ meaning: String) -> ValueParser {
    ValueParser(meaning) { $0.isEmpty ? nil : $0 }
  }
}

extension ValueParser where Value == Int {
  /// An integer in a range.
  public static func integer(_ range: ClosedRange<Int>) -> ValueParser {
    ValueParser("an integer from \(range.lowerBound) to \(range.upperBound)") {
      Int($0).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// An integer from a least one on.
  public static func integer(atLeast least: Int) -> ValueParser {
    ValueParser("an integer of at least \(least)") { Int($0).flatMap { $0 >= least ? $0 : nil } }
  }
}

extension ValueParser where Value == UInt64 {
  /// A seed of random numbers.
  public static var seed: ValueParser {
    ValueParser("an integer from 0 to \(UInt64.max)") { UInt64($0) }
  }
}

extension ValueParser where Value == Double {
  /// A number in a range that includes both ends.
  public static func number(_ range: ClosedRange<Double>) -> ValueParser {
    let (lower, upper) = (Decimals.shortest(range.lowerBound), Decimals.shortest(range.upperBound))
    return ValueParser("a number from \(lower) to \(upper)") {
      Double($0).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A number in a range without its upper end.
  public static func number(_ range: Range<Double>) -> ValueParser {
    let (lower, upper) = (Decimals.shortest(range.lowerBound), Decimals.shortest(range.upperBound))
    return ValueParser("a number from \(lower) to below \(upper)") {
      Double($0).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A finite number from a least one on.
  public static func number(atLeast least: Double) -> ValueParser {
    ValueParser("a number of at least \(Decimals.shortest(least))") {
      Double($0).flatMap { $0.isFinite && $0 >= least ? $0 : nil }
    }
  }

  /// A finite number above another.
  public static func number(above bound: Double) -> ValueParser {
    ValueParser("a number above \(Decimals.shortest(bound))") {
      Double($0).flatMap { $0.isFinite && $0 > bound ? $0 : nil }
    }
  }
}

extension ValueParser
where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of an enumeration's words.
  public static var choice: ValueParser { choice(of: Array(Value.allCases)) }

  /// One of some of an enumeration's words.
  ///
  /// - Parameter values: Those that work here.
  /// - Returns: The parser.
  public static func choice(of values: [Value]) -> ValueParser {
    let words = values.map(\.rawValue)
    return ValueParser("one of \(words.joined(separator: ", "))", choices: words) { text in
      values.first { $0.rawValue == text }
    }
  }
}

extension ValueParser where Value == [Float] {
  /// One to four finite numbers with commas between.
  ///
  /// - Parameter bound: What each must exceed, if anything.
  /// - Returns: The parser.
  public static func numbers(above bound: Float? = nil) -> ValueParser {
    let rule = bound.map { " above \(Decimals.shortest(Double($0)))" } ?? ""
    return ValueParser("numbers\(rule) with commas between") { text in
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      let values = parts.compactMap { Float($0) }.filter { value in
        value.isFinite && bound.map { value > $0 } ?? true
      }
      return values.count == parts.count && values.count <= 4 ? values : nil
    }
  }
}
