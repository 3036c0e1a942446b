internal import Networks

extension Network {
  /// The parameters that keep their values, running statistics included.
  ///
  /// - Parameter prefixes: Beginnings of keys: `conv1` is also `conv10`'s, `conv1.` is not.
  /// - Returns: Every parameter whose key begins with one of them.
  /// - Throws: `TrainingError.nothingToFreeze` where none begins so, `.nothingToTrain` where all do.
  func frozenParameters(_ prefixes: [String]) throws -> Set<Parameter> {
    let parameters = parameters
    for prefix in prefixes where !parameters.contains(where: { $0.key.hasPrefix(prefix) }) {
      throw TrainingError.nothingToFreeze(
        prefix: prefix, network: name, example: parameters.first?.node ?? output)
    }
    let frozen = parameters.filter { parameter in
      prefixes.contains { parameter.key.hasPrefix($0) }
    }
    guard parameters.contains(where: { $0.role.isTrainable && !frozen.contains($0) }) else {
      throw TrainingError.nothingToTrain(network: name)
    }
    return Set(frozen)
  }
}
