public import Checkpoints
public import Networks
public import Tensors

/// A network's first weights, those that fit from a checkpoint and fresh ones for the rest.
public struct WeightTransfer: Sendable {
  /// A tensor for every parameter.
  public let weights: Weights
  /// How many tensors come from the checkpoint.
  public let taken: Int
  /// Which did not fit, and why: a sentence without its end for each.
  public let misfits: [String]

  /// Takes every tensor of the same key and shape.
  ///
  /// - Parameters:
  ///   - checkpoint: Where from; tensors of int8 do not fit.
  ///   - path: Its file, for messages.
  ///   - network: What the weights are for.
  ///   - seed: Decides the fresh ones, which are those of a run without the checkpoint.
  /// - Throws: `TrainingError.nothingFits` where no trained tensor fits.
  public init(
    from checkpoint: Checkpoint, path: String, into network: Network, seed: UInt64
  ) throws {
    var weights = network.initialWeights(seed: seed)
    var (taken, misfits, hasTrained) = (0, [String](), false)
    for parameter in network.parameters {
      guard let tensor = checkpoint.weights[parameter] else {
        misfits.append("\(parameter.key) is not in the checkpoint and starts afresh")
        continue
      }
      guard tensor.shape == parameter.shape else {
        misfits.append(
          "\(parameter.key) is \(TensorShape(tensor.shape)) in the checkpoint, "
            + "\(TensorShape(parameter.shape)) in the network, and starts afresh")
        continue
      }
      guard tensor.element == .float32 else {
        misfits.append("\(parameter.key) is int8 in the checkpoint and starts afresh")
        continue
      }
      weights[parameter] = tensor
      taken += 1
      hasTrained = hasTrained || parameter.role.isTrainable
    }
    guard hasTrained else {
      throw TrainingError.nothingFits(checkpoint: path, network: network.name)
    }
    let known = Set(network.parameters.map(\.key))
    for parameter in checkpoint.network.parameters where !known.contains(parameter.key) {
      misfits.append("\(parameter.key) of the checkpoint is not in the network and is left out")
    }
    self.weights = weights
    self.taken = taken
    self.misfits = misfits
  }
}
