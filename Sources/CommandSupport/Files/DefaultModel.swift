#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which checkpoint is used where none is named.
public enum DefaultModel {
  /// The shipped checkpoints, the preferred one first.
  public static let names = ["alexnet-int8.h5", "lenet.h5"]

  /// `CNN_MODEL` if set, else a shipped checkpoint in `share/cnn/Models` or `Models` of a folder
  /// that holds the executable: `prefix/bin/cnn-infer` finds `prefix/share/cnn/Models`,
  /// `.build/release/cnn-infer` the checkout's `Models`. The working directory does not matter.
  ///
  /// - Parameters:
  ///   - executable: Where the program lies.
  ///   - environment: Looked up for `CNN_MODEL`.
  /// - Returns: The checkpoint's path.
  /// - Throws: `CommandError.noDefaultModel`.
  public static func find(
    executable: String = Executable.location, environment: (String) -> String? = Environment.get
  ) throws -> String {
    if let path = environment("CNN_MODEL"), !path.isEmpty { return path }
    for folder in ancestors(of: executable).prefix(6) {
      for models in ["share/cnn/Models", "Models"] {
        let place = (folder == "/" ? "" : folder) + "/" + models
        for name in names where access("\(place)/\(name)", R_OK) == 0 { return "\(place)/\(name)" }
      }
    }
    throw CommandError.noDefaultModel(executable: executable)
  }

  private static func ancestors(of path: String) -> [String] {
    var parts = path.split(separator: "/")
    var result: [String] = []
    while parts.popLast() != nil { result.append("/" + parts.joined(separator: "/")) }
    return result
  }
}
