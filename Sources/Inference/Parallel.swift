import CKernels
import Dispatch
import Synchronization

/// Runs tiles on exactly `threads` threads (fewer where there are fewer tiles), the caller's among
/// them. The only place that starts parallel work.
///
/// Tiles may run in any order and at once, so **each tile writes memory that no other tile reads or
/// writes**; scratch is indexed by worker. Which thread runs a tile never changes what it computes.
///
/// - Parameters:
///   - tiles: The number of tiles.
///   - threads: The number of threads, at least 1.
///   - body: Called once for each tile with the tile and the worker, from 0 to `threads` − 1, that
///     runs it; a worker runs one tile at a time.
func parallelFor(
  tiles: Int, threads: Int, _ body: (_ tile: Int, _ worker: Int) -> Void
) {
  let workers = min(tiles, threads)
  guard workers > 1 else {
    for tile in 0..<max(tiles, 0) { body(tile, 0) }
    return
  }
  let next = Atomic(0)
  withoutActuallyEscaping(body) { body in
    let work = TileWork(run: body)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while true {
        let tile = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard tile < tiles else { return }
        work.run(tile, worker)
      }
    }
  }
}

/// What runs on several threads at once, by the rule that tiles share no memory that is written.
private struct TileWork: @unchecked Sendable {
  let run: (Int, Int) -> Void
}

/// The cores that this process may use.
public let availableCores = Int(cnn_cpu_count())
