// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Classify",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "swift-cnn", path: "../..")],
  targets: [
    .executableTarget(
      name: "Classify", dependencies: [.product(name: "Inference", package: "swift-cnn")])
  ]
)
