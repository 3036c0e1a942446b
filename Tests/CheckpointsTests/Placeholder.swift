import Testing
import Networks
import Checkpoints

@Test func smoke() throws {
  let network = try Variant.named("lenet").network()
  var w = Weights()
  for p in network.parameters { w[p] = Tensor(shape: p.shape, (0..<p.count).map { Float($0) * 0.001 }) }
  let c = Checkpoint(network: network, weights: w, preprocessing: Preprocessing(channels: 1, height: 28, width: 28), labels: ["a", "bü"], training: TrainingRecord(epoch: 1, step: 2, seed: .max, recipe: "{}", history: [HistoryColumn(name: "trainLoss", values: [1, 2])], optimizer: ["conv1": ["weight.momentum": Tensor(shape: [2], [1, 2] as [Float])]]))
  try c.write(to: "/tmp/cb/lenet.h5")
  let r = try CheckpointFile.read("/tmp/cb/lenet.h5", options: .trainingState)
  print(r.description, r.checkpoint.labels, r.checkpoint.training as Any)
}
