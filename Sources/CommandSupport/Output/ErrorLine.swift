import Files

/// The one place that tells the user of a failure.
public enum ErrorLine {
  /// One line, `error: WHAT: WHERE: WHAT TO DO`, whatever characters a file's name holds.
  ///
  /// - Parameters:
  ///   - error: An error whose description reads `WHAT: WHERE: WHAT TO DO`.
  ///   - advice: What the program adds to what there is to do: the flag that does it.
  /// - Returns: The line, without its end.
  public static func text(for error: any Error, advice: String? = nil) -> String {
    "error: \(String(describing: error).printable)" + (advice.map { "; \($0)" } ?? "")
  }

  /// Prints the line on standard error.
  ///
  /// - Parameters:
  ///   - error: An error whose description reads `WHAT: WHERE: WHAT TO DO`.
  ///   - advice: What the program adds to what there is to do.
  public static func print(_ error: any Error, advice: String? = nil) {
    let style = Terminal.standardError.style
    let text = text(for: error, advice: advice)
    StandardError.line(style.red("error:") + text.dropFirst("error:".count))
  }

  /// Prints a line on standard error about something that was put right: `note: …`.
  ///
  /// - Parameter text: What happened.
  public static func note(_ text: String) {
    StandardError.line("note: \(text.printable)")
  }
}
