#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes a file beside its target; `commit()` flushes it and puts it in the target's place, so that
/// a reader or a crash sees the old file or the new one, whole. Without `commit()` nothing stays.
final class FileWriter {
  private let path: String
  private let temporary: String
  private var descriptor: Int32
  private var pending: [UInt8] = []
  private var sent = 0
  /// The bytes written so far.
  var length: Int { sent + pending.count }

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - path: The target.
  ///   - input: A file that must not be the target, under no name of it.
  /// - Throws: `InterchangeError` where the target is refused or nothing can be written beside it.
  init(path: String, input: String?) throws {
    try Self.checkTarget(path, input: input)
    self.path = path
    let folder = Self.folder(of: path)
    let tag = UInt32.random(in: .min ... .max)
    temporary = "\(folder)/.cnn-export-\(getpid())-\(tag).partial"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw InterchangeError.unwritable(path: path, reason: systemReason())
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  /// The folder that holds a path, `.` for a bare name.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Refuses folders, devices and the input, before any work is done for them.
  static func checkTarget(_ path: String, input: String?) throws {
    var target = stat()
    guard stat(path, &target) == 0 else { return }
    switch target.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw InterchangeError.targetIsFolder(path: path)
    default: throw InterchangeError.unwritable(path: path, reason: "it is not a regular file")
    }
    var source = stat()
    if let input, stat(input, &source) == 0, source.st_dev == target.st_dev,
      source.st_ino == target.st_ino
    {
      throw InterchangeError.targetIsInput(path: path)
    }
  }

  /// Appends bytes; small pieces are gathered.
  func write(_ bytes: some Collection<UInt8>) throws {
    pending.append(contentsOf: bytes)
    if pending.count >= 1 << 16 { try drain() }
  }

  /// Appends bytes without a copy.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    try drain()
    try send(bytes)
  }

  /// Appends zeros up to a multiple of `alignment`.
  func pad(to alignment: Int) throws {
    let excess = length % alignment
    if excess > 0 { try write([UInt8](repeating: 0, count: alignment - excess)) }
  }

  /// Flushes to the device and renames onto the target.
  func commit() throws {
    try drain()
    guard fsync(descriptor) == 0 else { throw failure() }
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0, rename(temporary, path) == 0 else {
      let reason = failure()
      unlink(temporary)
      throw reason
    }
    // The rename itself reaches the device with the folder; where that cannot be synced the file
    // is whole all the same.
    let folder = open(Self.folder(of: path), O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  private func drain() throws {
    guard !pending.isEmpty else { return }
    try pending.withUnsafeBytes(send)
    pending.removeAll(keepingCapacity: true)
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count, let start = bytes.baseAddress {
      #if canImport(Glibc)
        let written = Glibc.write(descriptor, start + done, min(bytes.count - done, 1 << 30))
      #else
        let written = Darwin.write(descriptor, start + done, min(bytes.count - done, 1 << 30))
      #endif
      if written >= 0 {
        done += written
      } else if errno != EINTR {
        throw failure()
      }
    }
    sent += bytes.count
  }

  private func failure() -> InterchangeError {
    .unwritable(path: path, reason: systemReason())
  }
}
