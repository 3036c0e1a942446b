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
    let (plan, preprocessing, labels) = (
      classifier.plan, classifier.preprocessing, classifier.labels
    )
    let expected = try paths.map { try classifier.classify($0, topK: 10) }
    let collected = Collected()
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      collected.collect {
        // Half of the contexts use a second thread of their own.
        let options = Classifier.Options(threads: 1 + thread % 2)
        let own = try Classifier(
          plan: plan, preprocessing: preprocessing, labels: labels, options: options)
        for round in 0..<200 {
          let index = (round * (2 * thread + 1) + thread) % paths.count
          // Equal to the bit: predictions hold the logits and probabilities as floats.
          guard try own.classify(paths[index], topK: 10) == expected[index] else {
            throw Difference(thread: thread, round: round)
          }
        }
      }
    }
    #expect(collected.all.isEmpty)
  }
}

private final class Collected: @unchecked Sendable {
  private let lock = NSLock()
  private var texts: [String] = []

  var all: [String] { lock.withLock { texts } }

  func collect(_ body: () throws -> Void) {
    do { try body() } catch { lock.withLock { texts.append("\(error)") } }
  }
}

private struct Difference: Error {
  let thread: Int
  let round: Int
}
