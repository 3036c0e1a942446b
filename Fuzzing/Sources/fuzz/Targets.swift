import Checkpoints
import Datasets
import Foundation
import FuzzDriver
import Images
import Interchange
import Networks

/// A reader of foreign files. It may refuse whatever it gets, by an error of its own module; what ends
/// the process, never ends or takes a gigabyte is a finding.
enum Target: String, CaseIterable {
  case png, checkpoint, idx, json, safetensors, onnx

  /// What this process runs; set before the fuzzer starts, which calls back on one thread.
  nonisolated(unsafe) static var current: Target?
  nonisolated(unsafe) private static var file: Int32 = -1
  nonisolated(unsafe) private static var secondFile: Int32 = -1

  private static let limits = ImageLimits(maxPixels: 1 << 22)

  /// Reads an input.
  ///
  /// - Parameter bytes: The input.
  func run(_ bytes: UnsafeRawBufferPointer) {
    do {
      try read(bytes)
    } catch {
      // A description must come from every error; a line break would forge a second message.
      precondition(!"\(error)".contains("\n"), "a message of two lines: \(error)")
    }
  }

  private func read(_ bytes: UnsafeRawBufferPointer) throws {
    switch self {
    case .png: try Self.readPNG(bytes)
    case .checkpoint: try Self.readCheckpoint(bytes)
    case .idx: try Self.readIDX(bytes)
    case .json:
      let network = try Network(json: Data(bytes))
      let again = try Network(json: network.json())
      precondition(again == network, "the JSON is not the network's")
    case .safetensors:
      _ = try Safetensors.read(Self.store(bytes, in: &Self.file))
    case .onnx:
      _ = try ONNXImport.read(Self.store(bytes, in: &Self.file))
    }
  }

  private static func readPNG(_ bytes: UnsafeRawBufferPointer) throws {
    var copy = Array(bytes)
    let isRepaired = copy.reduce(0) { $0 ^ $1 } % 8 != 0
    if isRepaired { fuzz_repair_png(&copy, copy.count) }
    let image = try Image(png: copy, limits: limits)
    _ = try Preprocessing(channels: 1, height: 8, width: 8).tensor(of: image)
  }

  private static func readCheckpoint(_ bytes: UnsafeRawBufferPointer) throws {
    var sealed = [UInt8](repeating: 0, count: 512) + bytes
    if bytes.starts(with: "cnn-checkpoint".utf8) {
      sealed.removeFirst(512)
    } else {
      bytes.withMemoryRebound(to: UInt8.self) {
        guard let address = $0.baseAddress else { return }
        fuzz_seal(&sealed, address, $0.count)
      }
    }
    let path = try sealed.withUnsafeBytes { try store($0, in: &file) }
    let checkpoint = try Checkpoint(contentsOf: path, options: .trainingState)
    // Views of the file: every byte that was promised must be there.
    for tensors in checkpoint.weights.nodes.values {
      for tensor in tensors.parameters.values {
        tensor.withBytes { precondition($0.reduce(0) { $0 &+ Int($1) } >= 0) }
      }
    }
  }

  private static func readIDX(_ bytes: UnsafeRawBufferPointer) throws {
    guard bytes.count >= 2 else { return }
    let count = min(Int(bytes[0]) | Int(bytes[1]) << 8, bytes.count - 2)
    let images = UnsafeRawBufferPointer(rebasing: bytes[2..<2 + count])
    let labels = UnsafeRawBufferPointer(rebasing: bytes[(2 + count)...])
    let set = try IDXDataset(
      imagesFile: store(images, in: &file), labelsFile: store(labels, in: &secondFile),
      classNames: (0..<10).map { "\($0)" })
    for index in 0..<min(set.count, 4) { _ = (set.image(at: index), set.label(at: index)) }
  }

  /// A path that leads to the bytes.
  private static func store(
    _ bytes: UnsafeRawBufferPointer, in descriptor: inout Int32
  ) throws -> String {
    let stored = bytes.withMemoryRebound(to: UInt8.self) {
      fuzz_store(&descriptor, $0.baseAddress, $0.count)
    }
    precondition(stored == 0, "no file in memory")
    return "/proc/self/fd/\(descriptor)"
  }
}
