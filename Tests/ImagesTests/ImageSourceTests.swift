import Foundation
import Images
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("What is given as an image") struct ImageSourceTests {
  @Test(
    "Another kind of file is named",
    arguments: [
      ([0xFF, 0xD8, 0xFF, 0xE0, 0, 16], FileKind.jpeg), (Array("GIF89a..".utf8), .gif),
      (Array("RIFF\0\0\0\0WEBPVP8 ".utf8), .webP), (Array("BM\0\0\0\0".utf8), .bmp),
      ([0x49, 0x49, 0x2A, 0, 8, 0, 0, 0], .tiff), (Array("\0\0\0\u{18}ftypheic".utf8), .heif),
      (Array("%PDF-1.7\n".utf8), .pdf), (Array("<svg xmlns=".utf8), .svg),
      ([0x1F, 0x8B, 8, 0], .gzip), (Array("PK\u{3}\u{4}".utf8), .zip),
      ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], .hdf5),
      (Array("cnn-checkpoint 1\n".utf8), .hdf5), (Array("Hello, world\n".utf8), .text),
      (Array("x".utf8), .text), (Array("Grüße".utf8), .text), ([0, 1, 2, 3], .unknown),
    ] as [([UInt8], FileKind)])
  func otherKinds(bytes: [UInt8], kind: FileKind) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("picture.png", bytes)
    let error = #expect(throws: ImageError.self) { try Image(pngFile: path) }
    #expect(error == .notPNG(source: path, kind: kind))
  }

  @Test("The message about a JPEG says how to convert it")
  func jpegAdvice() {
    let text = ImageError.notPNG(source: "photo.jpg", kind: .jpeg).description
    #expect(text.contains("photo.jpg is a JPEG: convert it"))
    #expect(text.contains("convert 'photo.jpg' image.png"))
  }

  @Test("An empty file is empty")
  func empty() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("empty.png", [])
    #expect(throws: ImageError.empty(source: path)) { try Image(pngFile: path) }
    #expect(throws: ImageError.empty(source: "PNG in memory")) { try Image(png: []) }
  }

  @Test("A folder is a folder")
  func folder() throws {
    let folder = try TemporaryFolder()
    #expect(throws: ImageError.notAFile(source: folder.path, kind: "a folder")) {
      try Image(pngFile: folder.path)
    }
  }

  @Test("A pipe is refused at once, without waiting for a writer")
  func pipe() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/pipe.png"
    try #require(mkfifo(path, 0o600) == 0)
    #expect(throws: ImageError.notAFile(source: path, kind: "a pipe")) {
      try Watchdog.run { _ in try Image(pngFile: path) }
    }
  }

  @Test("A device is refused")
  func device() {
    #expect(throws: ImageError.notAFile(source: "/dev/zero", kind: "a device")) {
      try Image(pngFile: "/dev/zero")
    }
  }

  @Test("A missing file is named with the system's reason")
  func missing() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/none.png"
    let error = #expect(throws: ImageError.self) { try Image(pngFile: path) }
    #expect(error == .cannotOpen(source: path, reason: "No such file or directory"))
  }

  @Test("A file that may not be read is named", .enabled(if: getuid() != 0, "root may read all"))
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("secret.png", Fixtures.bytes("png/gray-8.png"))
    try #require(chmod(path, 0) == 0)
    #expect(throws: ImageError.cannotOpen(source: path, reason: "Permission denied")) {
      try Image(pngFile: path)
    }
  }

  @Test(
    "A descriptor that delivers little at a time gives the whole image", arguments: [1, 7, 4096])
  func descriptor(step: Int) throws {
    let bytes = try Fixtures.bytes("png/rgba-16.png")
    var ends: [Int32] = [0, 0]
    try #require(makePipe(&ends) == 0)
    let writer = ends[1]
    Thread.detachNewThread {
      for start in stride(from: 0, to: bytes.count, by: step) {
        let part = Array(bytes[start..<min(start + step, bytes.count)])
        _ = write(writer, part, part.count)
      }
      close(writer)
    }
    defer { close(ends[0]) }
    #expect(try Image(pngDescriptor: ends[0]) == Image(png: bytes))
  }

  @Test("An endless descriptor is not read to its end")
  func endless() throws {
    let folder = try TemporaryFolder()
    let zeros = try folder.file("zeros", [])
    try #require(truncate(zeros, 1 << 35) == 0)
    for path in ["/dev/zero", zeros] {
      let descriptor = open(path, O_RDONLY)
      defer { close(descriptor) }
      #expect(throws: ImageError.notPNG(source: "standard input", kind: .unknown)) {
        try Watchdog.run { _ in try Image(pngDescriptor: descriptor) }
      }
      // Of 32 GiB; a device has no position.
      #expect(lseek(descriptor, 0, SEEK_CUR) <= 65_536)
    }
  }

  @Test("A descriptor that cannot be read is named")
  func badDescriptor() {
    #expect(throws: ImageError.cannotRead(source: "standard input", reason: "Bad file descriptor"))
    {
      try Image(pngDescriptor: -1)
    }
  }
}

private func makePipe(_ ends: inout [Int32]) -> Int32 { pipe(&ends) }
