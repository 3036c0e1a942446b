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

  /// The modules by floor, the ground first. A module imports from floors below its own only.
  static let floors: [[Rule]] = [
    // Both programs start with these and `CommandSupport`: they must cost no time.
    [
      Rule("Files", [], system: Rule.bare),
      Rule("Tensors", [], system: Rule.bare),
      Rule("Hardware", [], system: Rule.bare),
    ],
    [
      Rule("Networks", ["Files", "Tensors"]),
      Rule("CommandSupport", ["Files"], system: Rule.bare),
    ],
    [
      Rule("Checkpoints", ["Files", "Tensors", "Networks", "CXXHash"]),
      Rule("Images", ["Files", "Networks", "CPNG", "CPNGShim"]),
    ],
    [
      Rule("CheckpointWriting", ["Files", "Tensors", "Networks", "Checkpoints", "CHDF5"]),
      Rule("Interchange", ["Files", "Tensors", "Networks", "Checkpoints"]),
      Rule("Datasets", ["Files", "Tensors", "Networks", "Images", "CZlib"]),
    ],
    [
      Rule(
        "Training",
        [
          "Files", "Tensors", "Networks", "Checkpoints", "CheckpointWriting", "Datasets", "COneDNN",
          "CKernels",
        ]),
      Rule(
        "Inference", ["Tensors", "Hardware", "Networks", "Checkpoints", "Images", "CKernels"]),
    ],
    [
      Rule(
        "cnn-train",
        [
          "Files", "Tensors", "Hardware", "Networks", "Checkpoints", "Datasets", "Training",
          "CommandSupport",
        ]),
      Rule(
        "cnn-infer",
        [
          "Files", "Tensors", "Hardware", "Networks", "Checkpoints", "CheckpointWriting", "Images",
          "Datasets", "Inference", "Interchange", "CommandSupport",
        ]),
    ],
  ]

  /// Every module's rule.
  static let all = floors.flatMap(\.self)

  /// C targets: what they may depend on.
  static let cTargets: [String: Set<String>] = ["CPNGShim": ["CPNG", "CZlib"], "CKernels": []]

  /// What a target must not depend on, not even through others: a program that only classifies needs
  /// neither the library of training nor the one that writes checkpoints.
  static let forbidden: [String: Set<String>] = [
    "Inference": ["Training", "Datasets", "CheckpointWriting", "CHDF5", "COneDNN"],
    "Training": ["Inference"],
    "cnn-infer": ["Training", "COneDNN"],
  ]

  /// The only test target that may see both engines.
  static let parityTests = "ParityTests"
}
