extension String {
  /// This text in single quotes as one short line: what does not print is escaped, and more than 80
  /// characters are cut. For names that come from files.
  var quoted: String { "'\(singleLine)'" }

  /// This text as one line of at most 80 characters.
  var singleLine: String {
    var line = ""
    for scalar in unicodeScalars.prefix(81) {
      if String(scalar).isPrintable(upTo: 4) {
        line.unicodeScalars.append(scalar)
      } else {
        line += scalar.escaped(asASCII: true)
      }
    }
    return unicodeScalars.count > 80 ? String(line.unicodeScalars.prefix(80)) + "…" : line
  }
}
