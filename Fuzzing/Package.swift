// swift-tools-version: 6.1
import PackageDescription

// A package of its own: only Scripts/fuzz.sh builds it, with sanitizers and coverage.
let package = Package(
  name: "Fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "swift-cnn", path: "..")],
  targets: [
    .target(
      name: "FuzzDriver",
      linkerSettings: [.linkedLibrary("xxhash"), .linkedLibrary("z"), .linkedLibrary("stdc++")]),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "FuzzDriver",
        .product(name: "Tensors", package: "swift-cnn"),
        .product(name: "Networks", package: "swift-cnn"),
        .product(name: "Checkpoints", package: "swift-cnn"),
        .product(name: "CheckpointWriting", package: "swift-cnn"),
        .product(name: "Images", package: "swift-cnn"),
        .product(name: "Datasets", package: "swift-cnn"),
        .product(name: "Interchange", package: "swift-cnn"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
