import CheckpointWriting
import Checkpoints
import Dispatch
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Writers, readers and killed processes do not disturb each other")
struct ConcurrencyTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("a.h5")
  }

  @Test("The second writer is told which process holds the file")
  func secondWriter() throws {
    var first: CheckpointWriter? = try CheckpointWriter(path: path)
    #expect(throws: CheckpointError.held(path: path, process: getpid())) {
      _ = try CheckpointWriter(path: path)
    }
    try first?.write(Example.plain())
    #expect(try folder.names == [".a.h5.lock", "a.h5"])
    first = nil
    #expect(try folder.names == ["a.h5"])
    _ = try CheckpointWriter(path: path)
  }

  @Test("Short writes of one file wait for each other")
  func shortWrites() throws {
    try Example.plain(seed: 1).write(to: path)
    let failures = Failures()
    DispatchQueue.concurrentPerform(iterations: 8) { index in
      failures.collect { try Example.plain(seed: UInt64(index)).write(to: path) }
    }
    #expect(failures.all.isEmpty)
    let found = try contents(Checkpoint(contentsOf: path))
    #expect(try (0..<8).contains { try found == contents(Example.plain(seed: UInt64($0))) })
    #expect(try folder.names == ["a.h5"])
  }

  @Test("A reader during writes sees the old or the new checkpoint, whole")
  func readerDuringWrites() throws {
    let known = try (0..<2).map { try contents(Example.trained(seed: UInt64($0))) }
    try Example.trained(seed: 0).write(to: path)
    let failures = Failures()
    DispatchQueue.concurrentPerform(iterations: 3) { worker in
      for round in 0..<40 {
        failures.collect {
          if worker == 0 {
            try Example.trained(seed: UInt64(round % 2)).write(to: path)
          } else {
            let found = try contents(Checkpoint(contentsOf: path, options: .trainingState))
            guard known.contains(found) else { throw Unknown() }
          }
        }
      }
    }
    #expect(failures.all.isEmpty)
  }

  @Test("Killed at fifty random moments, a writer leaves the old or the new checkpoint")
  func killed() async throws {
    let path = path
    let known = try (0..<2).map { try contents(Example.trained(seed: UInt64($0))) }
    try Example.trained(seed: 0).write(to: path)
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed: seed)
    for round in 0..<50 {
      let microseconds = UInt32.random(in: 0..<30_000, using: &generator)
      await #expect(
        processExitsWith: .signal(SIGKILL), "seed \(seed), round \(round), \(microseconds) µs"
      ) { [path = path as String, microseconds = microseconds as UInt32] in
        let checkpoints = try (0..<2).map { try Example.trained(seed: UInt64($0)) }
        let writer = try CheckpointWriter(path: path)
        Thread.detachNewThread {
          usleep(microseconds)
          kill(getpid(), SIGKILL)
        }
        while true {
          for checkpoint in checkpoints { try writer.write(checkpoint) }
        }
      }
      let found = try contents(Checkpoint(contentsOf: path, options: .trainingState))
      #expect(known.contains(found), "seed \(seed), round \(round)")
    }
    try Example.trained(seed: 1).write(to: path)
    #expect(try folder.names == ["a.h5"])
  }
}

private struct Unknown: Error {}

/// The errors of several threads.
private final class Failures: @unchecked Sendable {
  private let lock = NSLock()
  private var errors: [String] = []

  var all: [String] { lock.withLock { errors } }

  func collect(_ body: () throws -> Void) {
    do { try body() } catch { lock.withLock { errors.append("\(error)") } }
  }
}
