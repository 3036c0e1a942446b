import Foundation
import Testing

@Suite("cnn-infer evaluate", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct EvaluateTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    for part in ["train", "test"] {
      for (index, label) in ["bee", "gnu"].enumerated() {
        for image in 0..<3 {
          try workspace.folder.create(
            "data/\(part)/\(label)/\(image).png", PNGFixture.gray(seed: UInt8(index * 9 + image)))
        }
      }
    }
    return workspace
  }

  @Test("JSON has the promised keys, and counts by the checkpoint's labels")
  func json() throws {
    let result = try workspace().infer("evaluate", "net.h5", "--data", "data", "--json")
    #expect(result.status == 0, "\(result.errors)")
    let object = try #require(try result.objects().first)
    #expect(
      Set(object.keys) == ["accuracy", "loss", "images", "imagesPerSecond", "confusion"])
    #expect(object["images"] as? Int == 6)
    let confusion = try #require(object["confusion"] as? [[Int]])
    #expect(confusion.count == 10)
    // "bee" is the checkpoint's class 1, "gnu" its class 6.
    #expect(confusion.map { $0.reduce(0, +) } == [0, 3, 0, 0, 0, 0, 3, 0, 0, 0])
    let right = confusion.indices.reduce(0) { $0 + confusion[$1][$1] }
    #expect(object["accuracy"] as? Double == Double(right) / 6)
  }

  @Test("A limit takes the first images, and people get a table")
  func limit() throws {
    let result = try workspace().infer("evaluate", "net.h5", "--data", "data", "--limit", "2")
    #expect(result.status == 0)
    #expect(result.output.contains("images    2, "))
    #expect(result.output.contains("\nbee "))
  }

  @Test("The matrix and each class's recall and precision are those of the counts")
  func people() throws {
    let workspace = try workspace()
    let json = try workspace.infer("evaluate", "net.h5", "--data", "data", "--json").objects()[0]
    let counts = try #require(json["confusion"] as? [[Int]])
    let text = try workspace.infer("evaluate", "net.h5", "--data", "data")
    #expect(text.status == 0)
    let rows = text.outputLines.map { $0.split(separator: " ").map(String.init) }
    let matrix = rows.drop { $0.prefix(3) != ["class", "taken", "for"] }.dropFirst()
    #expect(matrix.map { $0.dropFirst(2).map { Int($0) ?? 0 } } == counts)
    let bee = try #require(rows.first { $0.first == "bee" })
    let said = counts.reduce(0) { $0 + $1[1] }
    #expect(bee[1] == "3")
    #expect(Double(bee[2]).map { abs($0 - 100 * Double(counts[1][1]) / 3) < 0.06 } == true)
    let precision = said > 0 ? 100 * Double(counts[1][1]) / Double(said) : nil
    let word = bee[4]
    #expect(precision.map { abs((Double(word) ?? -1) - $0) < 0.06 } ?? (word == "–"))
  }

  @Test("Checkpoints of other classes are not held beside each other")
  func otherClasses() throws {
    let workspace = try workspace()
    try workspace.folder.create("names", Data("one\ntwo\n".utf8))
    let other = try workspace.infer("import", "net.h5", "--labels", "names", "-o", "other.h5")
    #expect(other.status == 0)
    let result = try workspace.infer(
      "evaluate", "net.h5", "--against", "other.h5", "--data", "data")
    #expect(result.status == 1 && result.errorLines.count == 1)
    #expect(result.errors.contains("classes differ: class 0"))
  }

  @Test("Fashion-MNIST is found where Debian puts it")
  func fashionMNIST() throws {
    let result = try workspace().infer(
      "evaluate", "net.h5", "--dataset", "fashion-mnist", "--limit", "100", "--json")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try result.objects().first?["images"] as? Int == 100)
  }

  @Test(
    "A folder that is no data set is refused in one line",
    arguments: [
      "mkdir bad", ":", "echo hello > bad", "mkdir -p bad/one && cp a.png bad/one/",
      "mkdir -p bad/one bad/two && cp a.png bad/one/ && echo hello > bad/two/b.png",
      "mkdir bad && cd bad && for f in train t10k; do for k in images-idx3 labels-idx1; do "
        + "echo hello > $f-$k-ubyte; done; done",
      "mkdir bad && cd bad && for f in train t10k; do for k in images-idx3 labels-idx1; do "
        + ": > $f-$k-ubyte.gz; done; done",
    ])
  func badData(setUp: String) throws {
    let workspace = try workspace()
    #expect(try workspace.shell(setUp).status == 0)
    let result = try workspace.infer("evaluate", "net.h5", "--data", "bad", "--quiet")
    #expect(result.status == 1)
    #expect(!result.isCrash)
    #expect(result.output.isEmpty)
    #expect(result.errorLines.filter { $0.hasPrefix("error: ") }.count == 1, "\(result.errors)")
  }
}
