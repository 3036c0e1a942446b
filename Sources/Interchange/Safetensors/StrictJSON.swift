/// JSON as safetensors headers use it (RFC 8259): no duplicate keys, bounded depth, integers exact.
/// General parsers take the last of two equal keys, which lets two readers see two files in one.
enum StrictJSON {
  case object([(key: String, value: StrictJSON)])
  case array([StrictJSON])
  case string(String)
  /// An integer from 0 to 2⁶³ − 1.
  case integer(Int)
  /// Another number, true, false or null.
  case other

  /// The deepest nesting: a header is an object of objects of arrays.
  static let depthLimit = 8

  /// The value of a key of an object.
  subscript(key: String) -> StrictJSON? {
    guard case .object(let entries) = self else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// Parses a whole text, spaces around it allowed.
  init(_ bytes: [UInt8]) throws(SafetensorsFault) {
    var parser = StrictJSONParser(bytes)
    self = try parser.document()
  }
}

private struct StrictJSONParser {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(SafetensorsFault) -> StrictJSON {
    let result = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw malformed("text after the end") }
    return result
  }

  private mutating func value(depth: Int) throws(SafetensorsFault) -> StrictJSON {
    guard depth < StrictJSON.depthLimit else { throw .tooDeep(offset: position) }
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    default: return try scalar()
    }
  }

  private mutating func object(depth: Int) throws(SafetensorsFault) -> StrictJSON {
    var entries: [(key: String, value: StrictJSON)] = []
    var keys: Set<[UInt8]> = []
    position += 1
    while true {
      skipSpace()
      if entries.isEmpty, take("}") { return .object([]) }
      let key = try string()
      // Bytes, since Swift's strings take canonically equivalent ones for equal.
      guard keys.insert(Array(key.utf8)).inserted else { throw .duplicateKey(key) }
      skipSpace()
      guard take(":") else { throw malformed("no ':'") }
      entries.append((key, try value(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(entries) }
      guard take(",") else { throw malformed("no ',' or '}'") }
    }
  }

  private mutating func array(depth: Int) throws(SafetensorsFault) -> StrictJSON {
    var elements: [StrictJSON] = []
    position += 1
    while true {
      skipSpace()
      if elements.isEmpty, take("]") { return .array([]) }
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw malformed("no ',' or ']'") }
    }
  }

  private mutating func string() throws(SafetensorsFault) -> String {
    let start = position
    guard take("\"") else { throw malformed("no string") }
    var units: [UInt8] = []
    while let byte = peek, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw malformed("a control character") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        units += try escape()
      } else {
        units.append(byte)
      }
    }
    guard take("\"") else { throw malformed("an open string") }
    guard let text = String(validating: units, as: UTF8.self) else {
      throw .malformedJSON(offset: start, detail: "a string that is not UTF-8")
    }
    return text
  }

  private mutating func escape() throws(SafetensorsFault) -> [UInt8] {
    guard let letter = peek else { throw malformed("an open string") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    default: return try unicodeEscape(letter)
    }
  }

  private mutating func unicodeEscape(_ letter: UInt8) throws(SafetensorsFault) -> [UInt8] {
    guard letter == UInt8(ascii: "u") else { throw malformed("an unknown escape") }
    var scalar = try hexadecimal()
    if (0xD800..<0xDC00).contains(scalar) {
      guard take("\\"), take("u") else { throw malformed("half a surrogate pair") }
      let low = try hexadecimal()
      guard (0xDC00..<0xE000).contains(low) else { throw malformed("half a surrogate pair") }
      scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let character = Unicode.Scalar(scalar) else { throw malformed("half a surrogate pair") }
    return Array(String(character).utf8)
  }

  private mutating func hexadecimal() throws(SafetensorsFault) -> UInt32 {
    var result: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue,
        byte < 0x80
      else { throw malformed("an unknown escape") }
      result = result << 4 | UInt32(digit)
      position += 1
    }
    return result
  }

  private mutating func scalar() throws(SafetensorsFault) -> StrictJSON {
    let start = position
    while let byte = peek, isScalar(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if ["true", "false", "null"].contains(text) { return .other }
    let isInteger = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    let plain = isInteger && (text == "0" || !text.hasPrefix("0"))
    if plain, let integer = Int(text) { return .integer(integer) }
    guard plain || (!isInteger && isNumber(text)) else {
      throw .malformedJSON(offset: start, detail: "no JSON value")
    }
    return .other
  }

  /// A fraction, an exponent or a sign; the grammar's detail is no use, since none is allowed here.
  private func isNumber(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    return (first == 0x2D || (0x30...0x39).contains(first)) && (0x30...0x39).contains(last)
      && Double(text) != nil
  }

  private func isScalar(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte)
      || byte == 0x2B || byte == 0x2D || byte == 0x2E
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      position += 1
    }
  }

  private func malformed(_ detail: String) -> SafetensorsFault {
    .malformedJSON(offset: position, detail: detail)
  }
}
