extension String {
  /// This text in single quotes as one short line: what does not print is escaped, and more than 80
  /// characters are cut. For names that come from files.
  package var quoted: String { "'\(singleLine)'" }

  /// This text as one line of at most 80 characters.
  package var singleLine: String { line(upTo: 80) }

  /// This message as one line, cut where no path is as long.
  package var onOneLine: String { line(upTo: 10_000) }

  /// This text as one line: what does not print is escaped.
  ///
  /// - Parameter limit: The number of characters beyond which it is cut.
  /// - Returns: The line.
  package func line(upTo limit: Int) -> String {
    var line = ""
    for scalar in unicodeScalars.prefix(limit + 1) {
      if String(scalar).isPrintable(upTo: 4) {
        line.unicodeScalars.append(scalar)
      } else {
        line += scalar.escaped(asASCII: true)
      }
    }
    return unicodeScalars.count > limit ? String(line.unicodeScalars.prefix(limit)) + "…" : line
  }
}
