public import Networks

/// What can be done with a checkpoint's file beside reading it as a `Checkpoint`.
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
    let scan = try checkedSeal(of: file, threads: threads)
    return try parse(file) {
      try CheckpointReader(file, scan: scan).checkpoint(options)
    }
  }

  /// Checks the seal against the whole content.
  private static func checkedSeal(of file: MappedFile, threads: Int = 1) throws -> ContentScan {
    let seal = try Seal(of: file.bytes, path: file.path)
    try seal.checkLength(fileSize: file.bytes.count, path: file.path)
    let scan = ContentScan(of: file, threads: threads)
    guard scan.digest == seal.digest else { throw CheckpointError.sealBroken(path: file.path) }
    return scan
  }

  /// Reads a file of this schema that h5py wrote, without a seal, so that `Checkpoint.write(to:)`
  /// can write it with one.
  ///
  /// Beside what a sealed file may hold, datasets in chunks (compressed by gzip or not) and floats of
  /// other widths and byte orders are accepted by copying; checksums, `/labels` and `/preprocessing`
  /// may be absent. A seal that is there must hold: importing launders no damage. libhdf5 parses the
  /// file unchecked: call this in a process that may crash.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - network: The network where the file holds none.
  ///   - labels: The classes' names instead of the file's.
  ///   - options: What to read beside what inference needs.
  /// - Returns: The checkpoint.
  /// - Throws: `CheckpointError`.
  public static func importUnsealed(
    _ path: String, network: Network? = nil, labels: [String]? = nil,
    options: Checkpoint.ReadingOptions = .trainingState
  ) throws -> Checkpoint {
    let file = try MappedFile(path: path)
    if file.bytes.starts(with: Seal.magic.utf8) {
      _ = try checkedSeal(of: file)
    }
    let starts = [0] + (9...20).map { 1 << $0 }
    guard starts.contains(where: { file.bytes.dropFirst($0).starts(with: ForeignFormat.hdf5) })
    else {
      throw CheckpointError.notCheckpoint(path: path, found: ForeignFormat.describe(file.bytes))
    }
    try refuseDamage(path)
    let supplement = CheckpointReader.Supplement(network: network, labels: labels)
    return try HDF5.locked {
      try parse(file) {
        try CheckpointReader(importing: file).checkpoint(options, supplement: supplement)
      }.checkpoint
    }
  }

  /// Refuses datasets whose checksum, where they have one, is not that of their bytes.
  private static func refuseDamage(_ path: String) throws {
    let damaged = try verify(path).datasets.first { $0.state == .damaged }
    if let damaged {
      throw CheckpointError.unreadable(
        path: path, object: damaged.name, detail: "its xxh3_64 is not that of its bytes")
    }
  }

  /// Reads a file behind a user block whatever its seal says: what a stranger who seals his own files
  /// can reach, for tests.
  package static func readIgnoringSeal(_ path: String) throws -> Checkpoint {
    let file = try MappedFile(path: path)
    guard file.bytes.count > Seal.blockSize else {
      throw CheckpointError.notCheckpoint(path: path, found: "too short")
    }
    let scan = ContentScan(of: file)
    return try parse(file) {
      try CheckpointReader(file, scan: scan).checkpoint(.trainingState)
    }.checkpoint
  }

  private static func parse(
    _ file: MappedFile, _ read: () throws -> (checkpoint: Checkpoint, producer: String)
  ) throws -> (checkpoint: Checkpoint, description: Description) {
    do {
      let result = try read()
      let description = Description(
        bytes: file.bytes.count, version: CheckpointFormat.version, producer: result.producer,
        precision: result.checkpoint.weights.precision)
      return (result.checkpoint, description)
    } catch let failure as HDF5.Failure {
      throw CheckpointError.unreadable(
        path: file.path, object: "/", detail: "\(failure.operation): \(failure.detail)")
    }
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
