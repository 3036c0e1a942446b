import CKernels
import Dispatch
import Synchronization

/// Runs tiles on exactly `threads` threads (fewer where there are fewer tiles), the caller's among
/// them: a `ThreadTeam` for one job.
///
/// - Parameters:
///   - tiles: The number of tiles.
///   - threads: The number of threads, at least 1.
///   - body: Called once for each tile with the tile and the worker, from 0 to `threads` − 1, that
///     runs it; a worker runs one tile at a time.
func parallelFor(
  tiles: Int, threads: Int, _ body: (_ tile: Int, _ worker: Int) -> Void
) {
  withoutActuallyEscaping(body) { body in
    ThreadTeam.with(threads: min(tiles, threads)) { $0.parallelFor(tiles: tiles, body) }
  }
}

/// Threads that stay awake from one job to the next. The only place that starts parallel work.
///
/// Waking a thread takes as long as a small layer, so a run wakes its threads once: all of them enter
/// one `DispatchQueue.concurrentPerform`, the first becomes the leader and goes through the run, the
/// others help with each job that it hands out and look for the next one meanwhile. A helper that
/// the system has not started yet is not waited for.
///
/// Each worker takes the tiles of its own share of a job, and what others have left of theirs after
/// that. Where neighbouring tiles are neighbouring parts of the values, a worker so reads mostly what
/// it wrote itself in the job before, which its cache still holds.
package final class ThreadTeam: Sendable {
  /// The number of threads, the leader's among them.
  package let threads: Int
  /// A worker's share of the job, on cache lines of its own.
  private struct Share: ~Copyable {
    /// The job's number × 2³² + the last tiles of the share that nobody has taken: one word, so that
    /// taking a tile of a job that has ended fails.
    let untaken = Atomic<UInt64>(0)
    private let padding = SIMD16<UInt64>()
  }

  /// Of each worker; memory that does not change place, of atomics.
  nonisolated(unsafe) private let shares: UnsafeMutablePointer<Share>
  /// Tiles of the job that are done and counted.
  private let finished = Atomic(0)
  private let workers = Atomic(0)
  private let hasEnded = Atomic(false)
  /// Written between jobs, read by who has taken a tile: then it cannot change.
  nonisolated(unsafe) private var job = Job(number: 0, tiles: 0) { _, _ in }

  private struct Job {
    let number: UInt32
    let tiles: Int
    let run: (_ tile: Int, _ worker: Int) -> Void
  }

  /// What the leader does, which all threads see.
  private struct Leading: @unchecked Sendable { let run: () -> Void }

  private init(threads: Int) {
    self.threads = threads
    shares = .allocate(capacity: threads)
    for index in 0..<threads { (shares + index).initialize(to: Share()) }
  }

  deinit {
    shares.deinitialize(count: threads)
    shares.deallocate()
  }

  /// Gathers a team, of which `body` is led by one thread, not always the caller's.
  ///
  /// - Parameters:
  ///   - threads: The number of threads; less than 2 for the caller's alone.
  ///   - body: What hands out jobs.
  package static func with(threads: Int, _ body: (ThreadTeam) -> Void) {
    let team = ThreadTeam(threads: max(1, threads))
    guard threads > 1 else { return body(team) }
    withoutActuallyEscaping(body) { body in
      let leading = Leading { body(team) }
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        let worker = team.workers.wrappingAdd(1, ordering: .relaxed).oldValue
        guard worker == 0 else { return team.help(worker) }
        leading.run()
        team.hasEnded.store(true, ordering: .releasing)
      }
    }
  }

  /// Runs tiles on all threads of the team and returns when all are done.
  ///
  /// Tiles may run in any order and at once, so **each tile writes memory that no other tile reads or
  /// writes**; scratch is indexed by worker. Which thread runs a tile never changes what it computes.
  /// A worker's share is a range of tiles.
  ///
  /// - Parameters:
  ///   - tiles: The number of tiles.
  ///   - body: Called once for each tile with the tile and the worker, from 0 to `threads` − 1, that
  ///     runs it; a worker runs one tile at a time. A helper may hold it for a moment longer than the
  ///     job lasts.
  package func parallelFor(tiles: Int, _ body: @escaping (_ tile: Int, _ worker: Int) -> Void) {
    guard tiles > 1, threads > 1, tiles <= UInt32.max else {
      for tile in 0..<max(tiles, 0) { body(tile, 0) }
      return
    }
    job = Job(number: job.number &+ 1, tiles: tiles, run: body)
    finished.store(0, ordering: .relaxed)
    // The leader's own share last, lest a helper that polls begins with it.
    for index in (0..<threads).reversed() {
      let count = (index + 1) * tiles / threads - index * tiles / threads
      shares[index].untaken.store(UInt64(job.number) << 32 | UInt64(count), ordering: .releasing)
    }
    _ = runTiles(worker: 0)
    while finished.load(ordering: .acquiring) < tiles { cnn_spin() }
  }

  /// Runs tiles, of the worker's own share first, until there are none; false where there was none.
  private func runTiles(worker: Int) -> Bool {
    guard var tile = take(for: worker) else { return false }
    // The job cannot change while a tile taken from it is not counted.
    let run = job.run
    var count = 0
    while true {
      run(tile, worker)
      count += 1
      guard let next = take(for: worker) else { break }
      tile = next
    }
    finished.wrappingAdd(count, ordering: .releasing)
    return true
  }

  private func take(for worker: Int) -> Int? {
    for index in worker..<worker + threads {
      if let tile = take(from: index % threads) { return tile }
    }
    return nil
  }

  private func take(from share: Int) -> Int? {
    var state = shares[share].untaken.load(ordering: .acquiring)
    while state & 0xFFFF_FFFF > 0 {
      let (taken, current) = shares[share].untaken.weakCompareExchange(
        expected: state, desired: state - 1, ordering: .acquiring)
      if taken { return (share + 1) * job.tiles / threads - Int(state & 0xFFFF_FFFF) }
      state = current
    }
    return nil
  }

  /// Rounds without a tile after which a helper lets other threads go first.
  private static let patience = 1000

  private func help(_ worker: Int) {
    var idle = 0
    while !hasEnded.load(ordering: .acquiring) {
      if runTiles(worker: worker) {
        idle = 0
      } else if idle < Self.patience {
        idle += 1
        cnn_spin()
      } else {
        cnn_yield()
      }
    }
  }
}
