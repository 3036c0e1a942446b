public import Checkpoints
import Networks
public import Tensors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The safetensors format (github.com/huggingface/safetensors): PyTorch's names and layouts.
public enum Safetensors {
  /// Writes a checkpoint's weights under PyTorch's names, with labels, preprocessing, network and
  /// training history in `__metadata__`; without the optimiser's state. Quantised weights are `I8`
  /// with a `weight_scale` beside them.
  ///
  /// - Parameters:
  ///   - checkpoint: What to write.
  ///   - path: The file, which is replaced once the new one is whole.
  ///   - input: The file that the checkpoint came from, which is never overwritten.
  /// - Throws: `InterchangeError`; what was at `path` is then intact.
  public static func write(
    _ checkpoint: Checkpoint, to path: String, input: String? = nil
  ) throws {
    try FileWriter.checkTarget(path, input: input)
    try checkpoint.checkForExport()
    let tensors = checkpoint.namedTensors
    let header = try header(of: tensors, Metadata(checkpoint))
    let file = try FileWriter(path: path, input: input)
    try file.write((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) })
    try file.write(header)
    for (_, tensor) in tensors { try tensor.withBytes { try file.write($0) } }
    try file.commit()
  }

  /// Reads a file's tensors onto a network by name; F16, BF16 and F64 become float32.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - options: The network, where the file was not written by this program, and what replaces
  ///     the file's own words.
  /// - Returns: The checkpoint, and what was left out.
  /// - Throws: `InterchangeError` for a damaged file or one that does not fit, `NetworkError` for a
  ///   network that means nothing.
  public static func read(_ path: String, options: ImportOptions = .init()) throws -> Imported {
    try SafetensorsHeader(ByteSource(path: path)).stateDict.checkpoint(options)
  }

  /// The JSON, filled with spaces to a multiple of 8 so that the data is aligned.
  private static func header(
    of tensors: [(name: String, tensor: Tensor)], _ metadata: Metadata
  ) throws -> [UInt8] {
    var pairs = metadata.pairs
    // The value that PyTorch users' loaders look for.
    pairs["format"] = "pt"
    var entries = ["\(quoted("__metadata__")):\(try json(pairs))"]
    var offset = 0
    for (name, tensor) in tensors {
      let type: StoredElement = tensor.element == .int8 ? .int8 : .float32
      let end = offset + tensor.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        """
        \(try json(name)):{"dtype":"\(type.rawValue)","shape":[\(shape)],\
        "data_offsets":[\(offset),\(end)]}
        """)
      offset = end
    }
    var bytes = Array("{\(entries.joined(separator: ","))}".utf8)
    bytes += [UInt8](repeating: 0x20, count: (8 - bytes.count % 8) % 8)
    return bytes
  }

  private static func quoted(_ text: String) -> String { "\"\(text)\"" }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

extension Checkpoint {
  /// Every tensor under its key, float32 first so that all are aligned.
  fileprivate var namedTensors: [(name: String, tensor: Tensor)] {
    var floats: [(name: String, tensor: Tensor)] = []
    var bytes: [(name: String, tensor: Tensor)] = []
    for parameter in network.parameters {
      guard let tensor = weights[parameter] else { continue }
      switch tensor.element {
      case .float32: floats.append((parameter.key, tensor))
      case .int8: bytes.append((parameter.key, tensor))
      }
      if parameter.role == .weight, let scale = weights.nodes[parameter.node]?.weightScale {
        floats.append(("\(parameter.key)_scale", scale))
      }
    }
    return floats + bytes
  }
}
