import Checkpoints
import Foundation
import Networks
import Tensors
import Testing

/// The Python interpreter that tests may use: `CNN_PYTHON`, one with numpy, onnx, onnxruntime and
/// safetensors.
enum Python {
  static var interpreter: String? { ProcessInfo.processInfo.environment["CNN_PYTHON"] }
  static var isMissing: Bool { interpreter == nil }
  static let reason: Comment = "CNN_PYTHON names no interpreter (Scripts/test.sh sets it)"

  /// Runs a script of `Python/`.
  static func run(_ script: String, _ arguments: String...) throws -> (status: Int32, text: String)
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(interpreter))
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    process.arguments = [folder.appendingPathComponent("Python/\(script)").path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"], uniquingKeysWith: { $1 })
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}

extension Tensor {
  var bytes: [UInt8] { withBytes { Array($0) } }
}

/// Every tensor of both is bit for bit the other's.
func expectEqualWeights(
  _ left: Checkpoint, _ right: Checkpoint, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(left.network == right.network, sourceLocation: sourceLocation)
  #expect(left.weights.nodes.keys == right.weights.nodes.keys, sourceLocation: sourceLocation)
  for (name, node) in left.weights.nodes {
    let other = right.weights.nodes[name]
    #expect(
      node.weightScale?.bytes == other?.weightScale?.bytes, "scale of \(name)",
      sourceLocation: sourceLocation)
    for (role, tensor) in node.parameters {
      let found = other?.parameters[role]
      #expect(
        tensor.bytes == found?.bytes && tensor.shape == found?.shape
          && tensor.element == found?.element, "\(name).\(role)", sourceLocation: sourceLocation)
    }
  }
}
