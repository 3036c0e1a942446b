import Foundation
import Testing

@Suite("cnn-infer IMAGE…", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct ClassifyTests {
  @Test("One image gets a table of its classes, the likeliest first")
  func oneImage() throws {
    let result = try Workspace().infer("a.png", "--top-k", "3")
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
    #expect(result.outputLines.count == 3)
    let percentages = result.outputLines.map { line in
      line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? -1
    }
    #expect(percentages == percentages.sorted(by: >))
    #expect(percentages.allSatisfy { (0...100).contains($0) })
  }

  @Test("Several images get a line each")
  func severalImages() throws {
    let result = try Workspace().infer("b.png", "a.png")
    #expect(result.status == 0)
    #expect(result.outputLines.map { $0.prefix(7) } == ["b.png: ", "a.png: "])
  }

  @Test("JSON has the promised keys, probabilities that sum to 1, and the index for no label")
  func json() throws {
    let result = try Workspace().infer("a.png", "--json", "--top-k", "10")
    #expect(result.output.hasPrefix(#"{"image":"a.png","predictions":[{"label":""#))
    let object = try #require(try result.objects().first)
    #expect(Set(object.keys) == ["image", "predictions", "milliseconds"])
    let predictions = try #require(object["predictions"] as? [[String: Any]])
    #expect(predictions.count == 10)
    for prediction in predictions {
      #expect(Set(prediction.keys) == ["label", "index", "probability", "logit"])
      let index = try #require(prediction["index"] as? Int)
      let expected = index < 9 ? CheckpointFixture.labels[index] : "9"
      #expect(prediction["label"] as? String == expected)
    }
    let probabilities = predictions.compactMap { $0["probability"] as? Double }
    #expect(probabilities == probabilities.sorted(by: >))
    // Ten float32 probabilities, each rounded by at most half an ulp of 1.
    #expect(abs(probabilities.reduce(0, +) - 1) < 10 * 6e-8)
  }

  @Test("A folder is read at any depth in the byte order of the paths")
  func folder() throws {
    let workspace = try Workspace()
    for name in ["p/b.png", "p/a/z.PNG", "p/B.png", "p/notes.txt"] {
      try workspace.folder.create(name, PNGFixture.gray())
    }
    let images = try workspace.infer("p", "--json").objects().compactMap { $0["image"] as? String }
    #expect(images == ["p/B.png", "p/a/z.PNG", "p/b.png"])
  }

  @Test("A dash reads standard input, from a file or a pipe")
  func standardInput() throws {
    let workspace = try Workspace()
    let direct = try workspace.infer("a.png", "--top-k", "10").output
    #expect(try workspace.shell(#""$infer" - --top-k 10 < a.png"#).output == direct)
    #expect(try workspace.shell(#"cat a.png | "$infer" --top-k 10 -"#).output == direct)
    let nothing = try workspace.infer("-")
    #expect(nothing.status == 1)
    #expect(nothing.errorLines.count == 1)
  }

  @Test("The flags that change the input do, and a limit of pixels is kept")
  func inputFlags() throws {
    let workspace = try Workspace()
    #expect(try workspace.infer("a.png").output != workspace.infer("a.png", "--invert").output)
    #expect(try workspace.infer("a.png", "--max-pixels", "784").status == 0)
    let refused = try workspace.infer("a.png", "--max-pixels", "783")
    #expect(refused.status == 1)
    #expect(refused.errors.hasPrefix("error: image too large: a.png (28×28"))
    #expect(refused.errors.hasSuffix("or raise the limit; see --max-pixels\n"))
  }

  @Test("Eight threads give the bits of one")
  func threads() throws {
    let workspace = try Workspace()
    func logits(_ threads: String) throws -> [[Double]] {
      try workspace.infer("a.png", "b.png", "--json", "--top-k", "10", "--threads", threads)
        .objects().map { object in
          (object["predictions"] as? [[String: Any]] ?? []).compactMap { $0["logit"] as? Double }
        }
    }
    let one = try logits("1")
    #expect(one.map(\.count) == [10, 10])
    #expect(try logits("8") == one)
  }

  @Test("Precision int8 of a float checkpoint is refused, the others work")
  func precision() throws {
    let workspace = try Workspace()
    let automatic = try workspace.infer("a.png", "--precision", "auto")
    #expect(automatic.status == 0)
    #expect(try workspace.infer("a.png", "--precision", "fp32").output == automatic.output)
    let refused = try workspace.infer("a.png", "--precision", "int8")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("not quantised"))
  }

  @Test("The shipped model is found from the program's place, in any working directory")
  func defaultModel() throws {
    let workspace = try Workspace()
    let shell = try Tool.shell(
      #"""
      mkdir -p prefix/bin prefix/share/cnn/Models &&
      cp "$infer" prefix/bin/cnn-infer && cp net.h5 prefix/share/cnn/Models/lenet.h5 &&
      image="$PWD/a.png" && program="$PWD/prefix/bin/cnn-infer" && ln -s "$program" elsewhere &&
      link="$PWD/elsewhere" && cd / && "$program" "$image" && "$link" "$image"
      """#, in: workspace.folder.url)
    #expect(shell.status == 0)
    let expected = try workspace.infer("a.png").output
    #expect(shell.output == expected + expected)
  }

  @Test("Without a model it says how to name one")
  func noModel() throws {
    let workspace = try Workspace()
    let result = try Tool.shell(
      #"mkdir -p lone/bin && cp "$infer" lone/bin/ && lone/bin/cnn-infer a.png"#,
      in: workspace.folder.url)
    #expect(result.status == 1)
    #expect(result.errors.hasPrefix("error: no model: "))
    #expect(result.errors.contains("set CNN_MODEL; see --model"))
  }
}
