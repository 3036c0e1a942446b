#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A new file under a temporary name that takes the place of another in one step: a reader or a crash
/// sees the old file or the new one, whole. Without `commit()` nothing stays.
package final class ReplacementFile {
  private let target: TargetPath
  private let lock: FileLock?
  /// Where the new file lies meanwhile.
  package let path: String
  private var descriptor: Int32
  private var isCommitted = false

  /// Creates the temporary under the target's own name for it; one that a killed writer left is
  /// removed.
  ///
  /// - Parameters:
  ///   - target: What is to be replaced.
  ///   - lock: The target's lock, where the caller does not hold it.
  /// - Throws: `FileError.refused`.
  package init(_ target: TargetPath, lock: FileLock? = nil) throws(FileError) {
    self.target = target
    self.lock = lock
    let temporary = target.temporary
    path = temporary
    target.removeTemporary()
    descriptor = SystemCall.retrying {
      open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    }
    guard descriptor >= 0 else { throw .refused(reason: SystemCall.cause()) }
  }

  /// Begins to replace a file that nobody else may write meanwhile; waits for another short write.
  ///
  /// - Parameter path: What is to be replaced.
  /// - Throws: `FileError`.
  package convenience init(locking path: String) throws(FileError) {
    let target = try TargetPath(path)
    let lock = try FileLock(target, waiting: FileLock.shortWrite)
    try self.init(target, lock: lock)
  }

  // The lock goes last, with the object's properties.
  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !isCommitted { unlink(path) }
  }

  /// Replaces a file by bytes in memory.
  ///
  /// - Parameters:
  ///   - path: The file to make or to replace.
  ///   - bytes: All of it.
  /// - Throws: `FileError`; what was there before is then unchanged.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
    let file = try ReplacementFile(locking: path)
    try file.write(bytes, at: 0)
    try file.commit()
  }

  /// Sets space aside, so that a full disk or a limit shows before anything is written. File systems
  /// that cannot are no failure: then a write fails.
  ///
  /// - Parameter byteCount: The bytes needed, at most.
  /// - Throws: `FileError.refused`.
  package func reserve(_ byteCount: Int) throws(FileError) {
    #if canImport(Glibc)
      var number = EINTR
      FileSizeSignal.blocked {
        while number == EINTR { number = posix_fallocate(descriptor, 0, off_t(byteCount)) }
      }
      guard number == 0 || number == EOPNOTSUPP || number == EINVAL else {
        throw .refused(reason: SystemCall.cause(number))
      }
    #endif
  }

  /// Writes bytes at a position.
  ///
  /// - Parameters:
  ///   - bytes: What to write.
  ///   - offset: The position of the first byte in the file.
  /// - Throws: `FileError.refused`.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    let reason = FileSizeSignal.blocked { failureOfWriting(bytes, at: offset) }
    if let reason { throw .refused(reason: reason) }
  }

  /// Writes bytes at a position.
  ///
  /// - Parameters:
  ///   - bytes: What to write.
  ///   - offset: The position of the first byte in the file.
  /// - Throws: `FileError.refused`.
  package func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
    let reason = FileSizeSignal.blocked {
      bytes.withUnsafeBytes { failureOfWriting($0, at: offset) }
    }
    if let reason { throw .refused(reason: reason) }
  }

  private func failureOfWriting(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> String? {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = SystemCall.retrying {
        pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      }
      guard count > 0 else { return count == 0 ? "nothing could be written" : SystemCall.cause() }
      done += count
    }
    return nil
  }

  /// Lends what has been written so far, whoever wrote it.
  ///
  /// - Parameter body: Called with all bytes of the file, valid during the call.
  /// - Returns: What `body` returns.
  /// - Throws: `FileError.refused`, also where the file is empty.
  package func withContents<Result>(
    _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(FileError) -> Result {
    let byteCount = try FileStatus(descriptor: descriptor).byteCount
    return try FileMapping(descriptor: descriptor, byteCount: byteCount).withBytes(body)
  }

  /// Makes the new file durable and gives it the target's name.
  ///
  /// - Throws: `FileError.refused`; the target is then as before.
  package func commit() throws(FileError) {
    guard SystemCall.retrying({ fsync(descriptor) }) == 0 else {
      throw .refused(reason: SystemCall.cause())
    }
    // Some network file systems report a full disk only here.
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0, rename(path, target.file) == 0 else {
      throw .refused(reason: SystemCall.cause())
    }
    isCommitted = true
    let directory = open(target.directory, O_RDONLY | O_CLOEXEC)
    guard directory >= 0 else { return }
    // The new name survives a power cut once the folder is written, where folders can be.
    fsync(directory)
    close(directory)
  }
}
