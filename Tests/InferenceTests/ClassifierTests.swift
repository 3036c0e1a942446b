import CheckpointWriting
import Checkpoints
import Foundation
import Images
import Inference
import Networks
import ReferenceOperations
import Testing

@Suite("Classifying images")
struct ClassifierTests {
  private static let image = Image(
    width: 28, height: 28, gray: (0..<784).map { UInt8($0 * 7 % 256) })

  private func checkpoint(labels: [String] = ["zero", "one"]) throws -> Checkpoint {
    let network = try Variant.named("lenet").network()
    return Checkpoint(
      network: network, weights: .random(of: network, seed: 2),
      preprocessing: Preprocessing(channels: 1, height: 28, width: 28), labels: labels)
  }

  @Test("A saved checkpoint and a PNG give the reference's probabilities and labels")
  func fromFiles() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = folder.appendingPathComponent("lenet.h5").path
    let png = folder.appendingPathComponent("image.png").path
    let checkpoint = try checkpoint()
    try checkpoint.write(to: model)
    try Self.image.write(pngFile: png)

    let classifier = try Classifier(checkpoint: model)
    let found = try classifier.classify(png, topK: 10)
    let input = (0..<784).map { Float($0 * 7 % 256) / 255 }
    let logits = Reference.logits(checkpoint.network, checkpoint.weights, input: input)
    let sum = logits.reduce(0) { $0 + exp($1) }
    #expect(found.count == 10)
    for prediction in found {
      let expected = exp(logits[prediction.index]) / sum
      #expect(abs(expected - Double(prediction.probability)) < 1e-6)
      let names = ["zero", "one"]
      #expect(
        prediction.label == (prediction.index < 2 ? names[prediction.index] : "\(prediction.index)")
      )
    }
    #expect(found.map(\.logit) == found.map(\.logit).sorted(by: >))
    #expect(try classifier.classify(png, topK: 3) == Array(found.prefix(3)))
  }

  @Test("Inverting is classifying the inverted image")
  func invert() throws {
    let checkpoint = try checkpoint()
    let inverted = Image(width: 28, height: 28, gray: (0..<784).map { 255 - UInt8($0 * 7 % 256) })
    let plain = try Classifier(checkpoint)
    let other = try Classifier(checkpoint, options: .init(threads: 1, invert: true))
    let expected = try plain.logits(of: inverted)
    let found = try other.logits(of: Self.image)
    #expect(zip(expected, found).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(try plain.logits(of: Self.image) != expected)
  }

  @Test("Preprocessing of another shape than the input is refused")
  func wrongShape() throws {
    var checkpoint = try checkpoint()
    checkpoint.preprocessing.height = 32
    #expect(
      throws: InferenceError.wrongPreprocessing(
        prepared: TensorShape([1, 32, 28]), input: TensorShape([1, 28, 28]))
    ) { try Classifier(checkpoint) }
  }
}
