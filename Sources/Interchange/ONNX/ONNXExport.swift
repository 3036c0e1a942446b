public import Checkpoints
import Networks

/// Writes a checkpoint as ONNX (opset 18, IR version 9): the inference graph with a free batch
/// axis `batch`, input `input` `[batch, C, H, W]` and output `logits` `[batch, classes]`.
///
/// A node's output value bears its name, but for the result, which is `logits`; dropout is left
/// out, being the identity. Weights are initialisers `node.weight`, …. A quantised checkpoint
/// becomes a graph of `QuantizeLinear` and `DequantizeLinear` pairs (QDQ), which runtimes fuse to
/// integer kernels. `metadata_props` holds what the checkpoint says beside its weights.
public struct ONNXExport: Sendable {
  /// The operators' version.
  public static let opset = 18
  /// The file format's version; opset 18 came with 8, 9 is what readers of it know.
  public static let irVersion = 9

  /// Whether a second output `probabilities` has the softmax of the logits.
  public var softmax: Bool
  /// Whether the graph does the preprocessing: its input is then `image`, bytes
  /// `[batch, C, height, width]` of any size, and `input` an inner value.
  public var preprocessing: Bool
  /// The bytes of weights above which they go to a file beside the model, named after it with
  /// `.data` at the end: a protobuf message ends at 2³¹.
  public var externalDataAbove: Int

  /// An export.
  public init(
    softmax: Bool = false, preprocessing: Bool = false, externalDataAbove: Int = 2_000_000_000
  ) {
    self.softmax = softmax
    self.preprocessing = preprocessing
    self.externalDataAbove = externalDataAbove
  }

  /// Writes the model, weights streamed from where they lie.
  ///
  /// - Parameters:
  ///   - checkpoint: What to write.
  ///   - path: The file, which is replaced once the new one is whole.
  ///   - input: The file that the checkpoint came from, which is never overwritten.
  /// - Throws: `InterchangeError`; what was at `path` is then intact.
  public func write(_ checkpoint: Checkpoint, to path: String, input: String? = nil) throws {
    try FileWriter.checkTarget(path, input: input)
    try checkpoint.checkForExport()
    var graph = ONNXGraphBuilder(checkpoint)
    try graph.build(softmax: softmax, preprocessing: preprocessing)
    let metadata = try Metadata(checkpoint)

    let total = graph.initializers.reduce(0) { $0 + $1.data.count }
    var places: [String: ONNXInitializer.Place] = [:]
    var data: FileWriter?
    if total > externalDataAbove {
      let writer = try FileWriter(path: path + ".data", input: input)
      places = try writeExternal(graph.initializers, to: writer, named: Self.name(of: path))
      data = writer
    }
    let model = model(graph, metadata, places)
    let file = try FileWriter(path: path, input: input)
    try model.write(to: file)
    // The data first: a model never points at what is not there yet.
    try data?.commit()
    try file.commit()
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map { "\($0).data" } ?? "model.data"
  }

  /// Tensors of a page or more, each on a page of its own so that readers can map it.
  private func writeExternal(
    _ initializers: [ONNXInitializer], to file: FileWriter, named name: String
  ) throws -> [String: ONNXInitializer.Place] {
    var places: [String: ONNXInitializer.Place] = [:]
    for initializer in initializers where initializer.data.count >= 1024 {
      guard case .tensor(let tensor) = initializer.data else { continue }
      try file.pad(to: 4096)
      places[initializer.name] = .init(file: name, offset: file.length)
      try tensor.withBytes { try file.write($0) }
    }
    return places
  }

  private func model(
    _ graph: ONNXGraphBuilder, _ metadata: Metadata, _ places: [String: ONNXInitializer.Place]
  ) -> ProtobufWriter {
    var model = ProtobufWriter()
    model.varint(1, Self.irVersion)
    model.string(2, Metadata.producer)
    model.message(7) { graph.encode(to: &$0, places: places) }
    model.message(8) {
      $0.string(1, "")
      $0.varint(2, Self.opset)
    }
    for (key, value) in metadata.pairs.sorted(by: { $0.key < $1.key }) {
      model.pair(14, key, value)
    }
    return model
  }
}
