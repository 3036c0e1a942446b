import Checkpoints
import Interchange
import Networks

/// A checkpoint in any of the formats that are read.
enum AnyCheckpoint {
  /// Reads a checkpoint, or imports the tensors of an ONNX or safetensors file.
  ///
  /// - Parameters:
  ///   - path: The file, whose ending tells its format.
  ///   - network: The network of a file that names none.
  /// - Returns: The checkpoint.
  /// - Throws: `CheckpointError`, `InterchangeError` or `NetworkError`.
  static func read(_ path: String, network: Network? = nil) throws -> Checkpoint {
    guard ForeignReport.knows(path) else { return try Checkpoint(contentsOf: path) }
    do {
      return try imported(path, .init())
    } catch InterchangeError.noNetwork(let path) {
      guard let network else { throw InterchangeError.noNetwork(path: path) }
      return try imported(path, .init(network: network))
    }
  }

  private static func imported(_ path: String, _ options: ImportOptions) throws -> Checkpoint {
    path.lowercased().hasSuffix(".onnx")
      ? try ONNXImport.read(path, options: options).checkpoint
      : try Safetensors.read(path, options: options).checkpoint
  }
}
