internal import COneDNN

/// Sets the number of OpenMP threads, oneDNN's and `parallelFor`'s alike.
func setThreadCount(_ threads: Int) {
  omp_set_num_threads(Int32(max(1, threads)))
}

private struct Work {
  let count: Int
  let body: (Range<Int>) -> Void
}

/// Runs `body` over disjoint ranges of `0..<count` on oneDNN's own threads, so that the process has
/// one pool. Which thread gets which range depends on the number of threads only.
///
/// - Parameters:
///   - count: The number of items.
///   - grain: Below this many items the caller's thread does all.
///   - body: Called with disjoint ranges; it writes only what belongs to its range.
func parallelFor(_ count: Int, grain: Int = 16_384, _ body: (Range<Int>) -> Void) {
  guard count > grain else {
    if count > 0 { body(0..<count) }
    return
  }
  withoutActuallyEscaping(body) { body in
    var work = Work(count: count, body: body)
    withUnsafeMutablePointer(to: &work) { pointer in
      GOMP_parallel(runShare, pointer, 0, 0)
    }
  }
}

/// Runs `body` for every index of `0..<count`, few and each of much work, on oneDNN's own threads.
func parallelForEach(_ count: Int, _ body: (Int) -> Void) {
  // Shares are whole lines of 16.
  parallelFor(count * 16, grain: 16) { range in
    for index in range.lowerBound / 16..<range.upperBound / 16 { body(index) }
  }
}

private func runShare(_ data: UnsafeMutableRawPointer?) {
  guard let work = data?.assumingMemoryBound(to: Work.self).pointee else { return }
  let threads = Int(omp_get_num_threads())
  let thread = Int(omp_get_thread_num())
  // Shares are multiples of 16 floats: no two threads write one cache line.
  let lines = (work.count + 15) / 16
  let start = min(work.count, lines * thread / threads * 16)
  let end = min(work.count, lines * (thread + 1) / threads * 16)
  if start < end { work.body(start..<end) }
}
