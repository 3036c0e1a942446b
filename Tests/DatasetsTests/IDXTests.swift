import Datasets
import Foundation
import Images
import TestSupport
import Testing

@Suite("IDX files") struct IDXTests {
  private let names = ["a", "b", "c"]
  private let pixels: [UInt8] = Array(0..<24)
  private var images: [UInt8] { IDXBytes.file([4, 3, 2], pixels) }
  private var labels: [UInt8] { IDXBytes.file([4], [2, 0, 1, 2]) }

  private func open(_ images: [UInt8], _ labels: [UInt8]) throws -> IDXDataset {
    let folder = try TemporaryFolder()
    return try IDXDataset(
      imagesFile: folder.file("images", images), labelsFile: folder.file("labels", labels),
      classNames: names)
  }

  @Test("Images and labels come in the order of the file, gzip or not", arguments: [false, true])
  func reads(compressed: Bool) throws {
    let set =
      compressed
      ? try open(IDXBytes.gzip(images), IDXBytes.gzip(labels)) : try open(images, labels)
    #expect(set.count == 4 && set.channels == 1 && set.height == 3 && set.width == 2)
    #expect((0..<4).map(set.label) == [2, 0, 1, 2])
    for index in 0..<4 {
      let expected = Image(
        width: 2, height: 3, gray: Array(pixels[6 * index..<6 * (index + 1)]))
      #expect(set.image(at: index) == expected)
    }
  }

  @Test("A gzip file of two members is their concatenation")
  func members() throws {
    let split = IDXBytes.gzip(Array(images[..<20])) + IDXBytes.gzip(Array(images[20...]))
    #expect(try open(split, labels).image(at: 3).bytes == Array(18..<24))
  }

  @Test("A file cut off at any byte is refused with its name and offset", arguments: [false, true])
  func truncated(compressed: Bool) throws {
    let folder = try TemporaryFolder()
    let whole = compressed ? IDXBytes.gzip(images) : images
    let labelsFile = try folder.file("labels", labels)
    for length in 0..<whole.count {
      let file = try folder.file("images", Array(whole[..<length]))
      let error = #expect(throws: DatasetError.self) {
        try IDXDataset(imagesFile: file, labelsFile: labelsFile, classNames: names)
      }
      switch error {
      case .truncated(file, let offset, _)?, .damagedGzip(file, let offset, _)?,
        .malformed(file, let offset, _)?:
        #expect(offset <= length)
      default: Issue.record("\(length) bytes: \(String(describing: error))")
      }
    }
  }

  @Test("Any flipped bit of a gzip file is refused, but for those that mean nothing")
  func flippedBit() throws {
    let folder = try TemporaryFolder()
    let whole = IDXBytes.gzip(labels)
    let imagesFile = try folder.file("images", images)
    // Any value is valid of FTEXT, a hint, of time and system in bytes 4 to 9, and of the bits between
    // a stored block's header and its length in byte 10.
    let free = Set([3 * 8]).union(4 * 8..<10 * 8).union(10 * 8 + 3..<11 * 8)
    for bit in 0..<whole.count * 8 where !free.contains(bit) {
      var damaged = whole
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      let file = try folder.file("labels", damaged)
      #expect(throws: DatasetError.self, "bit \(bit)") {
        try IDXDataset(imagesFile: imagesFile, labelsFile: file, classNames: names)
      }
    }
  }

  @Test("Trailing bytes are refused with their offset")
  func trailing() throws {
    let plain = #expect(throws: DatasetError.self) { try open(images + [0], labels) }
    guard case .malformed(_, 40, _)? = plain else {
      Issue.record("\(String(describing: plain))")
      return
    }
    let inside = #expect(throws: DatasetError.self) {
      try open(IDXBytes.gzip(images + [0]), labels)
    }
    guard case .malformed(_, 40, _)? = inside else {
      Issue.record("\(String(describing: inside))")
      return
    }
    let gzip = IDXBytes.gzip(images)
    let behind = #expect(throws: DatasetError.self) { try open(gzip + [7], labels) }
    guard case .damagedGzip(_, gzip.count, _)? = behind else {
      Issue.record("\(String(describing: behind))")
      return
    }
  }

  @Test("A wrong magic number is refused with what it should be")
  func magic() throws {
    let error = #expect(throws: DatasetError.self) { try open(labels, labels) }
    #expect(error?.description.contains("magic number 2049 instead of 2051") == true)
    #expect(throws: DatasetError.self) { try open(Array("Hello, world, hello".utf8), labels) }
  }

  @Test("Different counts name both files")
  func counts() throws {
    let error = #expect(throws: DatasetError.self) {
      try open(images, IDXBytes.file([3], [0, 1, 2]))
    }
    guard case .countsDiffer(_, 4, _, 3)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("A label beyond the classes is refused with its offset")
  func label() throws {
    let error = #expect(throws: DatasetError.self) {
      try open(images, IDXBytes.file([4], [0, 1, 3, 0]))
    }
    guard case .malformed(_, 10, let detail)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(detail == "label 3 of 3 classes")
  }

  @Test(
    "A header for more than the file can hold is refused before room is made",
    arguments: [
      [.max, .max, .max], [.max, 65_536, 65_536], [4_000_000_000, 28, 28], [4, 0, 2], [0, 3, 2],
      [1 << 30, 1, 1],
    ] as [[UInt32]])
  func absurd(dimensions: [UInt32]) throws {
    let file = IDXBytes.file(dimensions, pixels)
    #expect(throws: DatasetError.self) { try open(file, labels) }
    #expect(throws: DatasetError.self) { try open(IDXBytes.gzip(file), labels) }
  }

  @Test("A folder, a pipe and a missing file are refused without waiting")
  func notFiles() throws {
    let folder = try TemporaryFolder()
    let labelsFile = try folder.file("labels", labels)
    let pipe = "\(folder.path)/pipe"
    try #require(mkfifo(pipe, 0o600) == 0)
    for path in [folder.path, pipe, "\(folder.path)/none"] {
      #expect(throws: DatasetError.self) {
        try Watchdog.run { [names] _ in
          _ = try IDXDataset(imagesFile: path, labelsFile: labelsFile, classNames: names)
        }
      }
    }
  }
}
