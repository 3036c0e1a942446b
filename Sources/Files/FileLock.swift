#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The right to write one file, held by at most one writer on this machine.
///
/// It is a `flock` on a small hidden file next to it, `.NAME.lock`, which holds the process's number
/// and is removed with the lock. The system releases the lock when the process ends, however it ends;
/// the next writer takes over, and removes, the file that a killed process leaves.
package final class FileLock: Sendable {
  /// How many milliseconds a single write waits for another one.
  package static let shortWrite = 3000

  private let path: String
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Parameters:
  ///   - target: The file.
  ///   - milliseconds: How long to wait for another writer.
  /// - Throws: `FileError.held` with the other writer's process, or `.refused`.
  package init(_ target: TargetPath, waiting milliseconds: Int) throws(FileError) {
    path = target.lock
    var remaining = milliseconds
    while true {
      if let descriptor = try Self.attempt(target) {
        self.descriptor = descriptor
        return
      }
      guard remaining > 0 else {
        throw .held(process: Self.holder(of: target.lock))
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
  private static func attempt(_ target: TargetPath) throws(FileError) -> Int32? {
    while true {
      let descriptor = SystemCall.retrying {
        open(target.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      }
      guard descriptor >= 0 else { throw .refused(reason: SystemCall.cause()) }
      if SystemCall.retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) != 0 {
        let number = errno
        close(descriptor)
        if number == EWOULDBLOCK { return nil }
        throw .refused(reason: "locking it: \(SystemCall.cause(number))")
      }
      let opened = try? FileStatus(descriptor: descriptor).identity
      if let opened, opened == (try? FileStatus(target.lock).identity) {
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
