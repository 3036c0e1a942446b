import Foundation
import Testing

@Suite("Manifest")
struct ManifestTests {
  @Test("The manifest's dependencies are the table's")
  func dependencies() throws {
    let manifest = try Manifest.load()
    for rule in DependencyRules.all {
      #expect(try manifest.target(rule.target).names == rule.mayImport, "\(rule.target)")
    }
    for (name, expected) in DependencyRules.cTargets {
      #expect(try manifest.target(name).names == expected, "\(name)")
    }
    for target in manifest.targets
    where target.type == "test" && target.name != DependencyRules.parityTests {
      #expect(!target.names.isSuperset(of: ["Inference", "Training"]), "\(target.name)")
    }
  }

  @Test("No target reaches what it must do without, not even through others")
  func forbidden() throws {
    let manifest = try Manifest.load()
    for (name, foreign) in DependencyRules.forbidden {
      let found = try manifest.reachable(from: name).intersection(foreign)
      #expect(found.isEmpty, "\(name) depends on \(found.sorted())")
    }
  }

  @Test("Every Swift target hides its imports, and none takes unsafe flags")
  func settings() throws {
    for target in try Manifest.load().targets where target.type != "system" {
      let kinds = target.settings.map(\.kind.names)
      #expect(!kinds.contains { $0.contains("unsafeFlags") }, "\(target.name)")
      let isC = DependencyRules.cTargets[target.name] != nil
      #expect(isC || target.upcoming.contains("InternalImportsByDefault"), "\(target.name)")
    }
  }

  @Test("Every library can be depended on from outside")
  func products() throws {
    let manifest = try Manifest.load()
    let libraries = DependencyRules.all.map(\.target).filter {
      !$0.hasPrefix("cnn-") && !["CommandSupport", "Files", "Hardware"].contains($0)
    }
    #expect(Set(manifest.products.map(\.name)).isSuperset(of: libraries))
    #expect(manifest.dependencies.isEmpty)
  }

  @Test("Every module says what it is for")
  func readMes() {
    for rule in DependencyRules.all where !rule.target.hasPrefix("cnn-") {
      let file = Checkout.root.appendingPathComponent("Sources/\(rule.target)/README.md")
      let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n") ?? []
      #expect((4...30).contains(lines.count), "\(file.path) has \(lines.count) lines")
    }
  }
}

/// What `swift package dump-package` prints, as far as the tests look at it.
private struct Manifest: Decodable {
  struct Named: Decodable { let name: String }

  struct Target: Decodable {
    let name: String
    let type: String
    let dependencies: [Dependency]
    let settings: [Setting]

    var names: Set<String> { Set(dependencies.flatMap(\.names)) }
    var upcoming: [String] { settings.compactMap { $0.kind.enableUpcomingFeature?["_0"] } }
  }

  struct Dependency: Decodable {
    let byName: [String?]?
    let target: [String?]?
    var names: [String] { [byName, target].compactMap { $0?.first ?? nil } }
  }

  struct Setting: Decodable {
    struct Kind: Decodable {
      let enableUpcomingFeature: [String: String]?
      let names: [String]

      private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
      }

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        names = container.allKeys.map(\.stringValue)
        enableUpcomingFeature = try container.decodeIfPresent(
          [String: String].self, forKey: Key(stringValue: "enableUpcomingFeature"))
      }
    }

    let kind: Kind
  }

  let targets: [Target]
  let products: [Named]
  let dependencies: [Empty]

  struct Empty: Decodable {}

  func target(_ name: String) throws -> Target {
    try #require(targets.first { $0.name == name }, "no target \(name)")
  }

  /// A target's dependencies, and theirs.
  func reachable(from name: String) throws -> Set<String> {
    var found: Set<String> = []
    var open = [name]
    while let next = open.popLast() {
      for dependency in try target(next).names where found.insert(dependency).inserted {
        open.append(dependency)
      }
    }
    return found
  }

  static func load() throws -> Manifest {
    // A scratch folder of its own: the usual one is locked while tests run.
    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("cnn-manifest-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let data = try Checkout.output(
      of: "swift", ["package", "--scratch-path", scratch.path, "dump-package"])
    return try JSONDecoder().decode(Manifest.self, from: data)
  }
}
