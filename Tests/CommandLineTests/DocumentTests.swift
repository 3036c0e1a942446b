import Foundation
import TestSupport
import Testing

private let interpreter = ProcessInfo.processInfo.environment["CNN_PYTHON"]

/// What documents tell people to type does what they say.
@Suite(
  "Documents",
  .enabled(
    if: Tool.folder != nil && interpreter != nil,
    "CNN_BIN or CNN_PYTHON is not set; Scripts/test.sh sets both"))
struct DocumentTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A command of a document's console block, and what it prints.
  private struct Session {
    var command: String
    var output: String

    /// The commands of a document, in order.
    static func all(of document: String) throws -> [Session] {
      let text = try String(
        contentsOf: DocumentTests.root.appendingPathComponent(document), encoding: .utf8)
      var result: [Session] = []
      var isInside = false
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("```") {
          isInside = line == "```console"
        } else if isInside, line.hasPrefix("$ ") {
          result.append(Session(command: String(line.dropFirst(2)), output: ""))
        } else if isInside, !result.isEmpty {
          result[result.count - 1].output += line + "\n"
        }
      }
      return result
    }
  }

  /// A folder with the repository's models and samples, and `python` among the programs.
  private func makeScratch() throws -> Scratch {
    let scratch = try Scratch()
    for name in ["Models", "Samples"] {
      try FileManager.default.createSymbolicLink(
        at: scratch.url.appendingPathComponent(name),
        withDestinationURL: Self.root.appendingPathComponent(name))
    }
    // A link would lose the environment that the interpreter finds beside itself.
    let python = try scratch.create(
      "bin/python", Data("#!/bin/sh\nexec '\(interpreter ?? "")' \"$@\"\n".utf8))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: python.path)
    return scratch
  }

  private func run(_ line: String, in scratch: Scratch) throws -> Tool.Result {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
    return try Tool.run(
      "/bin/sh", ["-ec", line], in: scratch.url,
      environment: [
        "PATH": "\(scratch.path("bin")):\(Tool.folder ?? ""):\(path)", "GOMP_SPINCOUNT": "1000",
      ])
  }

  @Test("h5ls, h5dump and h5py show of the shipped checkpoint what the document says")
  func checkpointElsewhere() throws {
    let scratch = try makeScratch()
    let sessions = try Session.all(of: "Docs/checkpoint-elsewhere.md")
    #expect(sessions.count >= 7)
    for session in sessions {
      let words = session.command.split(separator: " ").map(String.init)
      // A file that is shown is there for the commands after it.
      if words.first == "cat", words.count == 2 {
        try scratch.create(words[1], Data(session.output.utf8))
        continue
      }
      let result = try run(session.command, in: scratch)
      #expect(result.status == 0, "\(session.command): \(result.errors)")
      #expect(result.output == session.output, "\(session.command)")
    }
  }

  @Test("What the document on int8 tells to type works, and prints that, whatever the numbers")
  func quantization() throws {
    let scratch = try makeScratch()
    let sessions = try Session.all(of: "Docs/quantization.md")
    #expect(sessions.count >= 5)
    /// Numbers as one letter, columns one space apart: speed and rounding differ between machines.
    func form(_ text: String) -> String {
      text.replacing(/-?[0-9]+(\.[0-9]+)?/, with: "N").replacing(/[ ]+/, with: " ")
    }
    for session in sessions {
      let result = try run(session.command, in: scratch)
      #expect(result.status == 0, "\(session.command): \(result.errors)")
      #expect(form(result.output) == form(session.output), "\(session.command)")
    }
  }

  @Test("The tutorial's steps follow each other, and their end is ONNX Runtime's same class")
  func tutorial() throws {
    let resources = Self.root.appendingPathComponent("Docs/swift-cnn.docc/Tutorials/Resources")
    func step(_ number: Int) throws -> String {
      try String(
        contentsOf: resources.appendingPathComponent("tutorial-\(number).sh"), encoding: .utf8)
    }
    for number in 2...7 { #expect(try step(number).hasPrefix(step(number - 1))) }

    let scratch = try makeScratch()
    try FileManager.default.copyItem(
      at: resources.appendingPathComponent("classify.py"),
      to: scratch.url.appendingPathComponent("classify.py"))
    let whole = try run(try step(7), in: scratch)
    #expect(whole.status == 0, "\(whole.errors)")
    let ours = try run("cnn-infer Samples/ankle-boot.png --model lenet.h5 --top-k 1", in: scratch)
    let label = try #require(ours.output.split(separator: "  ").first)
    let lines = whole.outputLines.suffix(3)
    #expect(lines.first?.hasPrefix(label) == true, "\(lines), not \(label)")
    // `Ankle boot  93.4 %` and `Ankle boot 93.4%`.
    #expect(
      lines.first?.filter { !$0.isWhitespace } == ours.output.filter { !$0.isWhitespace })
    #expect(FileManager.default.fileExists(atPath: scratch.path("pictures/index.html")))
  }
}
