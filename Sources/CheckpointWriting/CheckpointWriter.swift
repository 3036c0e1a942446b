public import Checkpoints
import Files

/// Writes one checkpoint again and again, and lets nobody else write it meanwhile: what a trainer
/// holds for its whole run.
///
/// Every write replaces the file in one step: a reader, or whoever looks after a crash, finds the old
/// file or the new one, whole. The right to write ends with this object or with the process.
public final class CheckpointWriter: Sendable {
  private let target: TargetPath
  private let lock: FileLock

  /// Takes the right to write a file, and removes what a killed writer left beside it.
  ///
  /// - Parameter path: The file; it need not exist yet, its folder must.
  /// - Throws: `CheckpointError.held` with the process of another writer, or `cannotWrite`.
  public convenience init(path: String) throws { try self.init(path: path, waiting: 0) }

  init(path: String, waiting milliseconds: Int) throws {
    do {
      target = try TargetPath(path)
      lock = try FileLock(target, waiting: milliseconds)
    } catch {
      throw CheckpointError(writing: path, error)
    }
    target.removeTemporary()
  }

  /// The file as given.
  public var path: String { target.given }

  /// Replaces the file.
  ///
  /// - Parameters:
  ///   - checkpoint: What to write.
  ///   - producer: The program and its version, for the file's `producer`.
  /// - Throws: `CheckpointError`; the file is then as it was before.
  public func write(_ checkpoint: Checkpoint, producer: String = Checkpoint.defaultProducer) throws
  {
    try checkpoint.validate(path: path)
    try checkpoint.validateNames(path: path)
    let tree = try StoredTree(checkpoint, producer: producer)
    do {
      // libhdf5 writes, too.
      try FileSizeSignal.blocked {
        // A folder may have taken the file's place since.
        let file = try ReplacementFile(TargetPath(path))
        try tree.write(to: file)
        try file.seal()
        try file.commit()
      }
    } catch let failure as HDF5Failure {
      throw CheckpointError.cannotWrite(
        path: path, cause: failure.words)
    } catch let error as FileError {
      throw CheckpointError(writing: path, error)
    }
  }
}

extension Checkpoint {
  /// What `producer` is where nothing else is said.
  public static let defaultProducer = "swift-cnn"

  /// Writes the checkpoint to a file, or replaces one in one step.
  ///
  /// Equal checkpoints give equal bytes. Another short write of the same file is waited for; a
  /// trainer that holds it is not.
  ///
  /// - Parameters:
  ///   - path: The file; its folder must exist.
  ///   - producer: The program and its version, for the file's `producer`.
  /// - Throws: `CheckpointError`; what was there before is then unchanged.
  public func write(to path: String, producer: String = Checkpoint.defaultProducer) throws {
    try CheckpointWriter(path: path, waiting: FileLock.shortWrite).write(
      self, producer: producer)
  }

  /// Checks the names and texts that the file's form does not take.
  func validateNames(path: String) throws {
    for (index, label) in labels.enumerated()
    where label.utf8.contains(0) || label.utf8.count > CheckpointFormat.labelByteLimit {
      throw CheckpointError.invalidText(
        path: path, object: "/labels",
        problem: "has a zero or more than \(CheckpointFormat.labelByteLimit) bytes in name \(index)"
      )
    }
    guard let training else { return }
    func check(_ name: String, in object: String) throws {
      guard !name.isEmpty, !name.utf8.contains(0), !name.contains(where: { "/,".contains($0) }),
        name != "."
      else {
        throw CheckpointError.invalidText(
          path: path, object: object, problem: "has a part named '\(name)'")
      }
    }
    for column in training.history { try check(column.name, in: "/training/history") }
    for (node, tensors) in training.optimizer {
      try check(node, in: "/training/optimizer")
      for name in tensors.keys { try check(name, in: "/training/optimizer/\(node)") }
    }
  }
}

extension CheckpointError {
  /// Why a checkpoint's file could not be replaced.
  fileprivate init(writing path: String, _ error: FileError) {
    self =
      switch error {
      case .held(let process): .held(path: path, process: process)
      case .refused, .notRegular: .cannotWrite(path: path, cause: error.reason)
      }
  }
}

extension ReplacementFile {
  /// Writes the seal over all that is in the file.
  ///
  /// - Throws: `FileError.refused`.
  fileprivate func seal() throws(FileError) {
    let seal = try withContents { file in
      let content = file.dropFirst(Seal.blockSize)
      let digest = Checksum.xxh3Wide(UnsafeRawBufferPointer(rebasing: content))
      return Seal(byteCount: content.count, digest: digest)
    }
    try write(seal.block, at: 0)
  }
}
