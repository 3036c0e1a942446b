#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Texts of the operating system's errors.
enum SystemError {
  /// What `errno` means, without a capital.
  static func text(_ code: Int32) -> String {
    let text = String(cString: strerror(code))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}

/// What a path leads to, links followed.
enum PathKind {
  case file, folder, other, missing

  init(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      self = .missing
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    default: self = .other
    }
  }
}
