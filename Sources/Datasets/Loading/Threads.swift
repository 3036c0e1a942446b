import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A lock that one can wait at for a change. POSIX, for its threads block for long.
final class Condition: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs `body` alone.
  func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Within `withLock`: lets others in until one of them calls `broadcast`.
  func wait() { pthread_cond_wait(condition, mutex) }

  /// Wakes all that wait.
  func broadcast() { pthread_cond_broadcast(condition) }
}

/// A thread that runs one closure.
final class WorkerThread: Sendable {
  private let handle: pthread_t

  /// Starts a thread.
  ///
  /// - Parameter body: What it runs.
  /// - Throws: `DatasetError.cannotStartThread`.
  init(_ body: @escaping @Sendable () -> Void) throws {
    let box = Unmanaged.passRetained(ClosureBox(body))
    #if canImport(Glibc)
      var handle = pthread_t()
      let status = pthread_create(&handle, nil, runClosure, box.toOpaque())
    #else
      var created: pthread_t?
      let status = pthread_create(&created, nil, runClosure, box.toOpaque())
      let handle = created ?? pthread_self()
    #endif
    guard status == 0 else {
      box.release()
      throw DatasetError.cannotStartThread(reason: SystemCall.cause(status))
    }
    self.handle = handle
  }

  /// Waits for its end. To be called once.
  func join() { pthread_join(handle, nil) }
}

private final class ClosureBox: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

#if canImport(Glibc)
  private func runClosure(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let box { Unmanaged<ClosureBox>.fromOpaque(box).takeRetainedValue().body() }
    return nil
  }
#else
  private func runClosure(_ box: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<ClosureBox>.fromOpaque(box).takeRetainedValue().body()
    return nil
  }
#endif
