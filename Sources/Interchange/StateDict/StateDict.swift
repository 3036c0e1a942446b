import Networks
import Tensors

/// Tensors under PyTorch's names, found in a file and not yet read.
package struct StateDict {
  package let path: String
  package let tensors: [String: StoredTensor]
  package let metadata: Metadata

  /// Reads the tensors of a network.
  ///
  /// Every parameter must be there with its shape, and nothing else may, but for what inference has
  /// no use for (`num_batches_tracked`, the heads `aux1`, `aux2` of GoogLeNet). Names of DenseNet's
  /// older files (`norm.1` for `norm1`) are understood, as torchvision's loader does.
  ///
  /// - Parameters:
  ///   - given: The network, or nil for the one that the file names.
  ///   - integerBiases: The float values of biases that the file holds as int32, by key.
  /// - Returns: The weights, and what was left out or found under an older name.
  /// - Throws: `InterchangeError`, which names the tensors that do not fit.
  func imported(
    onto given: Network?, integerBiases: [String: Tensor] = [:]
  ) throws -> ImportedWeights {
    guard let network = try given ?? metadata.network() else {
      throw InterchangeError.noNetwork(path: path)
    }
    let (names, ignored, renamed) = matched(to: network)
    try checkNames(names, network)
    var weights = Weights()
    for parameter in network.parameters {
      guard let stored = names[parameter.key] else { continue }
      guard stored.shape == parameter.shape else {
        throw InterchangeError.wrongShape(
          path: path, tensor: stored.name, expected: parameter.shape, found: stored.shape)
      }
      if parameter.role == .weight, let scale = names["\(parameter.key)_scale"] {
        weights[parameter] = try quantized(stored)
        weights.nodes[parameter.node]?.weightScale = try scales(scale, count: parameter.shape[0])
      } else {
        weights[parameter] = try integerBiases[parameter.key] ?? stored.floats()
      }
    }
    return ImportedWeights(
      network: network, weights: weights, ignored: ignored.sorted(), renamed: renamed.sorted())
  }

  private func matched(
    to network: Network
  ) -> (names: [String: StoredTensor], ignored: [String], renamed: [String]) {
    let known = Set(network.parameters.map(\.key))
    var names: [String: StoredTensor] = [:]
    var ignored: [String] = []
    var renamed: [String] = []
    for (name, tensor) in tensors {
      let current = Self.currentName(name)
      if known.contains(name) || !known.contains(current) || tensors[current] != nil {
        if !known.contains(name), Self.isUseless(name) {
          ignored.append(name)
        } else {
          names[name] = tensor
        }
      } else {
        names[current] = tensor
        renamed.append(name)
      }
    }
    return (names, ignored, renamed)
  }

  private func checkNames(_ names: [String: StoredTensor], _ network: Network) throws {
    let wanted = network.parameters.map(\.key)
    let missing = wanted.filter { names[$0] == nil }
    guard missing.isEmpty else {
      throw InterchangeError.missingTensors(path: path, network: network.name, names: missing)
    }
    let scales = network.parameters.filter { $0.role == .weight && names[$0.key]?.element == .int8 }
      .map { "\($0.key)_scale" }
    let extra = Set(names.keys).subtracting(wanted).subtracting(scales).sorted()
    guard extra.isEmpty else {
      throw InterchangeError.unexpectedTensors(path: path, network: network.name, names: extra)
    }
  }

  private func quantized(_ stored: StoredTensor) throws -> Tensor {
    guard stored.element == .int8 else {
      throw InterchangeError.unsupportedElement(
        path: path, tensor: stored.name, element: stored.element.rawValue)
    }
    return try stored.bytes()
  }

  private func scales(_ stored: StoredTensor, count: Int) throws -> Tensor {
    guard stored.shape == [count] else {
      throw InterchangeError.wrongShape(
        path: path, tensor: stored.name, expected: [count], found: stored.shape)
    }
    let tensor = try stored.floats()
    guard tensor.withFloats({ $0.allSatisfy { $0 > 0 } }) else {
      throw InterchangeError.invalidScale(path: path, tensor: stored.name)
    }
    return tensor
  }

  /// What training alone needs.
  private static func isUseless(_ name: String) -> Bool {
    name == "num_batches_tracked" || name.hasSuffix(".num_batches_tracked")
      || name.hasPrefix("aux1.") || name.hasPrefix("aux2.")
  }

  /// `denselayer1.norm.1.weight` → `denselayer1.norm1.weight`: how torchvision's own loader reads
  /// the DenseNet files of 2017.
  private static func currentName(_ name: String) -> String {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)
    for index in parts.indices.dropLast() where parts[index] == "norm" || parts[index] == "conv" {
      let inLayer = index > 0 && parts[index - 1].hasPrefix("denselayer")
      if inLayer, parts[index + 1] == "1" || parts[index + 1] == "2" {
        parts[index] += parts[index + 1]
        parts.remove(at: index + 1)
        break
      }
    }
    return parts.joined(separator: ".")
  }
}

/// The outcome of mapping a state dict onto a network.
struct ImportedWeights {
  var network: Network
  var weights: Weights
  var ignored: [String]
  var renamed: [String]
}
