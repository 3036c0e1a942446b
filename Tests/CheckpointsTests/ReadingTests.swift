import CheckpointWriting
import Checkpoints
import Foundation
import Networks
import Testing

/// Files of several of the windows that are brought into memory at a time.
@Suite("Large files are read the same way however their pages come")
struct ReadingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// 20 MB of weights, and as many of an optimiser's.
  private func checkpoint(isTrained: Bool) throws -> Checkpoint {
    let builder = NetworkBuilder("large", channels: 1, height: 70, width: 70)
    let network = try builder.network(output: builder.input.flatten().linear("fc", 1024))
    var checkpoint = try Example.trained()
    checkpoint.network = network
    checkpoint.weights = Example.weights(of: network)
    checkpoint.preprocessing = Preprocessing(channels: 1, height: 70, width: 70)
    if isTrained {
      checkpoint.training?.optimizer = ["fc": [:]]
      for parameter in network.parameters {
        checkpoint.training?.optimizer["fc"]?["\(parameter.role.rawValue).momentum"] =
          checkpoint.weights[parameter]
      }
    } else {
      checkpoint.training = nil
    }
    return checkpoint
  }

  @Test("With or without an optimiser, on one thread or two", arguments: [false, true], [1, 2])
  func whole(isTrained: Bool, threads: Int) throws {
    let checkpoint = try checkpoint(isTrained: isTrained)
    let path = folder.file("large.h5")
    try checkpoint.write(to: path)
    #expect(try bytes(of: path).count > (isTrained ? 40_000_000 : 20_000_000))
    let found = try Checkpoint(contentsOf: path, threads: threads)
    for parameter in checkpoint.network.parameters {
      #expect(found.weights[parameter]?.floats == checkpoint.weights[parameter]?.floats)
    }
    for place in [5_000_000, 12_000_000, try bytes(of: path).count - 5] {
      var data = try bytes(of: path)
      data[place] ^= 1
      let damaged = folder.file("damaged.h5")
      try data.write(to: URL(fileURLWithPath: damaged))
      #expect(throws: CheckpointError.sealBroken(path: damaged)) {
        try Checkpoint(contentsOf: damaged, threads: threads)
      }
    }
  }

  @Test("A tensor whose pages were let go has its values still, whoever owns its memory")
  func released() throws {
    let checkpoint = try checkpoint(isTrained: false)
    let path = folder.file("large.h5")
    try checkpoint.write(to: path)
    for weights in [checkpoint.weights, try Checkpoint(contentsOf: path).weights] {
      let tensor = try #require(weights["fc", .weight])
      let before = tensor.floats
      tensor.releasePages()
      #expect(tensor.floats == before)
    }
  }
}
