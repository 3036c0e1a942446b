import Checkpoints
import Networks

extension Checkpoint {
  /// Refuses to write what no reader would take: a parameter missing, left over, or of another
  /// shape or type than the network's.
  func checkForExport() throws {
    func refuse(_ detail: String) -> InterchangeError { .inconsistentCheckpoint(detail: detail) }
    var left = weights.nodes.mapValues { Set($0.parameters.keys) }
    for parameter in network.parameters {
      guard let tensor = weights[parameter] else { throw refuse("'\(parameter.key)' is missing") }
      guard tensor.shape == parameter.shape else {
        throw refuse("'\(parameter.key)' is \(tensor.shape), not \(parameter.shape)")
      }
      left[parameter.node]?.remove(parameter.role)
      let scale = parameter.role == .weight ? weights.nodes[parameter.node]?.weightScale : nil
      switch (tensor.element, scale) {
      case (.float32, nil): break
      case (.int8, _?) where quantization == nil:
        throw refuse("'\(parameter.key)' is int8 and the activations have no grid")
      case (.int8, let scale?):
        guard scale.element == .float32, scale.shape == [parameter.shape[0]] else {
          throw refuse("'\(parameter.key)_scale' is not float32 [\(parameter.shape[0])]")
        }
      case (.float32, _?): throw refuse("'\(parameter.key)_scale' belongs to no int8 weight")
      case (.int8, nil): throw refuse("'\(parameter.key)' is int8 and has no scale")
      }
    }
    for (node, roles) in left.sorted(by: { $0.key < $1.key }) {
      if let role = roles.min() {
        throw refuse("'\(node).\(role.rawValue)' is not of network '\(network.name)'")
      }
    }
    try checkGrids()
    guard labels.count <= network.classCount else {
      throw refuse("\(labels.count) labels for \(network.classCount) classes")
    }
    guard preprocessing.shape == network.input else {
      throw refuse(
        "the preprocessing makes \(preprocessing.shape), the network takes \(network.input)")
    }
  }

  private func checkGrids() throws {
    let names = Set(network.nodes.map(\.name)).union([Network.inputName])
    for (name, grid) in (quantization?.activations ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard names.contains(name) else {
        throw InterchangeError.inconsistentCheckpoint(
          detail: "the quantised value '\(name)' is not of network '\(network.name)'")
      }
      guard grid.scale.isFinite, grid.scale > 0 else {
        throw InterchangeError.inconsistentCheckpoint(
          detail: "the scale of value '\(name)' is not positive")
      }
    }
  }
}
