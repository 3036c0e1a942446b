import Datasets
import Foundation
import Images
import Testing

@Suite(
  "Fashion-MNIST",
  .enabled(
    if: FileManager.default.fileExists(atPath: DataSource.fashionMNISTDirectory),
    "skipped: run 'apt-get install dataset-fashion-mnist'"))
struct FashionMNISTTests {
  @Test("There are 60,000 and 10,000 images of 28×28, as many of each class")
  func whole() throws {
    let source = try DataSource.fashionMNIST()
    #expect(source.train.count == 60_000 && source.test.count == 10_000)
    #expect(source.channels == 1 && source.classNames.count == 10)
    for part in [source.train, source.test] {
      var counts = Array(repeating: 0, count: 10)
      for index in 0..<part.count { counts[part.label(at: index)] += 1 }
      #expect(counts == Array(repeating: part.count / 10, count: 10))
      let image = try part.image(at: part.count - 1)
      #expect(image.width == 28 && image.height == 28 && image.color == .gray)
    }
    #expect(source.classNames[source.test.label(at: 0)] == "Ankle boot")
  }

  @Test("The folder can be named, and is then MNIST's digits or Fashion-MNIST's classes")
  func named() throws {
    let folder = DataSource.fashionMNISTDirectory
    #expect(try DataSource.open(directory: folder).classNames == (0..<10).map(String.init))
    #expect(
      try DataSource.fashionMNIST(directory: folder).classNames
        == DataSource.fashionMNISTClasses)
  }

  @Test("The samples are test images of the class that they are named by")
  func samples() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let test = try DataSource.fashionMNIST().test
    for (label, name) in test.classNames.enumerated() {
      let file = name.lowercased().replacing("/", with: "-").replacing(" ", with: "-") + ".png"
      let sample = try Image(pngFile: root.appendingPathComponent("Samples/\(file)").path)
      let matches = try (0..<test.count).contains {
        try test.label(at: $0) == label && test.image(at: $0) == sample
      }
      #expect(matches, "\(file)")
    }
  }
}
