import CheckpointWriting
import Checkpoints
import Foundation
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Writing replaces the file whole, or leaves it as it was")
struct WriterTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("a.h5")
  }

  @Test("A checkpoint that its own reader would refuse is not written")
  func invalid() throws {
    try Example.plain().write(to: path)
    let before = try bytes(of: path)
    var missing = try Example.plain()
    missing.weights["fc", .bias] = nil
    var infinite = try Example.plain()
    infinite.weights["fc", .bias] = Tensor(shape: [3], [0, .infinity, 0] as [Float])
    var extra = try Example.plain()
    extra.weights["nowhere", .bias] = Tensor(shape: [3], [0, 0, 0] as [Float])
    var scaleless = try Example.quantized()
    scaleless.weights.nodes["fc"]?.weightScale = nil
    var zero = try Example.plain()
    zero.labels[0] = "a\0b"
    for (checkpoint, words) in [
      (missing, "missing: /weights/fc/bias"), (infinite, "holds inf at element 1"),
      (extra, "unexpected: /weights/nowhere/bias"),
      (scaleless, "missing: /weights/fc/weight_scale"), (zero, "/labels"),
    ] {
      let error = #expect(throws: CheckpointError.self) { try checkpoint.write(to: path) }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
    #expect(try bytes(of: path) == before)
    #expect(try folder.names == ["a.h5"])
  }

  @Test("A folder as target, or as missing parent, is named")
  func folders() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let orphan = folder.file("none/a.h5")
    for (target, cause) in [(path, "it is a folder"), (orphan, "No such file or directory")] {
      #expect(throws: CheckpointError.cannotWrite(path: target, cause: cause)) {
        try Example.plain().write(to: target)
      }
    }
    #expect(try folder.names == ["a.h5"])
  }

  @Test("A target that becomes a folder between two writes is named and left")
  func becomesFolder() throws {
    let writer = try CheckpointWriter(path: path)
    try writer.write(Example.plain())
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    #expect(throws: CheckpointError.cannotWrite(path: path, cause: "it is a folder")) {
      try writer.write(Example.plain())
    }
    #expect(!(try folder.names.contains(".a.h5.tmp")))
  }

  @Test("A link stays a link, and what it leads to is replaced")
  func link() throws {
    try Example.plain(seed: 1).write(to: path)
    let link = folder.file("link.h5")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a.h5")
    try Example.plain(seed: 2).write(to: link)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "a.h5")
    #expect(try contents(Checkpoint(contentsOf: path)) == contents(Example.plain(seed: 2)))
  }

  @Test("Past the limit of the file size: EFBIG is named, the process lives, the old file stays")
  func fileSizeLimit() async throws {
    let path = path
    try Example.plain(seed: 1).write(to: path)
    await #expect(processExitsWith: .success) { [path = path as String] in
      var limit = rlimit(rlim_cur: 3000, rlim_max: 3000)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      #expect(throws: CheckpointError.cannotWrite(path: path, cause: "File too large")) {
        try Example.plain(seed: 2).write(to: path)
      }
    }
    #expect(try contents(Checkpoint(contentsOf: path)) == contents(Example.plain(seed: 1)))
    #expect(try folder.names == ["a.h5"])
  }

  #if os(Linux)
    @Test(
      "On a full disk ENOSPC is named and the old file stays",
      .enabled(if: geteuid() == 0, "mounting a small file system needs root"))
    func fullDisk() throws {
      // A file system of 64 KiB; the example needs more with its structure's reserve.
      try #require(
        mount("tmpfs", folder.path, "tmpfs", 0, "size=64k") == 0,
        "a tmpfs cannot be mounted here")
      defer { umount2(folder.path, Int32(MNT_DETACH)) }
      var large = try Example.trained()
      try Example.plain(seed: 1).write(to: path)
      large.training?.optimizer["fc"] = [
        "weight.momentum": Tensor(shape: [20_000], [Float](repeating: 1, count: 20_000))
      ]
      #expect(throws: CheckpointError.cannotWrite(path: path, cause: "No space left on device")) {
        try large.write(to: path)
      }
      #expect(try contents(Checkpoint(contentsOf: path)) == contents(Example.plain(seed: 1)))
      #expect(try folder.names == ["a.h5"])
    }

    @Test(
      "In a folder that may not be written, EACCES is named and the old file stays",
      .enabled(if: geteuid() == 0, "another user's rights are taken on as root only"))
    func readOnlyFolder() throws {
      try Example.plain(seed: 1).write(to: path)
      chmod(folder.path, 0o555)
      try asNobody {
        #expect(throws: CheckpointError.cannotWrite(path: path, cause: "Permission denied")) {
          try Example.plain(seed: 2).write(to: path)
        }
      }
      chmod(path, 0)
      try asNobody {
        #expect(throws: CheckpointError.cannotRead(path: path, cause: "Permission denied")) {
          try Checkpoint(contentsOf: path)
        }
      }
      #expect(try contents(Checkpoint(contentsOf: path)) == contents(Example.plain(seed: 1)))
      #expect(try folder.names == ["a.h5"])
    }

    /// Runs with the file rights of user 65534, on this thread only, as Linux keeps them.
    private func asNobody(_ body: () throws -> Void) throws {
      typealias Function = @convention(c) (UInt32) -> Int32
      let symbol = try #require(dlsym(nil, "setfsuid"))
      let setFileUser = unsafeBitCast(symbol, to: Function.self)
      _ = setFileUser(65534)
      defer { _ = setFileUser(0) }
      try body()
    }
  #endif
}
