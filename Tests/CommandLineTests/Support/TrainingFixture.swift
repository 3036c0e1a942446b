import Foundation

/// A training of a fraction of a second an epoch, with all state that a run can have.
enum TrainingFixture {
  /// What is trained, but for the number of epochs.
  static let recipe = [
    "--model", "net.json", "--data", "data", "--batch-size", "8", "--lr", "0.02",
    "--optimizer", "nesterov", "--momentum", "0.9", "--ema", "0.99", "--augment", "flip-crop",
    "--lr-schedule", "cosine", "--validation-split", "0.1", "--seed", "11",
  ]

  /// Writes class folders of small images, `data`, and a network, `net.json`.
  static func create(in scratch: Scratch) throws {
    for index in 0..<120 {
      try scratch.create(
        "data/\(index % 3)/\(index).png",
        PNGFixture.gray(width: 12, height: 12, seed: UInt8(index * 2 % 251)))
    }
    try scratch.create("net.json", Data(network.utf8))
  }

  private static let network = """
    {"name": "net", "input": {"channels": 1, "height": 12, "width": 12}, "nodes": [
      {"name": "conv1", "type": "Conv2d", "outputChannels": 8, "kernelSize": 3, "bias": false},
      {"name": "norm1", "type": "BatchNorm2d"}, {"name": "relu1", "type": "ReLU"},
      {"name": "pool1", "type": "MaxPool2d", "kernelSize": 2},
      {"name": "flatten", "type": "Flatten"},
      {"name": "fc1", "type": "Linear", "outputFeatures": 64},
      {"name": "relu2", "type": "ReLU"}, {"name": "drop", "type": "Dropout"},
      {"name": "fc2", "type": "Linear", "outputFeatures": 3}]}
    """
}
