#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is to be replaced, and the two names beside it that writing needs.
struct TargetPath {
  /// The path as given, for messages.
  let given: String
  /// The folder.
  let directory: String
  /// The file's name in it.
  let name: String

  /// Follows a link to an existing file, so that the file is replaced and not the link.
  ///
  /// - Parameter path: The file; it need not exist.
  /// - Throws: `CheckpointError` where the path is a folder or no plain file.
  init(_ path: String) throws {
    given = path
    var resolved = path
    var status = stat()
    if stat(path, &status) == 0 {
      if let kind = SystemCall.kind(status.st_mode) {
        throw CheckpointError.cannotWrite(path: path, cause: "it is \(kind)")
      }
      if let real = realpath(path, nil) {
        resolved = String(cString: real)
        free(real)
      }
    }
    let parts = resolved.split(separator: "/", omittingEmptySubsequences: false)
    name = String(parts.last ?? "")
    directory = parts.count > 1 ? parts.dropLast().joined(separator: "/") + "/" : "./"
    guard !name.isEmpty, name != ".", name != ".." else {
      throw CheckpointError.cannotWrite(path: path, cause: "it is a folder")
    }
  }

  /// The file.
  var file: String { directory + name }
  /// What is written before it becomes the file. Whoever holds the lock owns it.
  var temporary: String { directory + ".\(name).tmp" }
  /// The lock, there only while somebody writes.
  var lock: String { directory + ".\(name).lock" }

  /// An error that names the file as given.
  func failure(_ cause: String) -> CheckpointError { .cannotWrite(path: given, cause: cause) }
}
