public import Checkpoints
import Networks
import Tensors

/// Makes an int8 checkpoint of a float one, as a calibration tells.
///
/// Weights become int8 with a scale for each output channel, symmetric; activations uint8 with one scale
/// and zero point for each value; sums are int32, to which the bias is added. See `Tensor.quantized` and
/// Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient
/// Integer-Arithmetic-Only Inference", §2.
///
/// ```swift
/// let quantizer = try Quantizer(calibration, method: .percentile)
/// let noisy = quantizer.layers.filter { $0.decibels < 10 }.map(\.name)
/// let int8 = quantizer.checkpoint(fallingBack: Set(noisy))
/// ```
public struct Quantizer: Sendable {
  /// A layer's loss by int8.
  ///
  /// ```swift
  /// for layer in quantizer.layers { print(layer.name, layer.decibels, "dB") }
  /// ```
  public struct LayerNoise: Sendable, Equatable {
    /// The node's name.
    public let name: String
    /// `10 log₁₀(Σ y² / Σ (y − ŷ)²)` in dB, with `y` the layer's output in float32 and `ŷ` that of int8
    /// weights and the uint8 input; infinite where both are equal.
    public let decibels: Double
  }

  /// How ranges were chosen.
  package let method: CalibrationMethod
  /// The float checkpoint with its batch norms folded.
  package let floatCheckpoint: Checkpoint
  /// What int8 costs each convolution and linear layer, in the network's order.
  public private(set) var layers: [LayerNoise] = []
  private let grids: [String: Quantization.Activation]
  /// Those of values that are only moved, too.
  private let gridsOfNodes: [String: Quantization.Activation]
  private let values: QuantizedValues
  private let samples: Int
  private var weights: [String: (weight: Tensor, scale: Tensor)] = [:]

  /// Chooses the grids, rounds the weights, and compares each layer with its float form.
  ///
  /// - Parameters:
  ///   - calibration: What the values look like.
  ///   - method: How ranges are chosen.
  /// - Throws: `InferenceError`: `.notCalibrated` where no image was seen.
  public init(_ calibration: Calibration, method: CalibrationMethod) throws {
    guard calibration.samples > 0 else { throw InferenceError.notCalibrated }
    self.method = method
    floatCheckpoint = calibration.checkpoint
    values = calibration.values
    samples = calibration.samples
    grids = calibration.grids(method)
    let network = floatCheckpoint.network
    gridsOfNodes = Quantization(method: method.rawValue, samples: samples, activations: grids)
      .grids(of: network)
    for node in network.nodes where node.operation.traits.contains(.hasInt8Weights) {
      guard let weight = floatCheckpoint.weights[node.name, .weight], let grid = grid(of: node)
      else { continue }
      weights[node.name] = weight.quantized(
        bias: floatCheckpoint.weights[node.name, .bias]?.floats, input: grid)
    }
    layers = try LayerComparison(calibration, self).noise()
  }

  /// The grid of what a layer reads.
  func grid(of layer: Node) -> Quantization.Activation? { gridsOfNodes[layer.inputs[0]] }

  /// The int8 weight and the scales of a layer.
  func weight(of layer: String) -> (weight: Tensor, scale: Tensor)? { weights[layer] }

  /// The int8 checkpoint.
  ///
  /// Values that only fallen-back layers read have no grid: they stay float32 all the way.
  ///
  /// - Parameter fallback: Names of layers that stay in float32.
  /// - Returns: The checkpoint, without its optimiser's tensors.
  public func checkpoint(fallingBack fallback: Set<String> = []) -> Checkpoint {
    var result = floatCheckpoint
    for (name, quantized) in weights where !fallback.contains(name) {
      result.weights[name, .weight] = quantized.weight
      result.weights.nodes[name]?.weightScale = quantized.scale
    }
    let names = values.names(besides: fallback)
    result.quantization = Quantization(
      method: method.rawValue, samples: samples,
      activations: grids.filter { names.contains($0.key) })
    result.training?.optimizer = [:]
    result.training?.progress = nil
    return result
  }
}
