#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// This program's own file.
public enum Executable {
  /// A path that starts this program again, even if its file was replaced meanwhile.
  static var path: String {
    #if os(Linux)
      "/proc/self/exe"
    #else
      location
    #endif
  }

  /// Where the file lies, with symbolic links resolved.
  public static var location: String {
    #if os(Linux)
      let start = "/proc/self/exe"
    #else
      let start = CommandLine.arguments.first ?? ""
    #endif
    guard let resolved = realpath(start, nil) else { return CommandLine.arguments.first ?? "" }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Starts this program anew in this process with more environment, for libraries that read theirs
  /// before `main`. Does nothing where one of the variables is set already, or on failure.
  ///
  /// - Parameters:
  ///   - name: The variable that is set.
  ///   - value: Its value.
  ///   - others: Variables by which the user has said otherwise.
  public static func restart(setting name: String, to value: String, unlessSet others: [String]) {
    guard ([name] + others).allSatisfy({ getenv($0) == nil }) else { return }
    setenv(name, value, 1)
    var arguments = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    execv(path, arguments)
    for argument in arguments { free(argument) }
  }
}
