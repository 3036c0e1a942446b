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
      return try Imported(byEnding: path).checkpoint
    } catch InterchangeError.noNetwork(let path) {
      guard let network else { throw InterchangeError.noNetwork(path: path) }
      return try Imported(byEnding: path, .init(network: network)).checkpoint
    }
  }
}

extension Imported {
  /// Imports an ONNX file, by its ending, or else a safetensors file.
  init(byEnding path: String, _ options: ImportOptions = .init()) throws {
    self =
      path.lowercased().hasSuffix(".onnx")
      ? try ONNXImport.read(path, options: options) : try Safetensors.read(path, options: options)
  }
}
