import Foundation
import Testing

/// Whatever a library's user sees of `Inference` is shown in use.
@Suite("Examples of Inference")
struct ExampleTests {
  /// A documentation comment's code, with what it documents.
  private struct Example {
    let lines: [String]
    let declaration: String
  }

  private static let files = Checkout.swiftFiles(in: "Sources/Inference")

  @Test("Every public type has an example in its documentation comment", arguments: files)
  private func types(file: URL) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    let kinds = #/^\s*public (?:final )?(?:class|struct|enum|protocol|actor) (\w+)/#
    let types = text.split(separator: "\n").compactMap {
      (try? kinds.firstMatch(in: $0)).map { String($0.output.1) }
    }
    let shown = try Self.examples(in: file).map(\.declaration)
    for type in types {
      #expect(
        shown.contains { $0.contains("\(type)") }, "\(file.lastPathComponent): \(type) has none")
    }
  }

  @Test("Every public member occurs in some example", arguments: files)
  private func members(file: URL) throws {
    let code = try Self.files.flatMap { try Self.examples(in: $0).flatMap(\.lines) }
      .joined(separator: "\n")
    let text = try String(contentsOf: file, encoding: .utf8)
    let member =
      #/^\s*public (?:private\(set\) )?(?:static |mutating )*(?:let|var|func) (\w+)/#
    for line in text.split(separator: "\n") {
      guard let name = (try? member.firstMatch(in: line)).map({ String($0.output.1) }) else {
        continue
      }
      #expect(
        code.contains(try Regex("\\b\(name)\\b")), "\(file.lastPathComponent): \(name) is in none")
    }
  }

  @Test("Every line of an example is compiled by a test")
  func compiled() throws {
    let tests = Checkout.root.appendingPathComponent("Tests/InferenceTests/ExampleTests.swift")
    let compiled = Set(
      try String(contentsOf: tests, encoding: .utf8).split(separator: "\n").map(Self.trimmed))
    for file in Self.files {
      for line in try Self.examples(in: file).flatMap(\.lines) {
        #expect(compiled.contains(line), "\(file.lastPathComponent): \(line)")
      }
    }
  }

  private static func trimmed(_ line: some StringProtocol) -> String {
    line.trimmingCharacters(in: .whitespaces)
  }

  private static func examples(in file: URL) throws -> [Example] {
    var examples: [Example] = []
    var lines: [String] = []
    var isCode = false
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let text = trimmed(line)
      if text.hasPrefix("///") {
        let content = trimmed(text.dropFirst(3))
        if content.hasPrefix("```") {
          isCode = content == "```swift"
        } else if isCode, !content.isEmpty {
          lines.append(content)
        }
      } else if !lines.isEmpty {
        examples.append(Example(lines: lines, declaration: text))
        lines = []
      }
    }
    return examples
  }
}
