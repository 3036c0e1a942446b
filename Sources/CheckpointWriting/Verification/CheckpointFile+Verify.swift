public import Checkpoints
import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension CheckpointFile {
  /// Checks a file's seal, and each dataset's bytes against its own checksum, so that what is damaged
  /// can be named.
  ///
  /// libhdf5 parses the file whatever its seal says, and may crash on a damaged one: call this in a
  /// process that may, and send the report back.
  ///
  /// - Parameter path: The file.
  /// - Returns: What was found.
  /// - Throws: `CheckpointError` where the path cannot be read at all.
  public static func verify(_ path: String) throws -> VerificationReport {
    let file = try MappedFile(path: path)
    file.populate()
    var report = VerificationReport(path: path, seal: .absent, problem: nil, datasets: [])
    var sealedByteCount: Int?
    do {
      let seal = try file.withBytes { try Seal(of: $0, path: path) }
      sealedByteCount = seal.byteCount
      report.seal = sealState(seal, of: file)
    } catch CheckpointError.invalidSeal {
      report.seal = .malformed
    } catch CheckpointError.noSeal {
      report.seal = .absent
    }
    do {
      report.datasets = try HDF5.locked {
        let scratch = try report.seal == .truncated ? ScratchCopy(of: file, sealedByteCount) : nil
        let hdf5 = try HDF5.File(reading: scratch?.path ?? file.reopeningPath)
        scratch?.remove()
        return try file.withBytes { bytes in
          var verifier = DatasetVerifier(bytes: bytes)
          return try verifier.datasets(of: hdf5)
        }
      }
    } catch let failure as HDF5Failure {
      report.problem = failure.words
    }
    return report
  }

  private static func sealState(_ seal: Seal, of file: MappedFile) -> VerificationReport.SealState {
    file.withBytes { bytes in
      let content = bytes.dropFirst(Seal.blockSize)
      if seal.byteCount > content.count { return .truncated }
      if seal.byteCount < content.count { return .extended }
      let digest = Checksum.xxh3Wide(UnsafeRawBufferPointer(rebasing: content))
      return digest == seal.digest ? .valid : .broken
    }
  }
}

/// The beginning of a truncated file, as long as the whole once was: libhdf5 opens no shorter one.
/// A checkpoint's structure lies before its tensors, so the beginning tells what was lost.
private final class ScratchCopy {
  private static let limit = 1 << 26
  let path: String

  init(of file: MappedFile, _ sealedByteCount: Int?) throws {
    let folder = Self.folder
    var template = Array("\(folder)/cnn-verify-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw HDF5Failure(operation: "make a scratch file in \(folder)", detail: SystemCall.cause())
    }
    defer { close(descriptor) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let size = min((sealedByteCount ?? 0), MappedFile.limit) + Seal.blockSize
    let head = min(file.byteCount, Self.limit)
    guard ftruncate(descriptor, off_t(size)) == 0,
      file.withBytes({ pwrite(descriptor, $0.baseAddress, head, 0) }) == head
    else {
      throw HDF5Failure(operation: "fill a scratch file in \(folder)", detail: SystemCall.cause())
    }
  }

  /// POSIX's place for temporary files: `TMPDIR`, or `/tmp` where it is not set.
  private static var folder: String {
    guard let value = getenv("TMPDIR"), value.pointee != 0 else { return "/tmp" }
    return String(cString: value)
  }

  /// Removes the name, so that nothing stays behind if parsing crashes.
  func remove() { unlink(path) }

  deinit { remove() }
}
