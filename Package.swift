// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [.enableUpcomingFeature("InternalImportsByDefault")]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// `data` is a folder of golden values and scripts that tests read from the source tree.
func tests(_ name: String, _ dependencies: [Target.Dependency], data: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: data, swiftSettings: strict)
}

let package = Package(
  name: "swift-cnn",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "cnn-train", targets: ["cnn-train"]),
    .executable(name: "cnn-infer", targets: ["cnn-infer"]),
    .library(name: "Tensors", targets: ["Tensors"]),
    .library(name: "Networks", targets: ["Networks"]),
    .library(name: "Checkpoints", targets: ["Checkpoints"]),
    .library(name: "CheckpointWriting", targets: ["CheckpointWriting"]),
    .library(name: "Images", targets: ["Images"]),
    .library(name: "Datasets", targets: ["Datasets"]),
    .library(name: "Training", targets: ["Training"]),
    .library(name: "Inference", targets: ["Inference"]),
    .library(name: "Interchange", targets: ["Interchange"]),
  ],
  targets: [
    // System libraries, with shims for what Swift cannot call.
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .target(name: "CPNGShim", dependencies: ["CPNG", "CZlib"]),
    .target(name: "CKernels", exclude: ["README.md"]),

    // The ground floor.
    module("Files"),
    module("Formatting"),
    module("Tensors"),
    module("Hardware"),

    // What a network is, and what is stored of it.
    module("Networks", ["Files", "Formatting", "Tensors"]),
    module("Checkpoints", ["Files", "Tensors", "Networks", "CXXHash"]),
    module("CheckpointWriting", ["Files", "Tensors", "Networks", "Checkpoints", "CHDF5"]),
    module("Interchange", ["Files", "Tensors", "Networks", "Checkpoints"]),

    // Data.
    module("Images", ["Files", "Networks", "CPNG", "CPNGShim"]),
    module("Datasets", ["Files", "Tensors", "Networks", "Images", "CZlib"]),

    // The two engines. Neither imports the other.
    module(
      "Training",
      [
        "Files", "Tensors", "Networks", "Checkpoints", "CheckpointWriting", "Datasets", "COneDNN",
        "CKernels",
      ]),
    module("Inference", ["Tensors", "Hardware", "Networks", "Checkpoints", "Images", "CKernels"]),

    // What a run looks like: above both, of plain values.
    module("Reports", ["Formatting", "Images"]),

    // The programs.
    module("CommandSupport", ["Files", "Formatting"]),
    program(
      "cnn-train",
      [
        "Files", "Formatting", "Tensors", "Hardware", "Networks", "Checkpoints", "Datasets",
        "Training",
        "Reports", "CommandSupport",
      ]),
    program(
      "cnn-infer",
      [
        "Files", "Formatting", "Tensors", "Hardware", "Networks", "Checkpoints",
        "CheckpointWriting", "Images",
        "Datasets", "Inference", "Interchange", "Reports", "CommandSupport",
      ]),

    // What several test targets share: hashed weights, golden values.
    .target(
      name: "TestSupport", dependencies: ["Tensors", "Networks"], path: "Tests/TestSupport",
      swiftSettings: strict),
    // Every operation as its formula reads: what kernels and plans are compared with.
    .target(
      name: "ReferenceOperations", dependencies: ["Tensors", "Networks", "Checkpoints"],
      path: "Tests/ReferenceOperations", swiftSettings: strict),
    tests("FilesTests", ["Files", "TestSupport"]),
    tests("TensorsTests", ["Tensors", "TestSupport"]),
    tests("NetworksTests", ["Formatting", "Networks", "TestSupport"], data: ["Golden"]),
    tests(
      "CheckpointsTests",
      ["Tensors", "Networks", "Checkpoints", "CheckpointWriting", "TestSupport"],
      data: ["Scripts"]),
    tests("ImagesTests", ["Networks", "Images", "TestSupport"], data: ["Fixtures"]),
    tests("DatasetsTests", ["Networks", "Images", "Datasets", "TestSupport"]),
    tests(
      "TrainingTests",
      [
        "Tensors", "Networks", "Checkpoints", "Images", "Datasets", "Training", "CKernels",
        "TestSupport",
      ]),
    tests(
      "InferenceTests",
      [
        "Tensors", "Hardware", "Networks", "Checkpoints", "CheckpointWriting", "Images",
        "Inference", "CKernels", "TestSupport", "ReferenceOperations",
      ],
      data: ["Released"]),
    tests(
      "InterchangeTests",
      ["Tensors", "Networks", "Checkpoints", "Images", "Inference", "Interchange", "TestSupport"],
      data: ["Python", "Golden"]),
    tests("ReportsTests", ["Images", "Reports"]),
    tests("CommandSupportTests", ["Hardware", "Formatting", "CommandSupport"]),
    tests(
      "CommandLineTests",
      ["Tensors", "Networks", "Checkpoints", "CheckpointWriting", "TestSupport"]),
    // The only target that may see both engines: train, save, load, infer.
    tests(
      "ParityTests",
      [
        "Networks", "Checkpoints", "CheckpointWriting", "Images", "Datasets", "Training",
        "Inference", "TestSupport", "ReferenceOperations",
      ],
      data: ["Golden"]),
    tests("ArchitectureTests", []),
  ],
  swiftLanguageModes: [.v6]
)
