#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A new file under a temporary name that takes the place of another in one step: a reader or a crash
/// sees the old file or the new one, whole. Without `commit()` nothing stays.
package final class ReplacementFile {
  private let target: TargetPath
  private let lock: CheckpointLock?
  /// Where the new file lies meanwhile.
  let path: String
  private var descriptor: Int32
  private var isCommitted = false

  /// Creates the temporary under the target's own name for it; one that a killed writer left is
  /// removed.
  ///
  /// - Parameters:
  ///   - target: What is to be replaced.
  ///   - lock: The target's lock, where it is not held by the caller.
  /// - Throws: `CheckpointError.cannotWrite`.
  init(_ target: TargetPath, lock: CheckpointLock? = nil) throws {
    self.target = target
    self.lock = lock
    let temporary = target.temporary
    path = temporary
    unlink(temporary)
    descriptor = SystemCall.retrying {
      open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    }
    guard descriptor >= 0 else { throw target.failure(SystemCall.cause()) }
  }

  /// Begins to replace a file that nobody else may write meanwhile; another short write is waited for.
  ///
  /// - Parameter path: What is to be replaced.
  /// - Throws: `CheckpointError.held` or `cannotWrite`.
  package convenience init(locking path: String) throws {
    let target = try TargetPath(path)
    let lock = try CheckpointLock(target, waiting: CheckpointLock.shortWrite)
    try self.init(target, lock: lock)
  }

  // The lock goes last, with the object's properties.
  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !isCommitted { unlink(path) }
  }

  /// Sets space aside, so that a full disk or a limit shows before anything is written. File systems
  /// that cannot are no failure: then a write fails.
  ///
  /// - Parameter byteCount: The bytes needed, at most.
  /// - Throws: `CheckpointError.cannotWrite`.
  func reserve(_ byteCount: Int) throws {
    #if canImport(Glibc)
      var number = EINTR
      while number == EINTR { number = posix_fallocate(descriptor, 0, off_t(byteCount)) }
      guard number == 0 || number == EOPNOTSUPP || number == EINVAL else {
        throw target.failure(SystemCall.cause(number))
      }
    #endif
  }

  /// Writes bytes at a place.
  ///
  /// - Parameters:
  ///   - bytes: What to write.
  ///   - offset: Where.
  /// - Throws: `CheckpointError.cannotWrite`.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = SystemCall.retrying {
        pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      }
      guard count > 0 else {
        throw target.failure(count == 0 ? "nothing could be written" : SystemCall.cause())
      }
      done += count
    }
  }

  /// Writes the seal over all that is in the file.
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  func seal() throws {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw target.failure(SystemCall.cause()) }
    let size = Int(status.st_size)
    guard size > Seal.blockSize,
      let address = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0),
      address != MAP_FAILED
    else { throw target.failure(SystemCall.cause()) }
    defer { munmap(address, size) }
    let content = UnsafeRawBufferPointer(start: address, count: size).dropFirst(Seal.blockSize)
    let digest = Checksum.xxh3Wide(UnsafeRawBufferPointer(rebasing: content))
    try Seal(byteCount: content.count, digest: digest).block.withUnsafeBytes {
      try write($0, at: 0)
    }
  }

  /// Makes the new file durable and gives it the target's name.
  ///
  /// - Throws: `CheckpointError.cannotWrite`; the target is then as before.
  package func commit() throws {
    guard SystemCall.retrying({ fsync(descriptor) }) == 0 else {
      throw target.failure(SystemCall.cause())
    }
    // Some network file systems report a full disk only here.
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0 else { throw target.failure(SystemCall.cause()) }
    guard rename(path, target.file) == 0 else {
      throw target.failure(SystemCall.cause())
    }
    isCommitted = true
    let directory = open(target.directory, O_RDONLY | O_CLOEXEC)
    guard directory >= 0 else { return }
    // The new name survives a power cut once the folder is written, where folders can be.
    fsync(directory)
    close(directory)
  }
}
