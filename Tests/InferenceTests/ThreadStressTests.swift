import Dispatch
import Foundation
import Images
import Inference
import Testing

@Suite("One model, many threads")
struct ThreadStressTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test("Eight threads classify real images, each in its own order, as one thread does")
  func stress() throws {
    let samples = Self.root.appendingPathComponent("Samples")
    let paths = try FileManager.default.contentsOfDirectory(atPath: samples.path)
      .filter { $0.hasSuffix(".png") }.sorted().map { samples.appendingPathComponent($0).path }
    #expect(paths.count == 10)
    let classifier = try Classifier(
      checkpoint: Self.root.appendingPathComponent("Models/lenet.h5").path)
    let expected = try paths.map { try classifier.classify($0, topK: 10) }
    let collected = Collected()
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for round in 0..<200 {
        let index = (round * (2 * thread + 1) + thread) % paths.count
        let found = try? classifier.classify(paths[index], topK: 10)
        // Equal to the bit: predictions hold the logits and probabilities as floats.
        if found != expected[index] { collected.add("thread \(thread), round \(round)") }
      }
    }
    #expect(collected.all.isEmpty)
  }
}

private final class Collected: @unchecked Sendable {
  private let lock = NSLock()
  private var texts: [String] = []

  var all: [String] { lock.withLock { texts } }

  func add(_ text: String) { lock.withLock { texts.append(text) } }
}
