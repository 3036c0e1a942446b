import Files

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
    do {
      guard try FileStatus(argument).kind == .folder else { return [.success(argument)] }
    } catch {
      return [.failure(.unreadablePath(path: argument, reason: error.reason))]
    }
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
    argument != standardInput && FileStatus.kind(of: argument) == .folder
  }

  private static func list(
    _ folder: String, _ found: inout [(path: String, entry: Entry)], _ folders: inout [String]
  ) {
    let names: [String]
    do {
      names = try Folder.names(in: folder)
    } catch {
      found.append((folder, .failure(.unreadablePath(path: folder, reason: error.reason))))
      return
    }
    for name in names {
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      do {
        if try FileStatus(path, followingLinks: false).kind == .folder {
          folders.append(path)
        } else if isPNG(name) {
          found.append((path, .success(path)))
        }
      } catch {
        // A name that is no UTF-8 among others, which text cannot hold.
        let error = CommandError.unreadablePath(path: path, reason: error.reason)
        if isPNG(name) { found.append((path, .failure(error))) }
      }
    }
  }

  private static func isPNG(_ name: String) -> Bool {
    name.utf8.count > 4 && name.suffix(4).lowercased() == ".png"
  }
}
