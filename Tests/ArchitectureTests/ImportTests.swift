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

  @Test("A module imports only from floors below its own")
  func floors() {
    var below: Set<String> = []
    let ours = Set(DependencyRules.all.map(\.target))
    for floor in DependencyRules.floors {
      for rule in floor {
        let above = rule.mayImport.intersection(ours).subtracting(below)
        #expect(above.isEmpty, "\(rule.target) reaches up or sideways to \(above.sorted())")
      }
      below.formUnion(floor.map(\.target))
    }
  }

  @Test("Only the parity tests import both engines")
  func testTargets() throws {
    for target in try Checkout.folders(in: "Tests") where target != DependencyRules.parityTests {
      let imported = try Checkout.swiftFiles(in: "Tests/\(target)")
        .reduce(into: Set<String>()) { $0.formUnion(try Checkout.imports(of: $1)) }
      #expect(!imported.isSuperset(of: ["Inference", "Training"]), "\(target) imports both")
    }
  }
}
