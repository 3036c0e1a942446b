import Files

/// The one place that tells the user of a failure.
public enum ErrorLine {
  /// One line, `error: WHAT: WHERE: WHAT TO DO`, whatever characters a file's name holds.
  ///
  /// - Parameter error: An error whose description reads `WHAT: WHERE: WHAT TO DO`.
  /// - Returns: The line, without its end.
  public static func text(for error: any Error) -> String {
    "error: \(String(describing: error).printable)"
  }

  /// Prints the line on standard error.
  ///
  /// - Parameter error: An error whose description reads `WHAT: WHERE: WHAT TO DO`.
  public static func print(_ error: any Error) {
    let style = Terminal.standardError.style
    let text = text(for: error)
    StandardError.line(style.red("error:") + text.dropFirst("error:".count))
  }

  /// Prints a line on standard error about something that was put right: `note: …`.
  ///
  /// - Parameter text: What happened.
  public static func note(_ text: String) {
    StandardError.line("note: \(text.printable)")
  }
}
