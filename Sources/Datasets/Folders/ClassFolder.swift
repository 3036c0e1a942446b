import Files

/// The entries of a folder of images or of class folders.
struct ClassFolder {
  let path: String
  /// Names in byte order, without those that begin with a dot.
  let names: [String]

  /// Lists a folder.
  ///
  /// - Parameter path: The folder.
  /// - Throws: `DatasetError.cannotOpen`.
  init(path: String) throws {
    do {
      names = try Folder.names(in: path).filter { !$0.hasPrefix(".") }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    } catch {
      throw DatasetError.cannotOpen(path: path, reason: error.reason)
    }
    self.path = path
  }

  /// The path of an entry.
  func path(of name: String) -> String { "\(path)/\(name)" }

  /// The names of folders within.
  var folders: [String] {
    names.filter { FileStatus.kind(of: path(of: $0)) == .folder }
  }

  /// Whether a name ends in `.png`, in any case of letters.
  static func isPNG(_ name: String) -> Bool { name.lowercased().hasSuffix(".png") }
}
