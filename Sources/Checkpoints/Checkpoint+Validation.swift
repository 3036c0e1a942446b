import Networks
package import Tensors

extension Checkpoint {
  /// Checks what every checkpoint promises, whether it was read or is to be written: each parameter
  /// is there with its shape, all values are finite and in range, and nothing is left over.
  ///
  /// - Parameters:
  ///   - path: The file, for messages.
  ///   - isFinite: Whether a tensor's floats are known to be finite, so that they need no search.
  /// - Throws: `CheckpointError`.
  package func validate(path: String, isFinite: (Tensor) -> Bool = { _ in false }) throws {
    try preprocessing.validate(for: network, path: path)
    guard labels.count <= network.classCount else {
      throw CheckpointError.invalidText(
        path: path, object: "/labels",
        problem: "has \(labels.count) names for \(network.classCount) classes")
    }
    try validateWeights(path: path, isFinite: isFinite)
    try quantization?.validate(for: network, path: path)
    let hasInt8 = weights.nodes.values.contains { $0.weightScale != nil }
    if hasInt8, quantization == nil {
      throw CheckpointError.missing(path: path, object: "/quantization")
    }
  }

  private func validateWeights(path: String, isFinite: (Tensor) -> Bool) throws {
    let parameters = network.parameters
    for parameter in parameters {
      let object = "/weights/\(parameter.node)/\(parameter.role.rawValue)"
      guard let tensor = weights[parameter] else {
        throw CheckpointError.missing(path: path, object: object)
      }
      guard tensor.shape == parameter.shape else {
        throw CheckpointError.wrongShape(
          path: path, object: object, expected: parameter.shape, found: tensor.shape)
      }
      if tensor.element == .float32, !isFinite(tensor) {
        try tensor.checkFinite(object, path: path)
      }
      if parameter.role == .runningVariance {
        try tensor.checkEach(object, path: path, rule: "must not be negative") { $0 >= 0 }
      }
    }
    let known = Dictionary(grouping: parameters, by: \.node)
    let operations = Dictionary(uniqueKeysWithValues: network.nodes.map { ($0.name, $0.operation) })
    for (node, tensors) in weights.nodes.sorted(by: { $0.key < $1.key }) {
      let roles = known[node].map { Set($0.map(\.role)) } ?? []
      for role in tensors.parameters.keys.sorted() where !roles.contains(role) {
        throw CheckpointError.unexpected(path: path, object: "/weights/\(node)/\(role.rawValue)")
      }
      let isQuantizable = operations[node]?.traits.contains(.hasInt8Weights) ?? false
      try tensors.validateTypes(node: node, isQuantizable: isQuantizable, path: path)
    }
  }
}

extension Weights.NodeWeights {
  fileprivate func validateTypes(node: String, isQuantizable: Bool, path: String) throws {
    for (role, tensor) in parameters.sorted(by: { $0.key < $1.key }) where tensor.element == .int8 {
      guard role != .weight || !isQuantizable else { continue }
      throw CheckpointError.wrongType(
        path: path, object: "/weights/\(node)/\(role.rawValue)", expected: "float32", found: "int8")
    }
    let object = "/weights/\(node)/weight_scale"
    guard let weight = parameters[.weight], weight.element == .int8 else {
      guard weightScale == nil else {
        throw CheckpointError.unexpected(path: path, object: object)
      }
      return
    }
    guard let weightScale else { throw CheckpointError.missing(path: path, object: object) }
    guard weightScale.shape == [weight.shape[0]], weightScale.element == .float32 else {
      throw CheckpointError.wrongShape(
        path: path, object: object, expected: [weight.shape[0]], found: weightScale.shape)
    }
    try weightScale.checkFinite(object, path: path)
    try weightScale.checkEach(object, path: path, rule: "must be greater than 0") { $0 > 0 }
  }
}

extension Preprocessing {
  /// Checks that images of this preprocessing are the network's input.
  func checkShape(of network: Network, path: String) throws {
    let expected = network.input
    for (name, found, expected) in [
      ("channels", channels, expected.channels), ("height", height, expected.height),
      ("width", width, expected.width),
    ] where found != expected {
      throw invalid(name, "is \(found), the network's input has \(expected)", path: path)
    }
  }

  fileprivate func validate(for network: Network, path: String) throws {
    try checkShape(of: network, path: path)
    guard scale.isFinite, scale > 0 else {
      throw invalid("scale", "is \(scale), it must be greater than 0", path: path)
    }
    for (name, values) in [("mean", mean), ("std", std), ("background", background)] {
      guard values.count == channels, values.allSatisfy(\.isFinite) else {
        throw invalid(name, "must have \(channels) finite numbers", path: path)
      }
    }
    guard std.allSatisfy({ $0 > 0 }) else {
      throw invalid("std", "must be greater than 0", path: path)
    }
    let least = resize == .centerCrop ? max(height, width) : 1
    guard (least...1 << 20).contains(resizeShorterSide) else {
      throw invalid(
        "resize_shorter_side", "is \(resizeShorterSide), it must be at least \(least)", path: path)
    }
  }

  private func invalid(_ name: String, _ problem: String, path: String) -> CheckpointError {
    .invalidAttribute(path: path, object: "/preprocessing", name: name, problem: problem)
  }
}

extension Quantization {
  fileprivate func validate(for network: Network, path: String) throws {
    let known = Set(network.nodes.map(\.name) + [Network.inputName])
    for (name, activation) in activations.sorted(by: { $0.key < $1.key }) {
      guard known.contains(name) else {
        throw CheckpointError.unexpected(path: path, object: "/quantization/\(name)")
      }
      guard activation.scale.isFinite, activation.scale > 0 else {
        throw CheckpointError.invalidAttribute(
          path: path, object: "/quantization/\(name)", name: "scale",
          problem: "is \(activation.scale), it must be finite and greater than 0")
      }
    }
  }
}

extension Tensor {
  /// Throws where a float is NaN or infinite.
  func checkFinite(_ object: String, path: String) throws {
    guard withBytes({ $0.holdsNonFinite }) else { return }
    try withFloats { values in
      guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
      throw CheckpointError.notFinite(
        path: path, object: object, index: index, value: values[index])
    }
  }

  fileprivate func checkEach(
    _ object: String, path: String, rule: String, _ holds: (Float) -> Bool
  ) throws {
    guard element == .float32 else { return }
    try withFloats { values in
      guard let index = values.firstIndex(where: { !holds($0) }) else { return }
      throw CheckpointError.invalidValue(
        path: path, object: object, index: index, value: values[index], rule: rule)
    }
  }
}
