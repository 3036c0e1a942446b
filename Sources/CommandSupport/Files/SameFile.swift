import Files

/// Whether two paths lead to one file.
public enum SameFile {
  /// Whether both are one file, links followed, or will be: names of nothing yet in one folder.
  ///
  /// - Parameters:
  ///   - first: A path.
  ///   - second: Another.
  /// - Returns: Whether what is written to one is read from the other.
  public static func check(_ first: String, _ second: String) -> Bool {
    if first == second { return true }
    if let a = identity(first), let b = identity(second) { return a == b }
    let (a, b) = (split(first), split(second))
    guard a.name == b.name, identity(first) == nil, identity(second) == nil,
      let folder = identity(a.folder)
    else { return false }
    return folder == identity(b.folder)
  }

  private static func identity(_ path: String) -> FileStatus.Identity? {
    try? FileStatus(path).identity
  }

  private static func split(_ path: String) -> (folder: String, name: Substring) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path[...]) }
    return (String(path[...slash]), path[path.index(after: slash)...])
  }
}
