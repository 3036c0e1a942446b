import Files
import Foundation
import TestSupport
import Testing

@Suite("Replacing files")
struct ReplacementTests {
  private let folder: Scratch

  init() throws { folder = try Scratch() }

  @Test("A new file is made, an old one replaced, and nothing stays next to it")
  func replacing() throws {
    for bytes: [UInt8] in [[1, 2, 3], [], [4]] {
      try ReplacementFile.replace(folder.path("a"), with: bytes)
      #expect(try folder.read("a") == bytes)
      #expect(try folder.contents == ["a"])
    }
  }

  @Test("Without a commit the old file stays as it was")
  func uncommitted() throws {
    let path = try folder.write([1], to: "a")
    var file: ReplacementFile? = try ReplacementFile(locking: path)
    try file?.write([2, 3], at: 0)
    #expect(try folder.contents == [".a.lock", ".a.tmp", "a"])
    file = nil
    #expect(try folder.read("a") == [1])
    #expect(try folder.contents == ["a"])
  }

  @Test("What a killed writer left is removed by the next one")
  func leftovers() throws {
    for name in [".a.tmp", ".a.lock"] { _ = try folder.write([9, 9], to: name) }
    try ReplacementFile.replace(folder.path("a"), with: [1])
    #expect(try folder.contents == ["a"])
  }

  @Test("A link's target is replaced, the link stays")
  func links() throws {
    _ = try folder.write([1], to: "there/a")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: folder.path("there/a"))
    try ReplacementFile.replace(folder.path("link"), with: [2])
    #expect(try folder.read("there/a") == [2])
    #expect(try FileStatus(folder.path("link"), followingLinks: false).kind != .regular)
  }

  @Test("A folder, a device and a missing folder are refused with the reason")
  func refusals() throws {
    func error(_ path: String) -> FileError? {
      #expect(throws: FileError.self) { try ReplacementFile.replace(path, with: [1]) }
    }
    #expect(error(folder.url.path) == .notRegular(kind: "a folder"))
    #expect(error(folder.url.path + "/")?.reason == "it is a folder")
    #expect(error("/dev/null") == .notRegular(kind: "a device"))
    #expect(error(folder.path("no/a")) == .refused(reason: "No such file or directory"))
    #expect(try folder.contents.isEmpty)
  }

  @Test("A second writer is told which process holds the file")
  func held() throws {
    let target = try TargetPath(folder.path("a"))
    let lock = try FileLock(target, waiting: 0)
    withExtendedLifetime(lock) {
      let error = #expect(throws: FileError.self) { _ = try FileLock(target, waiting: 0) }
      #expect(error == .held(process: ProcessInfo.processInfo.processIdentifier))
    }
  }

  @Test("What has been written can be read before the commit")
  func contents() throws {
    let file = try ReplacementFile(locking: folder.path("a"))
    try file.write([1, 2], at: 4)
    #expect(try file.withContents(Array.init) == [0, 0, 0, 0, 1, 2])
  }
}
