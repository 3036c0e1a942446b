public import Checkpoints
public import Datasets
public import Networks
public import Tensors

extension Network {
  /// This network with a head for the data's classes and an input for its colours.
  ///
  /// Gray images go into a network of three channels as they are, replicated by the preprocessing;
  /// for coloured ones a network of one channel gets an input of three.
  ///
  /// - Parameters:
  ///   - source: The data.
  ///   - keepsClasses: Whether the number of classes was asked for and stays.
  ///   - note: Told in one line what was changed.
  /// - Returns: The network, adapted where it had to be.
  /// - Throws: `NetworkError.notAdaptable` where the head cannot be replaced.
  public func fitted(
    to source: DataSource, keepsClasses: Bool, note: (String) -> Void
  ) throws -> Network {
    var network = self
    let classes = source.classNames.count
    if !keepsClasses, classes != network.classCount {
      network = try network.adapted(classes: classes)
      note("\(name): \(classCount) classes became the data set's \(classes)")
    }
    if source.channels > network.input.channels {
      network = try network.adapted(channels: source.channels)
      note("\(name): the input became \(source.channels) channels for coloured images")
    } else if source.channels < network.input.channels {
      note("\(name): gray images are replicated to \(network.input.channels) channels")
    }
    return network
  }
}

extension Checkpoint {
  /// A checkpoint of no steps takes any data: its network is fitted, and what the data need gets
  /// fresh weights of its seed. One of a run that has begun stays as it is.
  ///
  /// - Parameters:
  ///   - source: The data.
  ///   - note: Told in one line what was changed.
  /// - Returns: The checkpoint to begin with.
  /// - Throws: `NetworkError.notAdaptable` where the head cannot be replaced.
  public func fittedBeforeFirstStep(
    to source: DataSource, note: (String) -> Void
  ) throws -> Checkpoint {
    guard let training, training.step == 0 else { return self }
    var fitted = self
    fitted.labels = source.classNames
    fitted.network = try network.fitted(to: source, keepsClasses: false, note: note)
    guard fitted.network != network else { return fitted }
    let fresh = fitted.network.initialWeights(seed: training.seed)
    fitted.weights = Weights()
    for parameter in fitted.network.parameters {
      let old = weights[parameter]
      fitted.weights[parameter] = old?.shape == parameter.shape ? old : fresh[parameter]
    }
    let input = fitted.network.input
    if input.channels != preprocessing.channels {
      fitted.preprocessing = Preprocessing(
        channels: input.channels, height: input.height, width: input.width)
    }
    return fitted
  }
}
