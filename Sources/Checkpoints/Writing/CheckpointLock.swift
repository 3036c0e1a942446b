#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The right to write one file, held by at most one writer on this machine.
///
/// It is a `flock` on a small hidden file beside it, `.NAME.lock`, which names the
/// process and is removed with the lock. The system lets go of the lock when the process ends, however
/// it ends; the file that a killed process leaves is taken over, and removed, by the next writer.
final class CheckpointLock: @unchecked Sendable {
  /// How many milliseconds a single write waits for another one.
  static let shortWrite = 3000

  private let path: String
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Parameters:
  ///   - target: The file.
  ///   - milliseconds: How long to wait for another writer.
  /// - Throws: `CheckpointError.held` that names the other writer's process, or `cannotWrite`.
  init(_ target: TargetPath, waiting milliseconds: Int) throws {
    path = target.lock
    var remaining = milliseconds
    while true {
      if let descriptor = try Self.attempt(target) {
        self.descriptor = descriptor
        return
      }
      guard remaining > 0 else {
        throw CheckpointError.held(path: target.given, process: Self.holder(of: target.lock))
      }
      usleep(10_000)
      remaining -= 10
    }
  }

  // Removed while it is still locked: whoever opened it meanwhile finds, once it has the lock, that
  // the name no longer leads to what it opened, and starts again.
  deinit {
    unlink(path)
    close(descriptor)
  }

  /// The open, locked file; nil where another writer has it.
  private static func attempt(_ target: TargetPath) throws -> Int32? {
    while true {
      let descriptor = SystemCall.retrying {
        open(target.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      }
      guard descriptor >= 0 else { throw target.failure(SystemCall.cause()) }
      if SystemCall.retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) != 0 {
        let number = errno
        close(descriptor)
        if number == EWOULDBLOCK { return nil }
        throw target.failure("locking it: \(SystemCall.cause(number))")
      }
      var opened = stat()
      var named = stat()
      if fstat(descriptor, &opened) == 0, stat(target.lock, &named) == 0,
        opened.st_ino == named.st_ino, opened.st_dev == named.st_dev
      {
        sign(descriptor)
        return descriptor
      }
      close(descriptor)
    }
  }

  /// Writes this process's number. A full disk leaves the lock nameless, and a lock all the same.
  private static func sign(_ descriptor: Int32) {
    let text = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  private static func holder(of lock: String) -> Int32? {
    let descriptor = open(lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    let digits = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
    return Int32(String(decoding: digits, as: UTF8.self))
  }
}
