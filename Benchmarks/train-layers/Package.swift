// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "train-layers",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "swift-cnn", path: "../..")],
  targets: [
    .executableTarget(
      name: "train-layers",
      dependencies: [
        .product(name: "Training", package: "swift-cnn"),
        .product(name: "Networks", package: "swift-cnn"),
      ])
  ]
)
