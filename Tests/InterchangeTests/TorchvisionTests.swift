import Foundation
import Inference
import Interchange
import Networks
import TestSupport
import Testing

/// State dicts of torchvision's names and shapes: with the values that torchvision's own models had
/// when PyTorch made the golden outputs of `Tests/ParityTests`.
@Suite("torchvision's state dicts", .disabled(if: Python.isMissing, Python.reason), .serialized)
struct TorchvisionTests {
  private struct Expected: Decodable { var networks: [String: [Double]] }

  @Test(
    "Imported by name, they give torchvision's outputs",
    arguments: [
      "alexnet-torchvision", "vgg11", "googlenet-imagenet", "resnet18-imagenet",
      "resnet50-imagenet", "densenet121",
    ])
  func outputs(_ name: String) throws {
    let scratch = try Scratch()
    let file = scratch.path("state.safetensors")
    let (status, text) = try Python.run("make_torchvision_state.py", name, file)
    #expect(status == 0, "\(text)")
    let network = try Variant.named(name).network()
    let imported = try Safetensors.read(file, options: .init(network: network))
    #expect(imported.renamed.isEmpty)
    let useless = imported.ignored.filter { name in
      name.hasSuffix(".num_batches_tracked") || name.hasPrefix("aux1.") || name.hasPrefix("aux2.")
    }
    #expect(useless == imported.ignored)
    // Only the families without batch normalisation have nothing to leave out.
    #expect(imported.ignored.isEmpty == ["alexnet-torchvision", "vgg11"].contains(name))
    #expect(imported.checkpoint.preprocessing == .imageNet())

    let plan = try Plan(network: network, weights: imported.checkpoint.weights, threads: 2)
    let image = HashedValues.image("input \(name)", count: network.input.elementCount)
    let logits = try ExecutionContext(plan: plan, threads: 2).run(image)
    let golden = try Golden.decoded(Expected.self, "log-probabilities.json")
    let expected = try #require(golden.networks[name])
    let total = logits.reduce(0) { $0 + exp(Double($1)) }
    let errors = zip(logits, expected).map { abs(Double($0) - log(total) - $1) }
    let spread = (expected.max() ?? 0) - (expected.min() ?? 0)
    #expect(spread > 0.5 && errors.count == 1000)
    #expect(errors.max() ?? .infinity <= 1e-4 * spread, "\(errors.max() ?? 0) of \(spread)")
  }

  @Test("GoogLeNet's auxiliary heads and batch counters are listed as left out")
  func ignored() throws {
    let scratch = try Scratch()
    let file = scratch.path("state.safetensors")
    _ = try Python.run("make_torchvision_state.py", "googlenet-imagenet", file)
    let network = try Variant.named("googlenet-imagenet").network()
    let ignored = try Safetensors.read(file, options: .init(network: network)).ignored
    #expect(ignored.count { $0.hasPrefix("aux") } == 20)
    #expect(ignored.contains("aux2.fc2.bias"))
    #expect(ignored.contains("inception3a.branch1.bn.num_batches_tracked"))
  }
}
