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
    .library(name: "Networks", targets: ["Networks"]),
    .library(name: "Checkpoints", targets: ["Checkpoints"]),
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
    .target(name: "CKernels"),

    // What a network is, and what is stored of it.
    module("Networks"),
    module("Checkpoints", ["Networks", "CHDF5", "CXXHash"]),
    module("Interchange", ["Networks", "Checkpoints"]),

    // Data.
    module("Images", ["Networks", "CPNG", "CPNGShim"]),
    module("Datasets", ["Networks", "Images", "CZlib"]),

    // The two engines. Neither imports the other.
    module("Training", ["Networks", "Checkpoints", "Datasets", "COneDNN", "CKernels"]),
    module("Inference", ["Networks", "Checkpoints", "Images", "CKernels"]),

    // The programs.
    module("CommandSupport"),
    program("cnn-train", ["Networks", "Checkpoints", "Datasets", "Training", "CommandSupport"]),
    program(
      "cnn-infer",
      [
        "Networks", "Checkpoints", "Images", "Datasets", "Inference", "Interchange",
        "CommandSupport",
      ]),

    // What several test targets share: hashed weights, golden values.
    .target(
      name: "TestSupport", dependencies: ["Networks", "Checkpoints"], path: "Tests/TestSupport",
      swiftSettings: strict),
    tests("NetworksTests", ["Networks", "TestSupport"], data: ["Golden"]),
    tests(
      "CheckpointsTests", ["Networks", "Checkpoints", "CHDF5", "TestSupport"], data: ["Scripts"]),
    tests("ImagesTests", ["Networks", "Images", "TestSupport"], data: ["Fixtures"]),
    tests("DatasetsTests", ["Networks", "Images", "Datasets", "TestSupport"]),
    tests(
      "TrainingTests",
      ["Networks", "Checkpoints", "Images", "Datasets", "Training", "CKernels", "TestSupport"]),
    tests(
      "InferenceTests",
      ["Networks", "Checkpoints", "Images", "Inference", "CKernels", "TestSupport"],
      data: ["Released"]),
    tests(
      "InterchangeTests",
      ["Networks", "Checkpoints", "Images", "Inference", "Interchange", "TestSupport"],
      data: ["Python", "Golden"]),
    tests("CommandSupportTests", ["CommandSupport"]),
    tests("CommandLineTests", ["Networks", "Checkpoints", "TestSupport"]),
    // The only target that may see both engines: train, save, load, infer.
    tests(
      "ParityTests",
      ["Networks", "Checkpoints", "Images", "Datasets", "Training", "Inference", "TestSupport"],
      data: ["Golden"]),
    tests("ArchitectureTests", []),
  ],
  swiftLanguageModes: [.v6]
)
