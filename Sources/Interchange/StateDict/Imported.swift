public import Checkpoints
public import Networks
public import Tensors

/// A checkpoint made of a file of another format, and what was done to get there.
public struct Imported: Sendable {
  /// The network, its weights, and what the file says beside them; without optimiser state.
  public var checkpoint: Checkpoint
  /// The tensors that inference has no use for, by name: `bn1.num_batches_tracked`, `aux1.…`.
  public var ignored: [String]
  /// The tensors found under an older name.
  public var renamed: [String]
}

/// What an importer is told beside the file; each part overrides what the file says.
public struct ImportOptions: Sendable {
  /// The network that the weights belong to, for files that do not name one.
  public var network: Network?
  /// The preprocessing. For a file without one: ImageNet's for three channels and a square input
  /// (torchvision's weights but GoogLeNet's, which expect a mean and deviation of 0.5), else the
  /// plain scaling of bytes to 0…1.
  public var preprocessing: Preprocessing?
  /// The classes' names.
  public var labels: [String]?

  /// Options; without any the file must be one that this program wrote.
  public init(
    network: Network? = nil, preprocessing: Preprocessing? = nil, labels: [String]? = nil
  ) {
    self.network = network
    self.preprocessing = preprocessing
    self.labels = labels
  }
}

extension StateDict {
  /// A checkpoint of the network's tensors in this file.
  package func checkpoint(
    _ options: ImportOptions, integerBiases: [String: Tensor] = [:]
  ) throws -> Imported {
    let imported = try imported(onto: options.network, integerBiases: integerBiases)
    let network = imported.network
    // The file's words hold for the file's own network only.
    let own = options.network == nil
    let checkpoint = Checkpoint(
      network: network, weights: imported.weights,
      preprocessing: try options.preprocessing
        ?? (own ? metadata.preprocessing(of: network) : nil) ?? .usual(for: network.input),
      labels: try options.labels ?? metadata.labels(of: network) ?? [],
      training: own ? try metadata.training() : nil,
      quantization: try metadata.quantization())
    try checkpoint.checkForExport()
    return Imported(checkpoint: checkpoint, ignored: imported.ignored, renamed: imported.renamed)
  }
}

extension Preprocessing {
  /// ImageNet's for colour, plain scaling for the rest.
  fileprivate static func usual(for input: TensorShape) -> Preprocessing {
    if input.channels == 3, input.height == input.width { return .imageNet(size: input.height) }
    return Preprocessing(channels: input.channels, height: input.height, width: input.width)
  }
}
