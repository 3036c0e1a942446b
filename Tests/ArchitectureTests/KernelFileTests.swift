import Foundation
import Testing

@Suite("Files of kernels")
struct KernelFileTests {
  private static let readme: String = {
    let url = Checkout.root.appendingPathComponent("Sources/CKernels/README.md")
    return (try? String(contentsOf: url, encoding: .utf8)) ?? ""
  }()

  /// The cells of the README's tables of kernels: files, what they compute, layouts, callers, tests.
  private static let rows: [[String]] = readme.split(separator: "\n").compactMap { line in
    let cells = line.split(separator: "|").map(String.init)
    return cells.count == 5 && line.hasPrefix("| ") && !line.hasPrefix("| files") ? cells : nil
  }

  /// What is between backticks in a column.
  private static func names(inColumn column: Int) -> [String] {
    rows.flatMap { $0[column].matches(of: #/`([^`]+)`/#) }.map { String($0.output.1) }
  }

  @Test("A C file is named type-operation-tile-ISA", arguments: KernelFile.all)
  func named(file: KernelFile) { #expect(file.functionPattern != nil) }

  @Test("Each function of a file carries the file's name", arguments: KernelFile.all)
  func functions(file: KernelFile) throws {
    let pattern = try Regex(try #require(file.functionPattern))
    let functions = try file.functions()
    #expect(!functions.isEmpty)
    for function in functions {
      #expect(function.wholeMatch(of: pattern) != nil, "\(function)")
    }
  }

  @Test("The README lists each file, and no other")
  func listed() {
    #expect(Self.names(inColumn: 0).sorted() == KernelFile.all.map(\.name).sorted())
  }

  @Test("The callers and the suites that the README names exist")
  func users() {
    let sources = ["Inference", "Training"].flatMap { Checkout.swiftFiles(in: "Sources/\($0)") }
    let suites = ["InferenceTests", "TrainingTests"].flatMap {
      Checkout.swiftFiles(in: "Tests/\($0)")
    }
    let files = Set((sources + suites).map(\.lastPathComponent))
    let callers = Self.names(inColumn: 3), tests = Self.names(inColumn: 4)
    #expect(!callers.isEmpty && !tests.isEmpty)
    #expect(callers.filter { !files.contains($0) } == [])
    #expect(tests.filter { !files.contains("\($0).swift") } == [])
  }

  @Test("What is not a kernel is in no folder of kernels, and nothing else is loose")
  func folders() {
    let loose = KernelFile.names(in: "").filter { $0.hasSuffix(".c") || $0.hasSuffix(".h") }
    #expect(loose == ["cpu-features.c"])
    #expect(KernelFile.names(in: "shared").allSatisfy { $0.hasSuffix(".h") })
    for folder in KernelFile.folders {
      #expect(
        KernelFile.names(in: folder).allSatisfy { $0.hasSuffix(".c") || $0.hasSuffix(".h") })
    }
  }
}
