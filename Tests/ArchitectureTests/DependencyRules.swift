/// Which modules a target may import, beside the standard library's. This table is the design; the
/// tests hold the manifest and every `import` to it.
enum DependencyRules {
  struct Rule: Sendable, CustomStringConvertible {
    let target: String
    let mayImport: Set<String>
    let system: Set<String>

    init(_ target: String, _ mayImport: Set<String>, system: Set<String> = Rule.foundation) {
      self.target = target
      self.mayImport = mayImport
      self.system = system
    }

    var description: String { target }

    static let bare: Set = ["Glibc", "Darwin", "Dispatch", "Synchronization"]
    static let foundation = bare.union(["Foundation", "FoundationEssentials"])
  }

  static let all = [
    // Both programs start with these: they must cost no time.
    Rule("Files", [], system: Rule.bare),
    Rule("Hardware", [], system: Rule.bare),
    Rule("Networks", ["Files"]),
    Rule("Checkpoints", ["Files", "Networks", "CHDF5", "CXXHash"]),
    Rule("Interchange", ["Files", "Networks", "Checkpoints"]),
    Rule("Images", ["Files", "Networks", "CPNG", "CPNGShim"]),
    Rule("Datasets", ["Files", "Networks", "Images", "CZlib"]),
    Rule("Training", ["Files", "Networks", "Checkpoints", "Datasets", "COneDNN", "CKernels"]),
    Rule("Inference", ["Hardware", "Networks", "Checkpoints", "Images", "CKernels"]),
    // Both programs start with it: it must cost no time.
    Rule("CommandSupport", ["Files"], system: Rule.bare),
    Rule(
      "cnn-train",
      ["Files", "Hardware", "Networks", "Checkpoints", "Datasets", "Training", "CommandSupport"]),
    Rule(
      "cnn-infer",
      [
        "Files", "Hardware", "Networks", "Checkpoints", "Images", "Datasets", "Inference",
        "Interchange",
        "CommandSupport",
      ]),
  ]

  /// C targets: what they may depend on.
  static let cTargets: [String: Set<String>] = ["CPNGShim": ["CPNG", "CZlib"], "CKernels": []]

  /// The only test target that may see both engines.
  static let parityTests = "ParityTests"
}
