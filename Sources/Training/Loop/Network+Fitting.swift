public import Datasets
public import Networks

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
