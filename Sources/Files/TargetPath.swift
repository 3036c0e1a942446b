#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is to be replaced, and the two names next to it that writing needs.
package struct TargetPath: Sendable {
  /// The path as given, for messages.
  package let given: String
  /// The folder, with a slash at its end.
  let directory: String
  /// The file's name in it.
  let name: String

  /// Follows a link to an existing file, so that the file is replaced and not the link.
  ///
  /// - Parameter path: The file; it need not exist.
  /// - Throws: `FileError.notRegular` where the path is a folder, a pipe or a device.
  package init(_ path: String) throws(FileError) {
    given = path
    var resolved = path
    if let status = try? FileStatus(path) {
      try status.requireRegular()
      if let real = realpath(path, nil) {
        resolved = String(cString: real)
        free(real)
      }
    }
    (directory, name) = Self.split(resolved)
    guard !name.isEmpty, name != ".", name != ".." else {
      throw .notRegular(kind: FileStatus.Kind.folder.words)
    }
  }

  private static func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("./", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }

  /// The file.
  var file: String { directory + name }
  /// What is written before it becomes the file. Whoever holds the lock owns it.
  var temporary: String { directory + ".\(name).tmp" }
  /// The lock, there only while somebody writes.
  var lock: String { directory + ".\(name).lock" }

  /// Removes the unfinished file that a killed writer left; only for whoever holds the lock.
  package func removeTemporary() { unlink(temporary) }
}
