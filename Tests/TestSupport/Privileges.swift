import Foundation

#if canImport(Glibc)
  import Glibc

  /// What this process may do that tests of a system's refusals need: found by trying it once, for a
  /// container's root may have less than root's rights.
  public enum Privileges {
    /// Whether it may mount a file system: a small one, to fill up.
    public static let canMount: Bool = {
      guard geteuid() == 0, let scratch = try? Scratch() else { return false }
      guard mount("tmpfs", scratch.url.path, "tmpfs", 0, "size=64k") == 0 else { return false }
      umount2(scratch.url.path, Int32(MNT_DETACH))
      return true
    }()

    /// Whether its children may be started as a user who may not read or write everything: it is not
    /// root itself, or `setpriv` may make them nobody's.
    public static let canDropRoot: Bool = {
      guard geteuid() == 0 else { return true }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "true"]
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return false }
      process.waitUntilExit()
      return process.terminationStatus == 0
    }()
  }
#else
  /// What this process may do that tests of a system's refusals need.
  public enum Privileges {
    /// Whether its children may be started as a user who may not read or write everything.
    public static let canDropRoot = geteuid() != 0
  }
#endif
