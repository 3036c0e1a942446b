#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The entries of a folder.
struct Folder {
  let path: String
  /// Names in byte order, without those that begin with a dot.
  let names: [String]

  /// Lists a folder.
  ///
  /// - Parameter path: The folder.
  /// - Throws: `DatasetError.cannotOpen`.
  init(path: String) throws {
    guard let stream = opendir(path) else {
      throw DatasetError.cannotOpen(path: path, reason: SystemError.text(errno))
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    self.path = path
    self.names = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The path of an entry.
  func path(of name: String) -> String { "\(path)/\(name)" }

  /// The names of folders within.
  var folders: [String] { names.filter { PathKind(of: path(of: $0)) == .folder } }

  /// Whether a name ends in `.png`, in any case of letters.
  static func isPNG(_ name: String) -> Bool { name.lowercased().hasSuffix(".png") }
}
