import Foundation
import Testing

@Suite("Shipped models", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct ShippedModelTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test("The default is the int8 AlexNet, and names every sample")
  func samples() throws {
    let samples = try FileManager.default.contentsOfDirectory(
      at: Self.root.appendingPathComponent("Samples"), includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "png" }
    #expect(samples.count == 10)
    for image in samples {
      let found = try Tool.infer(image.path, "--top-k", "1", "--json")
      #expect(found.status == 0, "\(found.errors)")
      let named = try Tool.infer(
        image.path, "--top-k", "1", "--json", "--model",
        Self.root.appendingPathComponent("Models/alexnet-int8.h5").path)
      let (first, second) = (try best(found), try best(named))
      let label = first.label.lowercased().map { $0.isLetter ? String($0) : "-" }.joined()
      #expect(label == image.deletingPathExtension().lastPathComponent)
      #expect(first.logit == second.logit)
    }
  }

  private func best(_ result: Tool.Result) throws -> (label: String, logit: Double) {
    let predictions = try result.objects().first?["predictions"] as? [[String: Any]]
    let best = try #require(predictions?.first)
    return (try #require(best["label"] as? String), try #require(best["logit"] as? Double))
  }

  @Test(
    "Each is whole, small, and as right as its card says",
    arguments: [("lenet", "fp32", 0.88), ("alexnet-int8", "int8", 0.90)])
  func accuracy(name: String, precision: String, least: Double) throws {
    let path = Self.root.appendingPathComponent("Models/\(name).h5").path
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    #expect(try #require(size) <= 50_000_000)
    let inspected = try Tool.infer("inspect", path, "--verify", "--json")
    #expect(inspected.status == 0, "\(inspected.errors)")
    #expect(try inspected.objects().first?["precision"] as? String == precision)
    // Of the first 2,000 test images: the whole set would take the time of a hundred tests.
    let result = try Tool.infer(
      "evaluate", path, "--dataset", "fashion-mnist", "--limit", "2000", "--json")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try #require(result.objects().first?["accuracy"] as? Double) >= least)
  }
}
