import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The time that the processor spends on a call, on its own thread: what else runs at the same time
/// does not count, as it does on a clock.
///
/// - Parameter body: A call that does its work itself, not on other threads.
/// - Returns: Seconds.
public func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
  let start = threadSeconds()
  try body()
  return threadSeconds() - start
}

private func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
