import CHDF5
import Checkpoints
import Files

extension StoredTree {
  /// Bytes that hold all of the file but the datasets' elements, so that a reader finds it in one
  /// place and a truncated file still tells what it has lost.
  private var metadataByteCount: Int {
    let texts = groups.flatMap(\.attributes).reduce(0) { sum, attribute in
      if case .text(let text) = attribute.value { sum + text.utf8.count } else { sum + 128 }
    }
    return 4096 + (groups.count + datasets.count) * 1024 + texts
  }

  /// The most bytes that the file can take.
  private var byteCount: Int {
    let data = datasets.reduce(0) { $0 + $1.byteCount + CheckpointFormat.alignment }
    return Seal.blockSize + 2 * metadataByteCount + data
  }

  /// Writes everything but the seal.
  ///
  /// libhdf5 makes the structure, with every dataset's place fixed; the elements are written past
  /// it, since its own closing can lose an error of the disk.
  ///
  /// - Parameter file: The new, empty file.
  /// - Throws: `FileError.refused`, or `HDF5Failure`.
  func write(to file: ReplacementFile) throws {
    let places = try HDF5.locked {
      // The library empties a file that it creates, so space is set aside in between.
      try HDF5.File(creating: file.path, userBlock: Seal.blockSize).close("close the new file")
      try file.reserve(byteCount)
      let hdf5 = try HDF5.File(
        updating: file.path, metadataBlock: metadataByteCount,
        alignment: CheckpointFormat.alignment)
      let places = try createObjects(in: hdf5)
      try hdf5.flush()
      try hdf5.close("close the new file")
      return places
    }
    for (dataset, place) in zip(datasets, places) {
      guard let place else { continue }
      try dataset.withBytes { try file.write($0, at: place) }
    }
  }

  /// How many links each group has, and the bytes of the longest name.
  private var linkInfo: [[String]: (count: Int, nameLength: Int)] {
    var result: [[String]: (count: Int, nameLength: Int)] = [:]
    func add(_ name: String, to group: [String]) {
      let before = result[group] ?? (0, 0)
      result[group] = (before.count + 1, max(before.nameLength, name.utf8.count))
    }
    for group in groups {
      if let name = group.names.last { add(name, to: group.names.dropLast()) }
    }
    for dataset in datasets { add(dataset.name, to: dataset.groups) }
    return result
  }

  /// Creates groups and attributes, then the datasets.
  private func createObjects(in file: HDF5.File) throws -> [Int?] {
    var open: [[String]: HDF5.Group] = [:]
    let links = linkInfo
    for group in groups {
      let made: HDF5.Group
      if let name = group.names.last, let parent = open[group.names.dropLast()] {
        made = try HDF5.Group(creating: name, in: parent, links: links[group.names] ?? (0, 0))
      } else {
        made = try file.root()
      }
      for (name, value) in group.attributes { try value.write(name, of: made) }
      open[group.names] = made
    }
    return try datasets.map { dataset in
      guard let group = open[dataset.groups] else {
        preconditionFailure("dataset '\(dataset.name)' lies in no group")
      }
      return try dataset.create(in: group)
    }
  }
}

extension Dictionary where Key == [String] {
  fileprivate subscript(names: ArraySlice<String>) -> Value? { self[Array(names)] }
}
