public import Tensors

/// What a safetensors or ONNX file holds, found without reading its weights.
public struct FileDescription: Sendable, Equatable {
  /// The formats that are told apart.
  public enum Format: String, Sendable {
    /// A protobuf message of onnx.ai.
    case onnx
    /// A JSON header and plain data.
    case safetensors
  }

  /// One tensor.
  public struct TensorEntry: Sendable, Equatable {
    /// The key: `conv1.weight`.
    public var name: String
    /// The extents, outermost first.
    public var shape: [Int]
    /// The element type's name in the file's own terms: `F32`, or ONNX's `FLOAT`.
    public var element: String
    /// The bytes of its data.
    public var bytes: Int
    /// What its values are like, where that was asked for and the element type has values.
    public var statistics: TensorStatistics?
  }

  /// What an ONNX file says beside tensors and metadata.
  public struct Graph: Sendable, Equatable {
    /// The graph's name.
    public var name: String
    /// The version of the file format.
    public var irVersion: Int
    /// The version of the operators, 0 where the default domain is not named.
    public var opset: Int
    /// The program that wrote it.
    public var producer: String
    /// The nodes by operator.
    public var operators: [String: Int]
    /// The graph's inputs and outputs in order, as `name: element[batch×1×28×28]`.
    public var inputs, outputs: [String]
  }

  /// The format.
  public var format: Format
  /// The file's length, without external data.
  public var bytes: Int
  /// The tensors in the file's order.
  public var tensors: [TensorEntry]
  /// The text pairs: ONNX's `metadata_props`, safetensors' `__metadata__`.
  public var metadata: [String: String]
  /// Of an ONNX file.
  public var graph: Graph?

  /// Describes a file. An ending of `.onnx` or `.safetensors` decides the format, else the content.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - statistics: Whether every tensor is read for what its values are like.
  /// - Returns: Its tensors and metadata.
  /// - Throws: `InterchangeError` where the file is damaged or neither.
  public static func read(_ path: String, statistics: Bool = false) throws -> FileDescription {
    let source = try ByteSource(path: path)
    var result: FileDescription
    let stored: [StoredTensor?]
    switch try format(of: source) {
    case .safetensors:
      let header = try SafetensorsHeader(source)
      result = header.description
      stored = statistics ? header.tensors : []
    case .onnx:
      let model = try ONNXModel(source)
      result = model.description
      stored = statistics ? try model.storedTensors() : []
    }
    for (index, tensor) in stored.enumerated() {
      result.tensors[index].statistics = try tensor?.statistics()
    }
    return result
  }

  private static func format(of source: ByteSource) throws -> Format {
    if source.path.lowercased().hasSuffix(".safetensors") { return .safetensors }
    if source.path.lowercased().hasSuffix(".onnx") { return .onnx }
    // A safetensors header is a JSON object after eight bytes of length.
    return try source.byte(at: 8) == UInt8(ascii: "{") ? .safetensors : .onnx
  }
}
