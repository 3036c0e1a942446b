import Foundation
import Testing

@Suite("Usage", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct UsageTests {
  @Test(
    "A wrong flag ends with 2 and one line that names it and the help",
    arguments: [
      (["--topk", "3", "a.png"], "did you mean --top-k? See 'cnn-infer --help'"),
      (["a.png", "--nonsense"], "--nonsense"),
      (["a.png", "--top-k"], "--top-k"),
      (["a.png", "--top-k", "0"], "--top-k 0"),
      (["a.png", "--precision", "int4"], "did you mean int8?"),
      (["a.png", "--threads", "x"], "--threads x"),
      (["a.png", "--json=yes"], "--json"),
      ([], "IMAGE"),
      (["inspect"], "'cnn-infer inspect --help'"),
      (["inspect", "net.h5", "other.h5"], "other.h5"),
      (["inspect", "net.h5", "--verfy"], "did you mean --verify?"),
      (["evaluate", "net.h5"], "--dataset"),
      (["evaluate", "net.h5", "--data", "d", "--dataset", "fashion-mnist"], "one of them"),
      (["evaluate", "net.h5", "--dataset", "cifar"], "fashion-mnist"),
      (["import", "raw.h5"], "--output"),
      (["export", "net.h5", "-o", "x.onnx"], "--format"),
      (
        ["export", "net.h5", "-o", "x", "--format", "checkpoint", "--with-preprocessing"],
        "--with-preprocessing"
      ),
      (["visualize", "net.h5"], "--output"),
      (["visualize", "a", "b", "c", "-o", "d"], "c"),
      (["visualize", "net.h5", "-o", "d", "--layers", "some"], "stages, all"),
      (["import", "x.h5", "-o", "y.h5", "--std", "-1"], "--std -1"),
    ])
  func wrong(arguments: [String], message: String) throws {
    let result = try Tool.run(Tool.path("cnn-infer"), arguments)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errorLines.count == 1)
    #expect(result.errors.hasPrefix("error: "))
    #expect(result.errors.contains("--help'"))
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test("Help and version go to standard output", arguments: ["cnn-infer", "cnn-train"])
  func helpAndVersion(program: String) throws {
    for flag in ["--help", "-h"] {
      let help = try Tool.run(Tool.path(program), [flag])
      #expect(help.status == 0)
      #expect(help.errors.isEmpty)
      #expect(help.output.hasPrefix("Usage: \(program) "))
      #expect(help.outputLines.allSatisfy { $0.count <= 80 })
    }
    let version = try Tool.run(Tool.path(program), ["--version"])
    #expect(version.output.wholeMatch(of: #/cnn-(train|infer) \d+\.\d+\.\d+\n/#) != nil)
  }

  @Test("A file named like a command goes after two dashes")
  func escapes() throws {
    let workspace = try Workspace()
    try workspace.folder.create("inspect", PNGFixture.gray())
    #expect(try workspace.infer("--", "inspect").status == 0)
  }

  @Test("Every flag that a document shows is one of the program's")
  func documents() throws {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    var count = 0
    let documents = [
      "README.md", "CONTRIBUTING.md", "Models/README.md", "Scripts/demo.sh", "Docs/interchange.md",
      "Docs/checkpoint-elsewhere.md", "Docs/recipes.md", "Docs/quantization.md",
    ]
    for document in documents {
      let text = try String(contentsOf: root.appendingPathComponent(document), encoding: .utf8)
      let joined = text.replacingOccurrences(of: "\\\n", with: " ")
      let pattern = #/cnn-(?:train|infer)"?(?: [^`#|;\n]*)?/#
      for match in joined.matches(of: pattern) {
        try check(String(match.output), document)
        count += 1
      }
    }
    #expect(count > 10)
  }

  private func check(_ command: String, _ document: String) throws {
    let words = command.replacingOccurrences(of: "\"", with: "").split(separator: " ").map(
      String.init)
    let subcommands = [
      "inspect", "evaluate", "benchmark", "import", "export", "visualize", "quantize",
    ]
    let subcommand = words.dropFirst().first.flatMap { subcommands.contains($0) ? [$0] : nil } ?? []
    let help = try Tool.run(Tool.path(words[0]), subcommand + ["--help"]).output
    for word in words where word.hasPrefix("-") && word.count > 1 && word != "--" {
      let flag = word.split(separator: "=")[0]
      let isKnown = help.split { " ,\n".contains($0) }.contains(flag)
      #expect(isKnown, "\(document): '\(command)'")
    }
  }
}

@Suite("Help", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct HelpTests {
  @Test(
    "Help is what was last agreed on: see Scripts/update-help-snapshots.sh",
    arguments: HelpSnapshots.all.keys.sorted())
  func snapshot(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let help = try Tool.run(Tool.path(words[0]), Array(words.dropFirst()) + ["--help"])
    #expect(help.output == HelpSnapshots.all[command])
  }
}
