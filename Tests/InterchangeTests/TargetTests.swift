import Checkpoints
import Dispatch
import Foundation
import Interchange
import Networks
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite("Where files are written")
struct TargetTests {
  enum Writer: CaseIterable {
    case onnx, safetensors

    func write(_ checkpoint: Checkpoint, to path: String, input: String? = nil) throws {
      switch self {
      case .onnx: try ONNXExport().write(checkpoint, to: path, input: input)
      case .safetensors: try Safetensors.write(checkpoint, to: path, input: input)
      }
    }
  }

  private func checkpoint() throws -> Checkpoint {
    .random(try smallNetwork(channels: 1), seed: 1)
  }

  @Test("A folder is refused", arguments: Writer.allCases)
  func folder(writer: Writer) throws {
    let scratch = try Scratch()
    let checkpoint = try checkpoint()
    #expect(throws: InterchangeError.targetIsFolder(path: scratch.url.path)) {
      try writer.write(checkpoint, to: scratch.url.path)
    }
  }

  @Test("The input is refused under any of its names, and stays", arguments: Writer.allCases)
  func ownInput(writer: Writer) throws {
    let scratch = try Scratch()
    let checkpoint = try checkpoint()
    let input = try scratch.write([1, 2, 3], to: "input.h5")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("link"), withDestinationPath: input)
    try FileManager.default.linkItem(atPath: input, toPath: scratch.path("hard"))
    for name in ["input.h5", "link", "hard", "../\(scratch.url.lastPathComponent)/input.h5"] {
      let path = scratch.path(name)
      #expect(throws: InterchangeError.targetIsInput(path: path)) {
        try writer.write(checkpoint, to: path, input: input)
      }
    }
    #expect(try scratch.read("input.h5") == [1, 2, 3])
  }

  @Test("A device and a missing folder are refused", arguments: Writer.allCases)
  func impossible(writer: Writer) throws {
    let scratch = try Scratch()
    let checkpoint = try checkpoint()
    for path in ["/dev/null", scratch.path("missing/a")] {
      let error = #expect(throws: InterchangeError.self) {
        try writer.write(checkpoint, to: path)
      }
      #expect(error.map { "\($0)".contains(path) } == true)
    }
  }

  @Test("A refused checkpoint leaves the old file, and no other", arguments: Writer.allCases)
  func refusedCheckpoint(writer: Writer) throws {
    let scratch = try Scratch()
    var checkpoint = try checkpoint()
    let path = scratch.path("a")
    try writer.write(checkpoint, to: path)
    let old = try scratch.read("a")
    checkpoint.weights["fc", .bias] = nil
    #expect(throws: InterchangeError.inconsistentCheckpoint(detail: "'fc.bias' is missing")) {
      try writer.write(checkpoint, to: path)
    }
    checkpoint.weights["fc", .bias] = Tensor(shape: [5], [Int8](repeating: 0, count: 5))
    #expect(throws: InterchangeError.self) { try writer.write(checkpoint, to: path) }
    #expect(try scratch.read("a") == old)
    #expect(try scratch.contents == ["a"])
  }

  @Test("What a killed export left is removed by the next", arguments: Writer.allCases)
  func killedBefore(writer: Writer) throws {
    let scratch = try Scratch()
    for name in [".a.tmp", ".a.lock"] { _ = try scratch.write([9, 9, 9], to: name) }
    try writer.write(checkpoint(), to: scratch.path("a"))
    #expect(try scratch.contents == ["a"])
  }

  @Test("Exports of one file wait for each other", arguments: Writer.allCases)
  func concurrent(writer: Writer) throws {
    let scratch = try Scratch()
    let checkpoint = try checkpoint()
    try writer.write(checkpoint, to: scratch.path("alone"))
    let path = scratch.path("a")
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      do { try writer.write(checkpoint, to: path) } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(try scratch.read("a") == scratch.read("alone"))
    #expect(try scratch.contents == ["a", "alone"])
  }

  @Test("Reading a folder, a FIFO or nothing is refused at once")
  func unreadable() throws {
    let scratch = try Scratch()
    #expect(mkfifo(scratch.path("fifo"), 0o600) == 0)
    for path in [scratch.url.path, scratch.path("fifo"), scratch.path("none")] {
      #expect(throws: InterchangeError.self) { try Safetensors.read(path) }
      #expect(throws: InterchangeError.self) { try ONNXImport.read(path) }
      #expect(throws: InterchangeError.self) { try FileDescription.read(path) }
    }
  }
}
