public import Tensors

/// What can be done with a checkpoint's file besides reading it as a `Checkpoint`.
public enum CheckpointFile {
  /// What a checkpoint's file is, beside what it holds.
  public struct Description: Sendable, Codable, Equatable {
    /// The file's length in bytes.
    public var bytes: Int
    /// The schema's version.
    public var version: Int
    /// What wrote the file.
    public var producer: String
    /// The weights' element types.
    public var precision: Precision
  }

  /// The element types of a network's weights.
  public enum Precision: String, Sendable, Codable {
    /// All float32.
    case fp32
    /// All weights of convolutions and linear layers int8.
    case int8
    /// Some of them int8, some float32.
    case mixed
  }

  /// Reads a checkpoint and what its file is, in one go.
  ///
  /// The seal is checked before a byte is parsed, and libhdf5 parses none: a forged seal gets a stranger
  /// no further than `Structure`. The weights are views of the mapped file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - options: What to read beside what inference needs.
  ///   - threads: Threads that read; two are enough.
  /// - Returns: The checkpoint and the file's description.
  /// - Throws: `CheckpointError`.
  public static func read(
    _ path: String, options: Checkpoint.ReadingOptions = [], threads: Int = 1
  ) throws -> (checkpoint: Checkpoint, description: Description) {
    let file = try MappedFile(path: path)
    return try read(file, file.checkedScan(threads: threads), options)
  }

  /// Reads a file behind a user block whatever its seal says: what a stranger who seals his own files
  /// can reach, for tests.
  package static func readIgnoringSeal(_ path: String) throws -> Checkpoint {
    let file = try MappedFile(path: path)
    guard file.byteCount > Seal.blockSize else {
      throw CheckpointError.notCheckpoint(path: path, found: "too short")
    }
    return try read(file, ContentScan(of: file.mapping), .trainingState).checkpoint
  }

  private static func read(
    _ file: MappedFile, _ scan: ContentScan, _ options: Checkpoint.ReadingOptions
  ) throws -> (checkpoint: Checkpoint, description: Description) {
    let result = try file.withBytes { bytes in
      try HDF5Failure.naming("/", of: file.path) {
        try CheckpointReader(file, bytes, scan: scan).checkpoint(options)
      }
    }
    let description = Description(
      bytes: file.byteCount, version: CheckpointFormat.version, producer: result.producer,
      precision: result.checkpoint.weights.precision)
    return (result.checkpoint, description)
  }
}

extension Weights {
  /// The element types of the weights.
  public var precision: CheckpointFile.Precision {
    let weights = nodes.values.compactMap { $0.parameters[.weight] }.filter { $0.shape.count > 1 }
    let quantized = weights.filter { $0.element == .int8 }.count
    return quantized == 0 ? .fp32 : quantized == weights.count ? .int8 : .mixed
  }
}

extension Checkpoint {
  /// What to read beside what inference needs.
  public struct ReadingOptions: OptionSet, Sendable {
    /// The bits.
    public let rawValue: Int

    /// Options of these bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The optimiser's tensors, which going on with training needs.
    public static let trainingState = ReadingOptions(rawValue: 1)
  }

  /// Reads a checkpoint from its file.
  ///
  /// The seal is checked before a byte is parsed. The weights are views of the mapped file,
  /// which stays mapped as long as one of them lives; a checkpoint written over it meanwhile is
  /// another file and changes nothing.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - options: What to read beside what inference needs; by default the optimiser's tensors are
  ///     left out.
  ///   - threads: Threads that read; two are enough.
  /// - Throws: `CheckpointError`, which names the file, and the dataset where one is at fault.
  public init(contentsOf path: String, options: ReadingOptions = [], threads: Int = 1) throws {
    self = try CheckpointFile.read(path, options: options, threads: threads).checkpoint
  }
}
