/// The first place where bytes stop being JSON (RFC 8259), for messages: Foundation's decoder only
/// says that they are not.
struct JSONFault: Equatable, CustomStringConvertible {
  /// The line, from 1.
  let line: Int
  /// The byte within the line, from 1.
  let column: Int
  /// What the grammar asks for there.
  let expected: String

  /// `line 3, column 7: expected ',' or '}'`.
  var description: String { "line \(line), column \(column): expected \(expected)" }

  /// The first fault of a text, or nil where it is JSON.
  static func first(in json: some Collection<UInt8>) -> JSONFault? {
    var scanner = Scanner(bytes: Array(json))
    guard let expected = scanner.scan() else { return nil }
    let before = scanner.bytes.prefix(scanner.offset)
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return JSONFault(
      line: before.count { $0 == UInt8(ascii: "\n") } + 1, column: before.count - start + 1,
      expected: expected)
  }
}

/// A JSON grammar over a stack of its own, so that no nesting overflows the program's. Functions
/// return what they expected where the text has something else.
private struct Scanner {
  private enum Next { case value, valueOrEnd, key, keyOrEnd, separator }

  let bytes: [UInt8]
  private(set) var offset = 0
  /// The closing bytes of the open objects and lists.
  private var closing: [UInt8] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  private var byte: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  mutating func scan() -> String? {
    var next: Next? = .value
    while true {
      skip { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
      guard let expectation = next else { break }
      if let fault = step(expectation, &next) { return fault }
      guard closing.count <= Limits.jsonDepth else {
        return "at most \(Limits.jsonDepth) levels of nesting"
      }
    }
    return byte == nil ? nil : "the end of the file"
  }

  private mutating func step(_ expectation: Next, _ next: inout Next?) -> String? {
    switch expectation {
    case .valueOrEnd where byte == closing.last, .keyOrEnd where byte == closing.last:
      close(&next)
    case .value, .valueOrEnd:
      return value(&next)
    case .key, .keyOrEnd:
      if let fault = string("a key in double quotes") { return fault }
      skip { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
      guard take(":") else { return "':'" }
      next = .value
    case .separator:
      if byte == closing.last {
        close(&next)
      } else {
        let inObject = closing.last == UInt8(ascii: "}")
        guard take(",") else { return inObject ? "',' or '}'" : "',' or ']'" }
        next = inObject ? .key : .value
      }
    }
    return nil
  }

  private mutating func value(_ next: inout Next?) -> String? {
    if take("{") {
      closing.append(UInt8(ascii: "}"))
      next = .keyOrEnd
      return nil
    }
    if take("[") {
      closing.append(UInt8(ascii: "]"))
      next = .valueOrEnd
      return nil
    }
    next = closing.isEmpty ? nil : .separator
    if byte == UInt8(ascii: "\"") { return string("a string") }
    for word in ["true", "false", "null"] where bytes[offset...].starts(with: word.utf8) {
      offset += word.utf8.count
      return nil
    }
    return number()
  }

  private mutating func close(_ next: inout Next?) {
    offset += 1
    closing.removeLast()
    next = closing.isEmpty ? nil : .separator
  }

  private mutating func string(_ expected: String) -> String? {
    guard take("\"") else { return expected }
    while let byte, byte >= 0x20 {
      offset += 1
      if byte == UInt8(ascii: "\"") { return nil }
      if byte == UInt8(ascii: "\\") {
        if take("u") {
          for _ in 0..<4 {
            guard let digit = self.byte, Character(Unicode.Scalar(digit)).isHexDigit else {
              return "four hexadecimal digits"
            }
            offset += 1
          }
        } else {
          guard let escaped = self.byte, "\"\\/bfnrt".utf8.contains(escaped) else {
            return "an escape of JSON"
          }
          offset += 1
        }
      }
    }
    return "the string's closing '\"'"
  }

  private mutating func number() -> String? {
    _ = take("-")
    if !take("0") {
      guard digits() else { return "a value" }
    }
    if take("."), !digits() { return "a digit" }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      guard digits() else { return "a digit" }
    }
    return nil
  }

  private mutating func digits() -> Bool {
    let start = offset
    skip { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return offset > start
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard byte == UInt8(ascii: scalar) else { return false }
    offset += 1
    return true
  }

  private mutating func skip(_ condition: (UInt8) -> Bool) {
    while let byte, condition(byte) { offset += 1 }
  }
}
