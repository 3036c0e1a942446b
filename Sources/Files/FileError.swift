/// Why a file could not be opened, read or replaced. Modules translate it into their own errors, which
/// name the path and say what to do.
package enum FileError: Error, Equatable {
  /// The system refused, in its own words.
  case refused(reason: String)
  /// The path leads to something other than a regular file: `a folder`.
  case notRegular(kind: String)
  /// Another process is writing the file; its number, where known.
  case held(process: Int32?)

  /// The cause, to be put behind a path.
  package var reason: String {
    switch self {
    case .refused(let reason): reason
    case .notRegular(let kind): "it is \(kind)"
    case .held(let process):
      (process.map { "process \($0)" } ?? "another process") + " is writing it"
    }
  }
}
