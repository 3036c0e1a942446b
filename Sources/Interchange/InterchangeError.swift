import Files
import Networks

/// Why a file was not read or not written. Each message says what, where, and what to do.
public enum InterchangeError: Error, Equatable, CustomStringConvertible {
  /// The file cannot be opened or read.
  case unreadable(path: String, reason: String)
  /// The file cannot be written.
  case unwritable(path: String, reason: String)
  /// The target is a folder.
  case targetIsFolder(path: String)
  /// The target is the file that is being converted.
  case targetIsInput(path: String)
  /// The bytes are not a safetensors file.
  case safetensors(path: String, SafetensorsFault)
  /// The bytes are not an ONNX file, or not one that this program reads.
  case onnx(path: String, ONNXFault)
  /// The file does not say which network its weights belong to.
  case noNetwork(path: String)
  /// Parameters of the network that the file does not have.
  case missingTensors(path: String, network: String, names: [String])
  /// Tensors of the file that the network does not have.
  case unexpectedTensors(path: String, network: String, names: [String])
  /// A tensor of another shape than the network's.
  case wrongShape(path: String, tensor: String, expected: [Int], found: [Int])
  /// A tensor whose element type cannot be a weight.
  case unsupportedElement(path: String, tensor: String, element: String)
  /// NaN, infinity, or a number beyond float32.
  case notFinite(path: String, tensor: String, index: Int)
  /// An int8 weight's scale that is not positive.
  case invalidScale(path: String, tensor: String)
  /// Metadata that is ours by its key and not by its content.
  case malformedMetadata(path: String, key: String, detail: String)
  /// The network that a file's metadata describes is refused.
  case invalidNetwork(path: String, detail: String)
  /// A checkpoint in memory whose tensors are not its network's.
  case inconsistentCheckpoint(detail: String)
  /// Something that the format cannot express.
  case notExportable(node: String, reason: String)

  /// What, where, and what to do.
  public var description: String { message.onOneLine }

  private var message: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot read: '\(path)' (\(reason)): check the path and its permissions"
    case .unwritable(let path, let reason):
      "cannot write: '\(path)' (\(reason)): free space or name a file that can be written"
    case .targetIsFolder(let path):
      "output is a folder: '\(path)': name a file in it"
    case .targetIsInput(let path):
      "output is the input: '\(path)': name another file"
    case .safetensors(let path, let fault):
      "damaged safetensors file: '\(path)': \(fault)"
    case .onnx(let path, let fault):
      "unreadable ONNX file: '\(path)': \(fault)"
    case .noNetwork(let path):
      "no network: '\(path)' was not written by this program: "
        + "name the network that its weights belong to"
    case .missingTensors(let path, let network, let names):
      "missing tensors: '\(path)' lacks \(listed(names)) of network \(network.quoted): "
        + "use the weights of this network, or name another network"
    case .unexpectedTensors(let path, let network, let names):
      "unexpected tensors: '\(path)' has \(listed(names)), which network \(network.quoted) does not: "
        + "use the weights of this network, or name another network"
    case .wrongShape(let path, let tensor, let expected, let found):
      "wrong shape: \(tensor.quoted) of '\(path)' is \(found): the network needs \(expected)"
    case .unsupportedElement(let path, let tensor, let element):
      "unsupported element type: \(tensor.quoted) of '\(path)' is \(element): "
        + "convert it to float32 (F16, BF16 and F64 are read too)"
    case .notFinite(let path, let tensor, let index):
      "not a finite float32: element \(index) of \(tensor.quoted) of '\(path)': "
        + "use weights that did not diverge"
    case .invalidScale(let path, let tensor):
      "invalid scale: \(tensor.quoted) of '\(path)' has one that is not positive: quantise again"
    case .malformedMetadata(let path, let key, let detail):
      "malformed metadata: \(key.quoted) of '\(path)': \(detail): export the file again"
    case .invalidNetwork(let path, let detail):
      "invalid network in '\(path)': \(detail)"
    case .inconsistentCheckpoint(let detail):
      "inconsistent checkpoint: \(detail): give every parameter of the network and nothing else"
    case .notExportable(let node, let reason):
      "cannot be exported: \(node.quoted): \(reason)"
    }
  }

  /// At most five names, so that a message stays one line.
  private func listed(_ names: [String]) -> String {
    let shown = names.prefix(5).map(\.quoted).joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
  }
}
