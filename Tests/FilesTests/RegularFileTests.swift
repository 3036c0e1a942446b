import Files
import Foundation
import TestSupport
import Testing

@Suite("Reading regular files")
struct RegularFileTests {
  private let folder: Scratch

  init() throws { folder = try Scratch() }

  @Test("Bytes are read in order, at positions and whole")
  func reading() throws {
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let path = try folder.write(bytes, to: "a")
    let file = try RegularFile(path)
    #expect(file.byteCount == bytes.count)
    var part = [UInt8](repeating: 0, count: 150_000)
    for expected in [0..<150_000, 150_000..<200_000, 200_000..<200_000] {
      let count = try part.readingInto { (buffer) throws(FileError) in try file.read(into: buffer) }
      #expect(part[..<count] == bytes[expected])
    }
    let count = try part.readingInto { (buffer) throws(FileError) in
      try file.read(into: buffer, at: 199_000)
    }
    #expect(part[..<count] == bytes[199_000...])
    #expect(try RegularFile(path).contents(limit: bytes.count) == bytes)
    #expect(try RegularFile(path).contents(limit: bytes.count - 1) == nil)
  }

  @Test("A mapping holds the bytes, also once the path and the file are gone")
  func mapping() throws {
    let path = try folder.write([1, 2, 3], to: "a")
    var file: RegularFile? = try RegularFile(path)
    let mapping = try #require(try file?.map())
    try FileManager.default.removeItem(atPath: path)
    file = nil
    mapping.populate(0..<3)
    #expect(mapping.withBytes(Array.init) == [1, 2, 3])
    mapping.release(0..<3)
    #expect(mapping.withBytes(Array.init) == [1, 2, 3])
  }

  @Test("What is not a regular file is refused without waiting for it")
  func refusals() throws {
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    for (path, kind) in [
      (pipe, "a pipe"), (folder.url.path, "a folder"), ("/dev/zero", "a device"),
    ] {
      #expect(throws: FileError.notRegular(kind: kind)) { _ = try RegularFile(path) }
    }
    #expect(throws: FileError.refused(reason: "No such file or directory")) {
      _ = try RegularFile(folder.path("none"))
    }
  }

  @Test("A link is refused where none may be followed")
  func links() throws {
    let path = try folder.write([1], to: "a")
    let link = folder.path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(try RegularFile(link).byteCount == 1)
    #expect(throws: FileError.self) { _ = try RegularFile(link, followingLinks: false) }
  }

  @Test("Two names of one file have one identity")
  func identity() throws {
    let path = try folder.write([1], to: "a")
    try FileManager.default.linkItem(atPath: path, toPath: folder.path("b"))
    let other = try folder.write([1], to: "c")
    #expect(try FileStatus(path).identity == FileStatus(folder.path("b")).identity)
    #expect(try FileStatus(path).identity != FileStatus(other).identity)
    #expect(try Folder.names(in: folder.url.path).sorted() == ["a", "b", "c"])
  }
}
