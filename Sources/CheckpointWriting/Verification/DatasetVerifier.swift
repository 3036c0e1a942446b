import Checkpoints

/// Walks a file that may be damaged, and compares what it can with the stored checksums.
struct DatasetVerifier {
  private static let objectLimit = 50_000
  private static let depthLimit = 8

  /// The file, also where libhdf5 parses a longer copy; lent for as long as this is used.
  private let bytes: UnsafeRawBufferPointer
  private var found: [VerificationReport.Dataset] = []
  private var visited: Set<UInt64> = []

  /// A verifier of a mapped file.
  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Examines every object that is reached by hard links.
  ///
  /// - Parameter hdf5: The file in libhdf5.
  /// - Returns: The datasets, and the groups that cannot be opened, in the byte order of paths.
  /// - Throws: `HDF5Failure` where the root cannot be read.
  mutating func datasets(of hdf5: HDF5.File) throws -> [VerificationReport.Dataset] {
    try walk(hdf5.root(), path: "", depth: 0)
    return found.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private mutating func walk(_ group: HDF5.Group, path: String, depth: Int) throws {
    for link in try group.links(limit: CheckpointReader.linkLimit) {
      guard found.count < Self.objectLimit else { return }
      let name = "\(path)/\(link.name)"
      do {
        guard link.kind == .hard else {
          note(name, .unreadable, "is a link that leads elsewhere")
          continue
        }
        let target = try group.target(of: link.name)
        guard visited.insert(target.address).inserted else { continue }
        if target.kind == .dataset {
          try examine(HDF5.Dataset(opening: link.name, in: group), name)
        } else if target.kind == .group, depth < Self.depthLimit {
          try walk(HDF5.Group(opening: link.name, in: group), path: name, depth: depth + 1)
        }
      } catch let failure as HDF5Failure {
        note(name, .unreadable, failure.detail)
      }
    }
  }

  private mutating func examine(_ dataset: HDF5.Dataset, _ name: String) throws {
    let storage = try dataset.layout()
    guard storage == .contiguous else {
      note(name, .unchecked, "does not lie in one piece")
      return
    }
    guard let expected = try Self.checksum(of: dataset) else {
      note(name, .unchecked, "has no checksum")
      return
    }
    let byteCount = dataset.storedByteCount
    let offset = byteCount == 0 ? 0 : dataset.offset ?? Int.max
    guard offset <= bytes.count, byteCount <= bytes.count - offset else {
      note(name, .damaged, "is cut off", expected: expected)
      return
    }
    let elements = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + byteCount])
    let digits = Checksum.xxh3(elements)
    note(name, digits == expected ? .ok : .damaged, nil, expected: expected, found: digits)
  }

  private static func checksum(of dataset: HDF5.Dataset) throws -> String? {
    guard let attribute = try HDF5.Attribute.find(CheckpointFormat.checksum, of: dataset) else {
      return nil
    }
    let type = try attribute.type
    guard case .fixedText = type.kind, type.size <= 64, try attribute.shape == [] else {
      return nil
    }
    let bytes = CheckpointReader.withoutPadding(try attribute.fixedText()[...], of: type)
    return String(validating: bytes, as: UTF8.self)
  }

  private mutating func note(
    _ name: String, _ state: VerificationReport.DatasetState, _ detail: String?,
    expected: String? = nil, found digits: String? = nil
  ) {
    found.append(
      VerificationReport.Dataset(
        name: name, state: state, expected: expected, found: digits, detail: detail))
  }
}
