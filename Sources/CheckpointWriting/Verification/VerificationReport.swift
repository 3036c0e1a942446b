/// What checking a checkpoint's file against its seal and its checksums found.
public struct VerificationReport: Sendable, Codable, Equatable {
  /// The state of a seal.
  public enum SealState: String, Sendable, Codable {
    /// The content is what was sealed.
    case valid
    /// There is no seal.
    case absent
    /// There is a seal that cannot be understood.
    case malformed
    /// The file is shorter than what was sealed.
    case truncated
    /// The file is longer than what was sealed.
    case extended
    /// The content is not what was sealed.
    case broken
  }

  /// The state of a dataset.
  public enum DatasetState: String, Sendable, Codable {
    /// The bytes are those whose checksum is stored.
    case ok
    /// The bytes are others, or some are cut off.
    case damaged
    /// No checksum is stored, or the bytes do not lie in one piece.
    case unchecked
    /// The object cannot be opened.
    case unreadable
  }

  /// One dataset, or a group that could not be opened.
  public struct Dataset: Sendable, Codable, Equatable {
    /// The path in the file: `/weights/conv1/weight`.
    public var name: String
    /// What was found.
    public var state: DatasetState
    /// The stored `xxh3_64`.
    public var expected: String?
    /// The XXH3-64 of the bytes.
    public var found: String?
    /// Why it is unreadable or unchecked.
    public var detail: String?
  }

  /// The file.
  public var path: String
  /// The seal.
  public var seal: SealState
  /// Why the file could not be examined, as one line.
  public var problem: String?
  /// Every dataset in the byte order of the paths.
  public var datasets: [Dataset]

  /// Whether the seal is valid and no dataset is damaged.
  public var isIntact: Bool {
    seal == .valid && problem == nil
      && datasets.allSatisfy { $0.state == .ok || $0.state == .unchecked }
  }
}
