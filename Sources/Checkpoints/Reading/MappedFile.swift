#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file opened once and mapped read-only: what is hashed, what is parsed and what tensors
/// view are the same inode, whatever becomes of the path meanwhile.
final class MappedFile: Sendable {
  /// The largest file that is read, far beyond any real network.
  static let limit = 1 << 36

  /// The path as given, for messages.
  let path: String
  /// The whole file.
  let storage: TensorStorage
  private let descriptor: Int32

  /// Opens and maps.
  ///
  /// - Parameter path: A plain file.
  /// - Throws: `CheckpointError` that says what the path is, or what the system says.
  init(path: String) throws {
    self.path = path
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    descriptor = SystemCall.retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else {
      throw CheckpointError.cannotRead(path: path, cause: SystemCall.cause())
    }
    do {
      storage = try Self.map(descriptor, path: path)
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// The file's bytes, valid while this object or a tensor of its storage lives.
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: storage.address, count: storage.byteCount)
  }

  /// A path by which another open reaches this very file.
  var reopeningPath: String {
    #if os(Linux)
      "/proc/self/fd/\(descriptor)"
    #else
      "/dev/fd/\(descriptor)"
    #endif
  }

  private static func map(_ descriptor: Int32, path: String) throws -> TensorStorage {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw CheckpointError.cannotRead(path: path, cause: SystemCall.cause())
    }
    if let kind = SystemCall.kind(status.st_mode) {
      throw CheckpointError.notAFile(path: path, found: kind)
    }
    let size = Int(status.st_size)
    guard size > 0 else { throw CheckpointError.notCheckpoint(path: path, found: "empty") }
    guard size <= limit else {
      throw CheckpointError.notCheckpoint(path: path, found: "larger than 64 GiB")
    }
    guard let address = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0),
      address != MAP_FAILED
    else { throw CheckpointError.cannotRead(path: path, cause: SystemCall.cause()) }
    return TensorStorage(adopting: address, byteCount: size, isFileMapping: true) { munmap($0, $1) }
  }

  /// Brings every page in at once, which is several times faster than one fault after another.
  func populate() { populate(0..<storage.byteCount) }

  /// Brings the pages of a range in at once.
  ///
  /// - Parameter range: Offsets within the file, from a page's first byte on.
  func populate(_ range: Range<Int>) {
    #if os(Linux)
      // MADV_POPULATE_READ of Linux 5.14; older kernels refuse it, and the pages come as they are
      // touched.
      _ = madvise(storage.address + range.lowerBound, range.count, 22)
    #endif
  }

  /// Lets the pages of a range go: they count no more as memory of this process, and come back when
  /// they are touched.
  ///
  /// - Parameter range: Offsets within the file, from a page's first byte on.
  func release(_ range: Range<Int>) {
    _ = madvise(storage.address + range.lowerBound, range.count, MADV_DONTNEED)
  }
}
