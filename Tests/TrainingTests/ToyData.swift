import Datasets
import Foundation
import Images
import Networks
import Training

/// Images that a small network learns fast: a bright quarter tells the class.
struct ToyData: ImageDataset {
  let count: Int
  let seed: UInt64
  var source: String { "toy data" }
  var channels: Int { 1 }
  var classNames: [String] { ["top left", "top right", "bottom left", "bottom right"] }

  func label(at index: Int) -> Int { index % 4 }

  func image(at index: Int) throws -> Image {
    var random = CounterRandom(seed: seed, stream: UInt64(index))
    let label = label(at: index)
    let pixels = (0..<64).map { pixel -> UInt8 in
      let quarter = (pixel / 8 / 4) * 2 + (pixel % 8) / 4
      return UInt8(random.nextInt(below: 100) + (quarter == label ? 100 : 0))
    }
    return Image(width: 8, height: 8, gray: pixels)
  }

  static func source(train: Int = 90, test: Int = 20) -> DataSource {
    DataSource(train: ToyData(count: train, seed: 1), test: ToyData(count: test, seed: 2))
  }

  /// A convolution with batch norm, dropout and two linear layers: all state that a run can have.
  static func network() throws -> Network {
    let builder = NetworkBuilder("toy", channels: 1, height: 8, width: 8)
    let scores = builder.input
      .convolution("conv1", 8, kernel: 3, padding: 1, bias: false).batchNorm("norm1").relu()
      .maxPool(2).flatten()
      .linear("fc1", 16).relu().dropout(0.3)
      .linear("fc2", 4)
    return try builder.network(output: scores)
  }
}

/// Two coloured images.
struct ColorData: ImageDataset {
  var count: Int { 2 }
  var source: String { "colours" }
  var channels: Int { 3 }
  var classNames: [String] { ["red", "blue"] }

  func label(at index: Int) -> Int { index }

  func image(at index: Int) throws -> Image {
    Image(width: 1, height: 1, rgb: index == 0 ? [255, 0, 0] : [0, 0, 255])
  }
}

/// A folder that is removed with its last reference.
final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appending(path: "training-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }
}
