import Foundation
import Testing

@Suite("Imports")
struct ImportTests {
  @Test("A target's files import what the table allows", arguments: DependencyRules.all)
  func imports(rule: DependencyRules.Rule) throws {
    let files = Checkout.swiftFiles(in: "Sources/\(rule.target)")
    #expect(!files.isEmpty)
    for file in files {
      let foreign = try Checkout.imports(of: file)
        .subtracting(rule.mayImport).subtracting(rule.system)
      #expect(foreign.isEmpty, "\(file.path) imports \(foreign.sorted())")
    }
  }

  @Test("What the table allows is used by some file", arguments: DependencyRules.all)
  func noIdleDependency(rule: DependencyRules.Rule) throws {
    let used = try Checkout.swiftFiles(in: "Sources/\(rule.target)")
      .reduce(into: Set<String>()) { $0.formUnion(try Checkout.imports(of: $1)) }
    // C modules may come through the shim over them.
    let idle = rule.mayImport.subtracting(used).subtracting(["CPNG"])
    #expect(idle.isEmpty, "\(rule.target) never imports \(idle.sorted())")
  }

  @Test("Every folder of sources is in the table")
  func complete() throws {
    let swift = try Checkout.folders(in: "Sources").filter {
      !Checkout.swiftFiles(in: "Sources/\($0)").isEmpty
    }
    #expect(Set(swift) == Set(DependencyRules.all.map(\.target)))
  }

  @Test("Inference and Training never import each other, not even through others")
  func enginesApart() {
    #expect(!reachable(from: "Inference").contains("Training"))
    #expect(!reachable(from: "Training").contains("Inference"))
    #expect(!reachable(from: "cnn-infer").contains("COneDNN"))
  }

  @Test("Only the parity tests import both engines")
  func testTargets() throws {
    for target in try Checkout.folders(in: "Tests") where target != DependencyRules.parityTests {
      let imported = try Checkout.swiftFiles(in: "Tests/\(target)")
        .reduce(into: Set<String>()) { $0.formUnion(try Checkout.imports(of: $1)) }
      #expect(!imported.isSuperset(of: ["Inference", "Training"]), "\(target) imports both")
    }
  }

  private func reachable(from target: String) -> Set<String> {
    var found: Set<String> = []
    var open = [target]
    while let next = open.popLast() {
      let direct = DependencyRules.all.first { $0.target == next }?.mayImport ?? []
      for name in direct where found.insert(name).inserted { open.append(name) }
    }
    return found
  }
}
