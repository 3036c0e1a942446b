import Files

/// A checkpoint's file opened once and mapped read-only: what is hashed, what is parsed and what
/// tensors view are the same inode, whatever becomes of the path meanwhile.
final class MappedFile: Sendable {
  /// The largest file that is read, far beyond any real network.
  static let limit = 1 << 36

  /// The path as given, for messages.
  let path: String
  /// The open file.
  let file: RegularFile
  /// The whole file.
  let mapping: FileMapping
  /// The whole file as memory of tensors.
  let storage: TensorStorage

  /// Opens and maps.
  ///
  /// - Parameter path: A plain file.
  /// - Throws: `CheckpointError` that says what the path is, or what the system says.
  init(path: String) throws {
    self.path = path
    do {
      file = try RegularFile(path)
      guard file.byteCount > 0 else {
        throw CheckpointError.notCheckpoint(path: path, found: "empty")
      }
      guard file.byteCount <= Self.limit else {
        throw CheckpointError.notCheckpoint(path: path, found: "larger than 64 GiB")
      }
      mapping = try file.map()
    } catch FileError.notRegular(let kind) {
      throw CheckpointError.notAFile(path: path, found: kind)
    } catch let error as FileError {
      throw CheckpointError.cannotRead(path: path, cause: error.reason)
    }
    storage = TensorStorage(mapping)
  }

  /// The file's bytes, valid while this object or a tensor of its storage lives.
  var bytes: UnsafeRawBufferPointer { mapping.withBytes { $0 } }

  /// Brings every page in at once.
  func populate() { mapping.populate(0..<mapping.byteCount) }
}
