import CHDF5
import Checkpoints
import Synchronization

/// Small owning classes over libhdf5's identifiers, which close them and never leave this module.
///
/// The library's serial build is not thread-safe, so every use lies within `HDF5.locked`; no handle
/// outlives its closure.
enum HDF5 {
  private static let mutex = Mutex<Void>(())

  /// The library's settings for this process, made once: no message printed on stderr, no plugin
  /// loaded whatever a file asks for, no cleaning up at exit of files whose closing failed.
  private static let isReady: Bool = {
    H5dont_atexit()
    guard H5open() >= 0 else { return false }
    return H5PLset_loading_state(0) >= 0
  }()

  /// Runs a closure that uses libhdf5, alone in this process.
  ///
  /// - Parameter body: What to do; it must not call `locked` and lets no handle escape.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws, or `HDF5Failure` where the library does not start.
  static func locked<Result>(_ body: () throws -> Result) throws -> Result {
    try mutex.withLock { _ throws -> SendableBox<Result> in
      guard isReady else { throw HDF5Failure(operation: "start libhdf5", detail: "H5open failed") }
      H5Eset_auto2(hdf5_error_stack(), nil, nil)
      return SendableBox(value: try body())
    }.value
  }

  /// Lets a result pass the lock's border; it is the caller's own.
  private struct SendableBox<Value>: @unchecked Sendable { let value: Value }

  /// Throws where a call failed.
  static func check(_ status: some BinaryInteger, _ operation: @autoclosure () -> String) throws {
    guard status >= 0 else { throw HDF5Failure(operation: operation(), detail: lastError()) }
  }

  /// The innermost message on the library's error stack, which it clears.
  private static func lastError() -> String {
    var messages: [String] = []
    withUnsafeMutablePointer(to: &messages) { pointer in
      _ = H5Ewalk2(
        hdf5_error_stack(), H5E_WALK_UPWARD,
        { _, entry, context in
          let messages = context?.assumingMemoryBound(to: [String].self)
          if let text = entry?.pointee.desc { messages?.pointee.append(String(cString: text)) }
          return 0
        }, pointer)
    }
    H5Eclear2(hdf5_error_stack())
    return messages.first ?? "no message"
  }
}
