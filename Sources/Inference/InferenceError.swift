public import Networks

/// Why a network cannot be run.
///
/// ```swift
/// do {
///   _ = try Plan(network: network, weights: weights, isa: .neon)
/// } catch InferenceError.unavailableISA(_, let available) {
///   print("this processor has", available)
/// } catch let error as InferenceError {
///   print(error.description)  // what, where, and what to do
/// }
/// ```
public enum InferenceError: Error, Equatable, CustomStringConvertible {
  /// A parameter of the network that the weights lack.
  case missingParameter(String)
  /// A parameter whose shape is not the network's.
  case wrongShape(parameter: String, expected: [Int], found: [Int])
  /// An int8 weight without the quantisation that it needs.
  case notFloat(parameter: String)
  /// A variance that with ε is not positive.
  case invalidVariance(node: String, channel: Int)
  /// `CNN_ISA` names no instruction set.
  case unknownISA(String)
  /// An instruction set that this CPU or system lacks.
  case unavailableISA(ISA, available: [ISA])
  /// A number of images, threads or scores out of range.
  case invalidCount(what: String, found: Int, allowed: ClosedRange<Int>)
  /// A buffer too small for its images.
  case bufferTooSmall(what: String, needed: Int, found: Int)
  /// Preprocessing that makes another shape than the network reads.
  case wrongPreprocessing(prepared: TensorShape, input: TensorShape)
  /// A label that is no class of the network.
  case labelOutOfRange(label: Int, classes: Int)
  /// A checkpoint to be quantised that has an int8 weight already.
  case alreadyQuantized(node: String)
  /// A quantisation without an image that was seen.
  case notCalibrated
  /// A value inside of the network that is NaN or infinite.
  case notFinite(value: String)
  /// Memory that the system did not give.
  case outOfMemory(bytes: Int)

  /// What, where, and what to do.
  public var description: String {
    switch self {
    case .missingParameter(let key):
      "missing weights: '\(key)': use a checkpoint of this network"
    case .wrongShape(let key, let expected, let found):
      "weights of another shape: '\(key)' is \(found), the network needs \(expected): "
        + "use a checkpoint of this network"
    case .notFloat(let key):
      "weights are not float32: '\(key)': give the checkpoint's quantization, or its weights.inFloat32"
    case .invalidVariance(let node, let channel):
      "variance is not positive: node '\(node)', channel \(channel): the checkpoint is damaged"
    case .unknownISA(let name):
      "unknown instruction set: CNN_ISA=\(name): use one of "
        + ISA.allCases.map(\.rawValue).joined(separator: ", ")
    case .unavailableISA(let isa, let available):
      "instruction set not available: \(isa.rawValue) on this CPU: use one of "
        + available.map(\.rawValue).joined(separator: ", ")
    case .invalidCount(let what, let found, let allowed):
      "\(what) out of range: \(found): use \(allowed.lowerBound) to \(allowed.upperBound)"
    case .bufferTooSmall(let what, let needed, let found):
      "buffer too small: \(what) holds \(found) numbers: it needs \(needed)"
    case .wrongPreprocessing(let prepared, let input):
      "preprocessing of another shape: it makes \(prepared), the network reads \(input): "
        + "correct the checkpoint's preprocessing"
    case .labelOutOfRange(let label, let classes):
      "label out of range: \(label): the network has \(classes) classes, counted from 0"
    case .alreadyQuantized(let node):
      "weights are int8 already: node '\(node)': quantise the float32 checkpoint that they come from"
    case .notCalibrated:
      "nothing to calibrate with: no image was seen: give some"
    case .notFinite(let value):
      "values are not finite: node '\(value)': train again with a smaller learning rate"
    case .outOfMemory(let bytes):
      "out of memory: \(bytes) bytes were refused: use a smaller batch or image"
    }
  }
}
