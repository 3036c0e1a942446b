import Foundation
import Hardware
import Inference
import Synchronization
import Testing

/// The threads that a run keeps awake.
@Suite struct ThreadTeamTests {
  @Test(
    "Each tile of many small jobs runs once, by a worker of the team, before the job returns",
    arguments: [1, 2, 3, 8])
  func everyTile(threads: Int) {
    let jobs = 2000
    var sums = [Int](repeating: 0, count: jobs)
    let strangers = Atomic(0)
    ThreadTeam.with(threads: threads) { team in
      for job in 0..<jobs {
        // From none to more than there are threads.
        let tiles = job % 23
        let counts = Counts(tiles)
        team.parallelFor(tiles: tiles) { tile, worker in
          counts.add(tile)
          if !(0..<threads).contains(worker) { strangers.add(1, ordering: .relaxed) }
        }
        sums[job] = counts.ones
      }
    }
    #expect(sums == (0..<jobs).map { $0 % 23 })
    #expect(strangers.load(ordering: .relaxed) == 0)
  }

  @Test("A worker runs one tile at a time")
  func oneAtATime() {
    let threads = 4
    let busy = (0..<threads).map { _ in Flag() }
    let clashes = Atomic(0)
    ThreadTeam.with(threads: threads) { team in
      for _ in 0..<200 {
        team.parallelFor(tiles: 64) { _, worker in
          if busy[worker].set(true) { clashes.add(1, ordering: .relaxed) }
          _ = busy[worker].set(false)
        }
      }
    }
    #expect(clashes.load(ordering: .relaxed) == 0)
  }

  @Test(
    "Workers take what others have left of their shares",
    .enabled(if: availableCores > 1, "this process may use one core only"))
  func shares() {
    let tiles = 40
    for slow in [0, tiles / 2, tiles - 1] {
      let others = Atomic(0), atEnd = Atomic(0)
      ThreadTeam.with(threads: 2) { team in
        team.parallelFor(tiles: tiles) { tile, _ in
          guard tile == slow else {
            others.add(1, ordering: .acquiringAndReleasing)
            return
          }
          let start = ContinuousClock.now
          while others.load(ordering: .acquiring) < tiles - 1,
            start.duration(to: .now) < .seconds(30)
          { usleep(10) }
          atEnd.store(others.load(ordering: .acquiring), ordering: .releasing)
        }
      }
      #expect(atEnd.load(ordering: .acquiring) == tiles - 1, "tile \(slow)")
    }
  }

  @Test("Teams of several threads at once do not disturb each other")
  func several() async {
    let totals = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<6 {
        group.addTask {
          let total = Atomic(0)
          ThreadTeam.with(threads: 3) { team in
            for _ in 0..<300 {
              team.parallelFor(tiles: 10) { tile, _ in total.add(tile, ordering: .relaxed) }
            }
          }
          return total.load(ordering: .relaxed)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(totals == [Int](repeating: 300 * 45, count: 6))
  }
}

/// How often each tile ran. Under a lock of pthread, which ThreadSanitizer sees, as it does not see
/// the futex in `Mutex`.
private final class Counts: @unchecked Sendable {
  private let lock = NSLock()
  private var runs: [Int]

  init(_ tiles: Int) { runs = [Int](repeating: 0, count: tiles) }

  func add(_ tile: Int) { lock.withLock { runs[tile] += 1 } }

  /// Tiles that ran once; −1 if any ran otherwise.
  var ones: Int { lock.withLock { runs.allSatisfy { $0 == 1 } ? runs.count : -1 } }
}

private final class Flag: Sendable {
  private let value = Atomic(false)

  /// Sets it and returns what it was.
  func set(_ new: Bool) -> Bool { value.exchange(new, ordering: .acquiringAndReleasing) }
}
