#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether two paths lead to one file.
public enum SameFile {
  /// Whether both exist and are one file, links followed.
  public static func check(_ first: String, _ second: String) -> Bool {
    var (a, b) = (stat(), stat())
    guard stat(first, &a) == 0, stat(second, &b) == 0 else { return false }
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }
}
