#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is known of the terminal behind a stream, if there is one.
public struct Terminal: Sendable {
  /// Returns to the row's start and erases to its end.
  static let eraseLine = "\r\u{1B}[K"

  /// Whether a person may be watching.
  public let isInteractive: Bool
  /// The number of columns.
  public let width: Int
  /// Whether colours are wanted.
  public let style: Style

  /// A terminal of known properties.
  ///
  /// - Parameters:
  ///   - isInteractive: Whether the stream is a terminal.
  ///   - windowWidth: The columns that the terminal itself tells, if any.
  ///   - environment: Looked up for `NO_COLOR`, `TERM` and `COLUMNS`.
  public init(
    isInteractive: Bool, windowWidth: Int? = nil, environment: (String) -> String? = Environment.get
  ) {
    let isCapable = environment("TERM").map { $0 != "dumb" } ?? true
    self.isInteractive = isInteractive && isCapable
    let columns = environment("COLUMNS").flatMap { Int($0) }
    width = [columns, windowWidth].compactMap(\.self).first { (20...10_000).contains($0) } ?? 80
    // https://no-color.org: any value but the empty one.
    let refused = !(environment("NO_COLOR") ?? "").isEmpty
    style = Style(isEnabled: self.isInteractive && !refused)
  }

  /// The terminal behind standard error.
  public static let standardError = Terminal(descriptor: STDERR_FILENO)
  /// The terminal behind standard output.
  public static let standardOutput = Terminal(descriptor: STDOUT_FILENO)

  private init(descriptor: Int32) {
    var window = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0
    self.init(
      isInteractive: isatty(descriptor) == 1, windowWidth: isKnown ? Int(window.ws_col) : nil)
  }
}

/// Colours, or nothing where they are not wanted.
public struct Style: Sendable {
  /// Whether text is changed at all.
  public let isEnabled: Bool

  /// A style that colours or leaves text alone.
  public init(isEnabled: Bool) { self.isEnabled = isEnabled }

  /// For failures.
  public func red(_ text: String) -> String { wrap(text, "31;1") }
  /// For what matters most in a result.
  public func bold(_ text: String) -> String { wrap(text, "1") }
  /// For what may be overlooked.
  public func dim(_ text: String) -> String { wrap(text, "2") }

  private func wrap(_ text: String, _ code: String) -> String {
    isEnabled ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// The process's environment.
public enum Environment {
  /// The value of a variable.
  ///
  /// - Parameter name: The variable's name.
  /// - Returns: Its value, or nil where it is not set.
  public static func get(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
