import Files
import Tensors

/// A checkpoint's file opened once and mapped read-only: what is hashed, what is parsed and what
/// tensors view are the same inode, whatever becomes of the path meanwhile.
package final class MappedFile: Sendable {
  /// The largest file that is read, far beyond any real network.
  package static let limit = 1 << 36

  /// The path as given, for messages.
  package let path: String
  private let file: RegularFile
  /// The whole file.
  let mapping: FileMapping
  /// The whole file as memory of tensors.
  let storage: TensorStorage

  /// Opens and maps.
  ///
  /// - Parameter path: A plain file.
  /// - Throws: `CheckpointError` that says what the path is, or what the system says.
  package init(path: String) throws {
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
    storage = mapping.withBytes { [mapping] in
      TensorStorage(viewing: $0, of: mapping, isFileMapping: true)
    }
  }

  /// Lends the file's bytes.
  ///
  /// - Parameter body: Called with the bytes, valid during the call.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  package func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try mapping.withBytes(body)
  }

  /// Brings every page in at once.
  package func populate() { mapping.populate(0..<mapping.byteCount) }

  /// The file's length in bytes.
  package var byteCount: Int { mapping.byteCount }

  /// A path by which another `open` reaches this very file; valid as long as this object.
  package var reopeningPath: String { file.reopeningPath }

  /// Checks the seal against the whole content.
  ///
  /// - Parameter threads: Threads that read; two are enough.
  /// - Returns: The marks of the content.
  /// - Throws: `CheckpointError`.
  func checkedScan(threads: Int = 1) throws -> ContentScan {
    let seal = try withBytes { try Seal(of: $0, path: path) }
    try seal.checkLength(fileSize: byteCount, path: path)
    let scan = ContentScan(of: mapping, threads: threads)
    guard scan.digest == seal.digest else { throw CheckpointError.sealBroken(path: path) }
    return scan
  }

  /// Checks the seal against the whole content.
  ///
  /// - Throws: `CheckpointError`.
  package func checkSeal() throws { _ = try checkedScan() }
}
