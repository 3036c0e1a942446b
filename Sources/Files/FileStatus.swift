#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a path or a descriptor leads to.
package struct FileStatus: Sendable {
  /// The kinds of files.
  package enum Kind: Sendable {
    case regular, folder, pipe, socket, device

    /// The kind with its article: `a folder`.
    package var words: String {
      switch self {
      case .regular: "a file"
      case .folder: "a folder"
      case .pipe: "a pipe"
      case .socket: "a socket"
      case .device: "a device"
      }
    }
  }

  /// What makes a file the same under all its names.
  package struct Identity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
  }

  /// The kind.
  package let kind: Kind
  /// The length in bytes; 0 for most files that are not regular.
  package let byteCount: Int
  /// Equal for two names of one file.
  package let identity: Identity

  /// Looks at a path.
  ///
  /// - Parameters:
  ///   - path: The path.
  ///   - followingLinks: Whether a link's target is meant, not the link.
  /// - Throws: `FileError.refused`, also where nothing is there.
  package init(_ path: String, followingLinks: Bool = true) throws(FileError) {
    var status = stat()
    let result = followingLinks ? stat(path, &status) : lstat(path, &status)
    guard result == 0 else { throw .refused(reason: SystemCall.cause()) }
    self.init(status)
  }

  /// The kind of what a path leads to, links followed.
  ///
  /// - Parameter path: The path.
  /// - Returns: The kind; nil where nothing is there, or the system does not let it be seen.
  package static func kind(of path: String) -> Kind? { (try? FileStatus(path))?.kind }

  /// Looks at an open file.
  ///
  /// - Parameter descriptor: The open file.
  /// - Throws: `FileError.refused`.
  init(descriptor: Int32) throws(FileError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .refused(reason: SystemCall.cause()) }
    self.init(status)
  }

  private init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .folder
      case S_IFIFO: .pipe
      case S_IFSOCK: .socket
      default: .device
      }
    byteCount = Int(status.st_size)
    identity = Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      inode: UInt64(truncatingIfNeeded: status.st_ino))
  }

  /// Refuses what is not a regular file.
  ///
  /// - Throws: `FileError.notRegular`.
  package func requireRegular() throws(FileError) {
    guard kind == .regular else { throw .notRegular(kind: kind.words) }
  }
}
