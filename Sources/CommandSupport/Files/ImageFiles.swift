#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The images that an argument names.
public enum ImageFiles {
  /// The argument that stands for a PNG on standard input.
  public static let standardInput = "-"

  /// An image to read, or why a part of a folder cannot be looked into.
  public typealias Entry = Result<String, CommandError>

  /// A file's path itself, and of a folder every `*.png`, in any case of letters, at any depth, in
  /// the byte order of the paths. Links to folders are not followed, so that no cycle is.
  ///
  /// - Parameter argument: A path, or `-`.
  /// - Returns: The images in order; a folder without one is a failure.
  public static func expand(_ argument: String) -> [Entry] {
    guard argument != standardInput else { return [.success(argument)] }
    var status = stat()
    guard stat(argument, &status) == 0 else {
      return [.failure(.unreadablePath(path: argument, reason: systemMessage(errno)))]
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return [.success(argument)] }
    var found: [(path: String, entry: Entry)] = []
    var folders = [argument]
    while let folder = folders.popLast() { list(folder, &found, &folders) }
    guard !found.isEmpty else { return [.failure(.noImages(folder: argument))] }
    return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }.map(\.entry)
  }

  /// Whether an argument is a folder.
  ///
  /// - Parameter argument: A path, or `-`.
  /// - Returns: Whether images are looked for in it.
  public static func isFolder(_ argument: String) -> Bool {
    var status = stat()
    return argument != standardInput && stat(argument, &status) == 0
      && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func list(
    _ folder: String, _ found: inout [(path: String, entry: Entry)], _ folders: inout [String]
  ) {
    guard let stream = opendir(folder) else {
      let error = CommandError.unreadablePath(path: folder, reason: systemMessage(errno))
      found.append((folder, .failure(error)))
      return
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      guard name != ".", name != ".." else { continue }
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      var status = stat()
      guard lstat(path, &status) == 0 else {
        // A name that is no UTF-8 among others, which text cannot hold.
        let error = CommandError.unreadablePath(path: path, reason: systemMessage(errno))
        if isPNG(name) { found.append((path, .failure(error))) }
        continue
      }
      if status.st_mode & S_IFMT == S_IFDIR {
        folders.append(path)
      } else if isPNG(name) {
        found.append((path, .success(path)))
      }
    }
  }

  private static func isPNG(_ name: String) -> Bool {
    name.utf8.count > 4 && name.suffix(4).lowercased() == ".png"
  }
}
