import Datasets
import Foundation
import Images
import Networks
import Testing

@Suite("Folders of classes") struct FolderTests {
  @Test("Classes are the folders in byte order, images the files in byte order")
  func order() throws {
    let folder = try TemporaryFolder()
    for name in ["b/2.png", "b/10.PNG", "Z/x.png", "ä/y.pNg"] {
      try folder.file(name, Image.plainPNG(UInt8(name.utf8.count)))
    }
    try folder.file("README.md", Array("not an image".utf8))
    try folder.file("b/.hidden", [])
    let set = try FolderDataset(directory: folder.path)
    #expect(set.classNames == ["Z", "b", "ä"])
    #expect((0..<4).map(set.label) == [0, 1, 1, 2])
    #expect(set.path(at: 1).hasSuffix("b/10.PNG") && set.path(at: 2).hasSuffix("b/2.png"))
    #expect(try set.image(at: 1).bytes[0] == 8)
    #expect(set.channels == 1)
  }

  @Test("One image of colour makes three channels")
  func channels() throws {
    let folder = try TemporaryFolder()
    try folder.file("a/1.png", Image.plainPNG(1))
    try folder.file("b/1.png", Image(width: 1, height: 1, rgb: [1, 2, 3]).png())
    #expect(try FolderDataset(directory: folder.path).channels == 3)
  }

  @Test("train/ goes with test/ or val/", arguments: ["test", "val"])
  func parts(testName: String) throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b", "c"] {
      try folder.file("train/\(name)/1.png", Image.plainPNG(1))
    }
    try folder.file("\(testName)/b/1.png", Image.plainPNG(2))
    let source = try DataSource.open(directory: folder.path)
    #expect(source.train.count == 3 && source.test.count == 1)
    #expect(source.test.classNames == ["a", "b", "c"] && source.test.label(at: 0) == 1)
  }

  @Test("train/ alone, or another class in test/, is refused")
  func incompleteParts() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b"] { try folder.file("train/\(name)/1.png", Image.plainPNG(1)) }
    #expect(throws: DatasetError.missingPart(directory: folder.path)) {
      try DataSource.open(directory: folder.path)
    }
    try folder.file("test/z/1.png", Image.plainPNG(1))
    #expect(throws: DatasetError.unknownClass(directory: "\(folder.path)/test", name: "z")) {
      try DataSource.open(directory: folder.path)
    }
  }

  @Test("A class may be named train")
  func trains() throws {
    let folder = try TemporaryFolder()
    for name in ["train", "bus"] {
      for index in 0..<5 { try folder.file("\(name)/\(index).png", Image.plainPNG(1)) }
    }
    #expect(try DataSource.open(directory: folder.path).classNames == ["bus", "train"])
  }

  @Test("Of class folders alone a seeded tenth is the test part")
  func tenth() throws {
    let folder = try TemporaryFolder()
    for index in 0..<40 {
      try folder.file("\(index % 2)/\(index).png", Image.plainPNG(UInt8(index)))
    }
    func values(_ set: any ImageDataset) throws -> [UInt8] {
      try (0..<set.count).map { try set.image(at: $0).bytes[0] }
    }
    let first = try DataSource.open(directory: folder.path, seed: 1)
    let again = try DataSource.open(directory: folder.path, seed: 1)
    let other = try DataSource.open(directory: folder.path, seed: 2)
    #expect(first.train.count == 36 && first.test.count == 4)
    #expect(try values(first.train) + values(first.test) != Array(0..<40))
    #expect(try (values(first.train) + values(first.test)).sorted() == Array(0..<40))
    #expect(try values(first.test) == values(again.test))
    #expect(try values(first.test) != values(other.test))
  }

  @Test("What is wrong is found before the first image is asked for, and named")
  func faults() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    func refused(_ expected: DatasetError, _ set: @autoclosure () throws -> DataSource) {
      #expect(throws: expected) { try set() }
    }
    refused(.nothingFound(directory: path), try .open(directory: path))
    try folder.folder("a")
    refused(.tooFewClasses(directory: path, found: ["a"]), try .open(directory: path))
    try folder.file("b/1.png", Image.plainPNG(1))
    refused(.noImages(directory: "\(path)/a"), try .open(directory: path))
    let foreign = try folder.file("a/notes.txt", Array("text".utf8))
    refused(.foreignFile(path: foreign), try .open(directory: path))
    try FileManager.default.removeItem(atPath: foreign)
    let text = try folder.file("a/1.png", Array("text".utf8))
    #expect(throws: ImageError.notPNG(source: text, kind: .text)) {
      try DataSource.open(directory: path)
    }
    try folder.file("a/1.png", Image.plainPNG(1))
    let stray = try folder.file("c.png", Image.plainPNG(1))
    refused(.imageOutsideClass(path: stray), try .open(directory: path))
    try FileManager.default.removeItem(atPath: stray)
    let link = "\(path)/a/2.png"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: "\(path)/nowhere")
    let error = #expect(throws: ImageError.self) { try DataSource.open(directory: path) }
    #expect(error == .cannotOpen(source: link, reason: "No such file or directory"))
    refused(
      .cannotOpen(path: "\(path)/none", reason: "no such folder"),
      try .open(directory: "\(path)/none"))
  }

  @Test("Pixels that are damaged behind a whole header stop the loader with the file's name")
  func damagedPixels() throws {
    let folder = try TemporaryFolder()
    try folder.file("a/1.png", Image.plainPNG(1))
    var bytes = try Image.plainPNG(2)
    bytes[bytes.count - 14] ^= 1  // IDAT's checksum, before the twelve bytes of IEND
    let damaged = try folder.file("b/1.png", bytes)
    let loader = try BatchLoader(
      dataset: FolderDataset(directory: folder.path),
      preprocessing: Preprocessing(channels: 1, height: 8, width: 8), batchSize: 1)
    #expect(try loader.next()?.labels == [0])
    let error = #expect(throws: ImageError.self) { try loader.next() }
    guard case .malformed(damaged, "IDAT", _, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("An IDX folder that lacks a file names it")
  func missingIDX() throws {
    let folder = try TemporaryFolder()
    try folder.file("train-images-idx3-ubyte", IDXBytes.file([1, 1, 1], [0]))
    #expect(
      throws: DatasetError.missingFile(directory: folder.path, name: "train-labels-idx1-ubyte")
    ) { try DataSource.open(directory: folder.path) }
  }
}
