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
}
