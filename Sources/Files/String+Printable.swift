// Names come from files and from strangers: whatever they hold, a message stays one line and no
// terminal obeys it.

extension String {
  /// This text on one line and without terminal control: what does not print is written as an escape.
  package var printable: String {
    guard unicodeScalars.contains(where: \.needsEscape) else { return self }
    return escaped(unicodeScalars)
  }

  /// This text in single quotes as one line of at most 80 characters.
  package var quoted: String { "'\(singleLine)'" }

  /// This text as one line of at most 80 characters.
  package var singleLine: String { line(upTo: 80) }

  /// This message as one line, cut where no path is as long.
  package var onOneLine: String { line(upTo: 10_000) }

  /// This text as one line: what does not print is written as an escape.
  ///
  /// - Parameter limit: The number of characters beyond which it is cut.
  /// - Returns: The line.
  package func line(upTo limit: Int) -> String {
    let line = escaped(unicodeScalars.prefix(limit + 1))
    return unicodeScalars.count > limit ? String(line.unicodeScalars.prefix(limit)) + "…" : line
  }

  private func escaped(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var result = ""
    for scalar in scalars {
      if scalar.needsEscape {
        result += scalar.escape
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// The escape as Swift's literals have it, without leading zeros.
  fileprivate var escape: String {
    isASCII ? escaped(asASCII: true) : "\\u{\(String(value, radix: 16, uppercase: true))}"
  }

  /// Whether this is visible: not a control, a separator of lines or an invisible format, and assigned.
  package var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
    default: true
    }
  }

  /// Whether output writes this as an escape: all that does not print but the two joiners, which emoji
  /// and several scripts need.
  package var needsEscape: Bool {
    if isASCII { return value < 0x20 || value == 0x7F }
    return !isPrintable && value != 0x200C && value != 0x200D
  }
}
