import Files

/// Writes a file front to back beside its target; `commit()` puts it in the target's place. Without
/// `commit()` nothing stays.
final class FileWriter {
  private let path: String
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
    self.path = path
    do {
      file = try ReplacementFile(locking: path)
    } catch {
      throw InterchangeError.unwritable(path: path, reason: error.reason)
    }
  }

  /// The folder that holds a path, `.` for a bare name.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Refuses folders, devices and the input, before any work is done for them.
  static func checkTarget(_ path: String, input: String?) throws {
    guard let target = try? FileStatus(path) else { return }
    switch target.kind {
    case .regular: break
    case .folder: throw InterchangeError.targetIsFolder(path: path)
    case .pipe, .socket, .device:
      throw InterchangeError.unwritable(path: path, reason: "it is \(target.kind.words)")
    }
    if let input, target.identity == (try? FileStatus(input).identity) {
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
    do {
      try file.commit()
    } catch {
      throw InterchangeError.unwritable(path: path, reason: error.reason)
    }
  }

  private func drain() throws {
    guard !pending.isEmpty else { return }
    try pending.withUnsafeBytes(send)
    pending.removeAll(keepingCapacity: true)
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws {
    do {
      try file.write(bytes, at: sent)
    } catch {
      throw InterchangeError.unwritable(path: path, reason: error.reason)
    }
    sent += bytes.count
  }
}
