#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes a file beside its place, flushes it and renames it: what was there stays whole until then.
///
/// - Parameters:
///   - path: The file to make or to replace.
///   - bytes: All of it.
/// - Throws: `ImageError.cannotWrite`; nothing is left beside the file.
func replaceFile(_ path: String, with bytes: [UInt8]) throws {
  let partial = "\(path).partial-\(getpid())"
  let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw writeFailure(path, errno) }
  var failure = writeAll(bytes, to: descriptor)
  if failure == 0 && fsync(descriptor) != 0 { failure = errno }
  if close(descriptor) != 0 && failure == 0 { failure = errno }
  if failure == 0 && rename(partial, path) != 0 { failure = errno }
  if failure != 0 {
    unlink(partial)
    throw writeFailure(path, failure)
  }
}

private func writeFailure(_ path: String, _ code: Int32) -> ImageError {
  .cannotWrite(path: path, reason: SystemError.text(code))
}

/// Writes every byte; returns 0, or `errno`.
private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
  bytes.withUnsafeBytes { buffer in
    var written = 0
    while written < buffer.count {
      let part = write(
        descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      if part < 0 && errno == EINTR { continue }
      if part < 0 { return errno }
      written += part
    }
    return 0
  }
}
