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

  @Test("Every public type has an example in its documentation comment")
  func types() throws {
    for file in Self.files {
      let shown = Set(try Self.examples(in: file).map(\.declaration))
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let words = line.split(separator: " ")
        let kinds: Set<Substring> = ["class", "struct", "enum", "protocol", "actor"]
        guard words.first == "public", words.dropFirst().prefix(2).contains(where: kinds.contains)
        else { continue }
        let declaration = Self.trimmed(line)
        #expect(shown.contains(declaration), "\(file.lastPathComponent): \(declaration)")
      }
    }
  }

  @Test("Every public member occurs in some example")
  func members() throws {
    var words: Set<Substring> = []
    for line in try Self.files.flatMap({ try Self.examples(in: $0).flatMap(\.lines) }) {
      words.formUnion(line.split { !$0.isLetter && !$0.isNumber })
    }
    for file in Self.files {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        guard let name = Self.publicMember(line) else { continue }
        #expect(words.contains(name), "\(file.lastPathComponent): \(name) is in no example")
      }
    }
  }

  /// The name of the property or function that a line declares for everybody.
  private static func publicMember(_ line: Substring) -> Substring? {
    let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    guard words.first == "public",
      let kind = words.firstIndex(where: { ["let", "var", "func"].contains($0) }),
      words.indices.contains(kind + 1),
      !words[..<kind].contains(where: { ["init", "class", "struct", "enum"].contains($0) })
    else { return nil }
    return words[kind + 1]
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
