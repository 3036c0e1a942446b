#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder's entries.
package enum Folder {
  /// Lists a folder.
  ///
  /// - Parameter path: The folder.
  /// - Returns: The names of its entries without `.` and `..`, in no order.
  /// - Throws: `FileError.refused`.
  package static func names(in path: String) throws(FileError) -> [String] {
    guard let stream = opendir(path) else { throw .refused(reason: SystemCall.cause()) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
