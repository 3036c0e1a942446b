import Checkpoints

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes a file front to back beside its target; `commit()` puts it in the target's place. Without
/// `commit()` nothing stays.
final class FileWriter {
  private let file: ReplacementFile
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
    file = try Self.translatingErrors { try ReplacementFile(locking: path) }
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
    try Self.translatingErrors { try file.commit() }
  }

  private func drain() throws {
    guard !pending.isEmpty else { return }
    try pending.withUnsafeBytes(send)
    pending.removeAll(keepingCapacity: true)
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws {
    try Self.translatingErrors { try file.write(bytes, at: sent) }
    sent += bytes.count
  }

  private static func translatingErrors<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch CheckpointError.cannotWrite(let path, let cause) {
      throw InterchangeError.unwritable(path: path, reason: cause)
    } catch CheckpointError.held(let path, let process) {
      let writer = process.map { "process \($0)" } ?? "another process"
      throw InterchangeError.unwritable(path: path, reason: "\(writer) writes it")
    }
  }
}
