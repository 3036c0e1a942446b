import Checkpoints
import Networks
import Tensors
import Testing
import Training

@Suite("Weights of another checkpoint")
struct WeightTransferTests {
  private func network(classes: Int, name: String = "fc2") throws -> Network {
    let builder = NetworkBuilder("net", channels: 1, height: 8, width: 8)
    let scores = builder.input.convolution("conv1", 4, kernel: 3).batchNorm("norm1").flatten()
      .linear("fc1", 6).linear(name, classes)
    return try builder.network(output: scores)
  }

  private func checkpoint(_ network: Network) -> Checkpoint {
    Checkpoint(
      network: network, weights: network.initialWeights(seed: 9),
      preprocessing: Preprocessing(channels: 1, height: 8, width: 8), labels: [])
  }

  @Test("What fits is taken, what does not is named and starts as without the checkpoint")
  func partial() throws {
    let source = checkpoint(try network(classes: 10))
    let target = try network(classes: 3)
    let transfer = try WeightTransfer(from: source, path: "a.h5", into: target, seed: 4)
    #expect(transfer.taken == 8 && transfer.misfits.count == 2)
    #expect(
      transfer.misfits[0]
        == "fc2.weight is 10×6 in the checkpoint, 3×6 in the network, and starts afresh")
    #expect(transfer.misfits[1].hasPrefix("fc2.bias is 10 in the checkpoint, 3 in the network"))
    let fresh = target.initialWeights(seed: 4)
    for parameter in target.parameters {
      let expected = parameter.node == "fc2" ? fresh[parameter] : source.weights[parameter]
      #expect(transfer.weights[parameter]?.floats == expected?.floats, "\(parameter.key)")
    }
  }

  @Test("Tensors that only one of them has are named")
  func names() throws {
    let transfer = try WeightTransfer(
      from: checkpoint(try network(classes: 3, name: "head")), path: "a.h5",
      into: try network(classes: 3), seed: 4)
    #expect(transfer.misfits.contains { $0.hasPrefix("fc2.weight is not in the checkpoint") })
    #expect(transfer.misfits.contains { $0.hasPrefix("head.bias of the checkpoint is not in") })
  }

  @Test("Int8 weights do not fit")
  func quantized() throws {
    let target = try network(classes: 3)
    var source = checkpoint(target)
    let shape = try #require(source.weights["fc1", .weight]).shape
    source.weights["fc1", .weight] = Tensor(
      shape: shape, [Int8](repeating: 1, count: shape.reduce(1, *)))
    let transfer = try WeightTransfer(from: source, path: "a.h5", into: target, seed: 4)
    #expect(transfer.misfits == ["fc1.weight is int8 in the checkpoint and starts afresh"])
  }

  @Test("A checkpoint of which nothing fits is refused")
  func nothing() throws {
    let builder = NetworkBuilder("other", channels: 1, height: 8, width: 8)
    let other = try builder.network(output: builder.input.flatten().linear("fc9", 2))
    let error = #expect(throws: TrainingError.self) {
      try WeightTransfer(
        from: checkpoint(other), path: "a.h5", into: try network(classes: 3), seed: 0)
    }
    #expect(error?.description.contains("a.h5") == true)
  }
}
