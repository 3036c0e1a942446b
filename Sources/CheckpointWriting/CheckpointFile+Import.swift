public import Checkpoints
public import Networks

extension CheckpointFile {
  /// Reads a file of this schema that h5py wrote, without a seal, so that `Checkpoint.write(to:)`
  /// can write it with one.
  ///
  /// Besides what a sealed file may hold, datasets in chunks (compressed by gzip or not) and floats of
  /// other widths and byte orders are accepted by copying; checksums, `/labels` and `/preprocessing`
  /// may be absent. A seal that is there must hold: importing rejects files with a broken seal. libhdf5 parses the
  /// file unchecked: call this in a process that may crash.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - network: The network where the file holds none.
  ///   - labels: The classes' names instead of the file's.
  ///   - options: What to read besides what inference needs.
  /// - Returns: The checkpoint.
  /// - Throws: `CheckpointError`.
  public static func importUnsealed(
    _ path: String, network: Network? = nil, labels: [String]? = nil,
    options: Checkpoint.ReadingOptions = .trainingState
  ) throws -> Checkpoint {
    let file = try MappedFile(path: path)
    try file.withBytes { bytes in
      if bytes.starts(with: Seal.magic.utf8) { try file.checkSeal() }
      let starts = [0] + (9...20).map { 1 << $0 }
      guard starts.contains(where: { bytes.dropFirst($0).starts(with: ForeignFormat.hdf5) })
      else {
        throw CheckpointError.notCheckpoint(path: path, found: ForeignFormat.describe(bytes))
      }
    }
    try refuseDamage(path)
    let supplement = CheckpointReader.Supplement(network: network, labels: labels)
    return try HDF5.locked {
      try HDF5Failure.naming("/", of: path) {
        let hdf5 = try HDF5.File(reading: file.reopeningPath)
        // A group that is open does not keep its file open.
        return try withExtendedLifetime(hdf5) {
          try file.withBytes { bytes in
            try reader(of: hdf5, file, bytes).checkpoint(options, supplement: supplement).checkpoint
          }
        }
      }
    }
  }

  /// A reader over libhdf5, valid while `hdf5` is.
  private static func reader(
    of hdf5: HDF5.File, _ file: MappedFile, _ bytes: UnsafeRawBufferPointer
  ) throws -> CheckpointReader {
    let layout = try hdf5.layout()
    guard layout.hasWideAddresses else {
      throw CheckpointError.unreadable(
        path: file.path, object: "/", detail: "addresses of fewer than 8 bytes")
    }
    return CheckpointReader(
      importing: file, bytes, root: try hdf5.root(), userBlock: layout.userBlock)
  }

  /// Refuses datasets whose checksum, where they have one, is not that of their bytes.
  private static func refuseDamage(_ path: String) throws {
    let damaged = try verify(path).datasets.first { $0.state == .damaged }
    if let damaged {
      throw CheckpointError.unreadable(
        path: path, object: damaged.name, detail: "its xxh3_64 is not that of its bytes")
    }
  }
}
