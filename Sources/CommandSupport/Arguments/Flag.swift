import Formatting

/// A long flag, with the type of its value: `--top-k N`.
///
/// ```swift
/// let topK = Flag("--top-k", "N", .integer(1...1000), default: 5, help: "how many classes")
/// arguments[topK]  // an Int
/// ```
public struct Flag<Value: Sendable>: FlagDeclaration {
  /// With its dashes: `--top-k`.
  public let name: String
  /// A letter that means the same, if there is one.
  public let short: Character?
  /// What stands for the value in help; nil for a switch, which takes none.
  public let placeholder: String?
  /// One line of help, without its default.
  public let help: String
  /// The default as help shows it.
  public let defaultText: String?
  /// What a value looks like.
  public let expectation: String
  /// The words there are, where there are only a few.
  public let choices: [String]
  /// The value where the flag is not given.
  let fallback: Value
  private let read: @Sendable (String) -> Value?
  private let combine: (@Sendable (Value, Value) -> Value)?

  /// A flag whose value has a default.
  ///
  /// - Parameters:
  ///   - name: With its dashes.
  ///   - placeholder: What stands for the value in help; a parser of choices shows those instead.
  ///   - parser: What values there are.
  ///   - fallback: The value where the flag is not given.
  ///   - defaultText: How help shows the default, where its description would not do.
  ///   - short: A letter that means the same.
  ///   - help: One line of help.
  public init(
    _ name: String, _ placeholder: String, _ parser: ValueParser<Value>, default fallback: Value,
    defaultText: String? = nil, short: Character? = nil, help: String
  ) {
    self.name = name
    self.short = short
    self.placeholder = placeholder
    self.help = help
    self.fallback = fallback
    self.defaultText = defaultText ?? Self.text(of: fallback)
    expectation = parser.expectation
    choices = parser.choices
    read = parser.parse
    combine = nil
  }

  /// A flag that may be given several times, each time with one more value.
  ///
  /// - Parameters:
  ///   - name: With its dashes.
  ///   - placeholder: What stands for one value in help.
  ///   - parser: What values there are.
  ///   - help: One line of help, which says that the flag may be repeated.
  public init<Element: Sendable>(
    repeated name: String, _ placeholder: String, _ parser: ValueParser<Element>, help: String
  ) where Value == [Element] {
    self.name = name
    short = nil
    self.placeholder = placeholder
    self.help = help
    defaultText = nil
    fallback = []
    expectation = parser.expectation
    choices = parser.choices
    read = { text in parser.parse(text).map { [$0] } }
    combine = { $0 + $1 }
  }

  /// A flag without a default.
  ///
  /// - Parameters:
  ///   - name: With its dashes.
  ///   - placeholder: What stands for the value in help.
  ///   - parser: What values there are.
  ///   - defaultText: What help says of the flag's absence, if anything.
  ///   - short: A letter that means the same.
  ///   - help: One line of help.
  public init<Parsed: Sendable>(
    _ name: String, _ placeholder: String, _ parser: ValueParser<Parsed>,
    defaultText: String? = nil, short: Character? = nil, help: String
  ) where Value == Parsed? {
    self.name = name
    self.short = short
    self.placeholder = placeholder
    self.help = help
    self.defaultText = defaultText
    fallback = nil
    expectation = parser.expectation
    choices = parser.choices
    read = { text in parser.parse(text).map(Optional.some) }
    combine = nil
  }

  /// A switch: false until it is given.
  ///
  /// - Parameters:
  ///   - name: With its dashes.
  ///   - short: A letter that means the same.
  ///   - help: One line of help.
  public init(_ name: String, short: Character? = nil, help: String) where Value == Bool {
    self.name = name
    self.short = short
    placeholder = nil
    self.help = help
    fallback = false
    defaultText = nil
    expectation = "nothing"
    choices = []
    read = { _ in true }
    combine = nil
  }

  /// The value of a text; nil where it is none.
  public func value(of text: String) -> (any Sendable)? { read(text) }

  /// What counts after the flag was given again: the last value, or all of a repeated flag's.
  public func value(after earlier: (any Sendable)?, came new: any Sendable) -> any Sendable {
    guard let combine, let first = earlier as? Value, let second = new as? Value else { return new }
    return combine(first, second)
  }

  private static func text(of value: Value) -> String {
    if let word = value as? any RawRepresentable<String> { return word.rawValue }
    if let number = value as? Double { return Decimals.shortest(number) }
    return String(describing: value)
  }
}

/// A flag without the type of its value, as parsing and help see it.
public protocol FlagDeclaration: Sendable {
  /// With its dashes.
  var name: String { get }
  /// A letter that means the same, if there is one.
  var short: Character? { get }
  /// What stands for the value in help; nil for a switch.
  var placeholder: String? { get }
  /// One line of help.
  var help: String { get }
  /// The default as help shows it.
  var defaultText: String? { get }
  /// What a value looks like.
  var expectation: String { get }
  /// The words there are, where there are only a few.
  var choices: [String] { get }
  /// The value of a text; nil where it is none.
  func value(of text: String) -> (any Sendable)?
  /// What counts after the flag was given again.
  func value(after earlier: (any Sendable)?, came new: any Sendable) -> any Sendable
}
