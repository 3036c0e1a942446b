#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Opening files that are files.
enum RegularFile {
  /// Opens a regular file and nothing else, without ever waiting for a pipe's writer.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - body: Called with the descriptor, which is closed afterwards.
  /// - Returns: What `body` returns.
  /// - Throws: `ImageError.cannotOpen`, `.notAFile` or `.empty`, and what `body` throws.
  static func open<Result>(_ path: String, _ body: (Int32) throws -> Result) throws -> Result {
    let descriptor = openForReading(path)
    guard descriptor >= 0 else {
      throw ImageError.cannotOpen(source: path, reason: SystemError.text(errno))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw ImageError.cannotOpen(source: path, reason: SystemError.text(errno))
    }
    if let kind = Self.kind(of: status.st_mode) {
      throw ImageError.notAFile(source: path, kind: kind)
    }
    if status.st_size == 0 { throw ImageError.empty(source: path) }
    return try body(descriptor)
  }

  /// What a file is that is not a regular one.
  private static func kind(of mode: mode_t) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }
}

private func openForReading(_ path: String) -> Int32 {
  open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
}

/// Texts of the operating system's errors.
enum SystemError {
  /// What `errno` means, without a capital.
  static func text(_ code: Int32) -> String {
    let text = String(cString: strerror(code))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}

/// Reads from a descriptor until `count` bytes have come or the data ends.
///
/// - Parameters:
///   - descriptor: Open for reading.
///   - count: The most bytes to read.
///   - source: The name for messages.
/// - Returns: Up to `count` bytes.
/// - Throws: `ImageError.cannotRead`.
func readPrefix(of descriptor: Int32, count: Int, source: String) throws -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: count)
  var filled = 0
  while filled < count {
    let part = bytes.withUnsafeMutableBytes {
      read(descriptor, $0.baseAddress?.advanced(by: filled), count - filled)
    }
    if part < 0 && errno == EINTR { continue }
    guard part >= 0 else {
      throw ImageError.cannotRead(source: source, reason: SystemError.text(errno))
    }
    if part == 0 { break }
    filled += part
  }
  return Array(bytes[..<filled])
}
