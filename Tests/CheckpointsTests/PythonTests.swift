import CheckpointWriting
import Checkpoints
import Foundation
import Networks
import Testing

@Suite("h5py reads what is written, and is read", .enabled(if: Python.isThere, Python.reason))
struct PythonTests {
  private struct Description: Decodable {
    struct Object: Decodable {
      var attributes: [String: JSONValue]
      var kinds: [String: String]
      var type: String?
      var shape: [Int]?
      var aligned: Bool?
      var inPlace: Bool?
      var checksum: String?
      var values: JSONValue?
    }
    var sealIsRight: Bool
    var objects: [String: Object]
  }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func describe(_ checkpoint: Checkpoint) throws -> Description {
    let path = folder.file("a.h5")
    try checkpoint.write(to: path, producer: "tester")
    return try JSONDecoder().decode(Description.self, from: Python.run("describe", path))
  }

  @Test("Every dataset lies where the seal, its alignment and its checksum say")
  func datasets() throws {
    for checkpoint in [try Example.trained(), try Example.quantized()] {
      let found = try describe(checkpoint)
      #expect(found.sealIsRight)
      for (name, object) in found.objects where object.type != nil {
        #expect(object.aligned == true, "\(name)")
        #expect(object.inPlace == true, "\(name)")
        #expect(object.attributes["xxh3_64"] == .text(object.checksum ?? ""), "\(name)")
        #expect(object.kinds["xxh3_64"] == "bytes_", "\(name)")
      }
    }
  }

  @Test("Names, types and values are the schema's")
  func trained() throws {
    let objects = try describe(Example.trained()).objects
    let root = objects["/"]
    #expect(root?.attributes["format"] == .text("cnn-checkpoint"))
    #expect(root?.attributes["format_version"] == .number(1))
    #expect(root?.attributes["producer"] == .text("tester"))
    #expect(root?.kinds["format"] == "str")
    #expect(objects["/labels"]?.values == .list(["T-shirt/top", "größer", "靴"].map { .text($0) }))
    #expect(objects["/weights/conv1/weight"]?.type == "float32")
    #expect(objects["/weights/conv1/weight"]?.shape == [4, 1, 3, 3])
    #expect(objects["/weights/bn1/running_var"]?.shape == [4])
    let preprocessing = objects["/preprocessing"]
    #expect(preprocessing?.attributes["mean"] == .list([.number(0.25)]))
    #expect(preprocessing?.attributes["resize"] == .text("stretch"))
    #expect(preprocessing?.attributes["resize_shorter_side"] == .number(6))
    #expect(preprocessing?.attributes["invert"] == .boolean(true))
    let training = objects["/training"]
    #expect(training?.attributes["epoch"] == .number(2))
    #expect(training?.kinds["seed"] == "uint64")
    #expect(training?.attributes["recipe"] == .text(#"{"rate":0.1,"note":"größer"}"#))
    #expect(objects["/training/history/trainLoss"]?.values == .list([.number(2.5), .number(1.25)]))
    #expect(objects["/training/history/trainLoss"]?.type == "float64")
    #expect(objects["/training/optimizer/conv1/weight.momentum"]?.shape == [4, 1, 3, 3])
    guard case .text(let json) = objects["/network"]?.values else {
      Issue.record("/network is no text")
      return
    }
    #expect(try Network(json: Data(json.utf8)) == Example.network())
  }

  @Test("A quantised layer has int8 weights, float scales and its activations' attributes")
  func quantized() throws {
    let objects = try describe(Example.quantized()).objects
    #expect(objects["/weights/fc/weight"]?.type == "int8")
    #expect(objects["/weights/fc/weight_scale"]?.type == "float32")
    #expect(objects["/weights/fc/weight_scale"]?.shape == [3])
    #expect(objects["/quantization"]?.attributes["samples"] == .number(64))
    #expect(objects["/quantization/input"]?.kinds["zero_point"] == "uint8")
    #expect(objects["/quantization/fc"]?.attributes["scale"] == .number(0.5))
    #expect(objects["/quantization/fc"]?.kinds["scale"] == "float32")
  }

  @Test("What h5py wrote is imported, sealed and read")
  func imported() throws {
    _ = try Python.run("author", folder.path)
    let expected = (0..<12).map(Float.init)
    for name in ["plain", "full", "gzip", "float64", "float16", "big-endian"] {
      let path = folder.file("\(name).h5")
      #expect(throws: CheckpointError.noSeal(path: path)) { try Checkpoint(contentsOf: path) }
      let checkpoint = try CheckpointFile.importUnsealed(path)
      try checkpoint.write(to: path)
      let read = try Checkpoint(contentsOf: path)
      #expect(read.weights["fc1", .weight]?.floats == expected, "\(name)")
      #expect(read.weights["fc1", .bias]?.floats == [1, 1, 1], "\(name)")
      #expect(contents(read) == contents(checkpoint))
    }
    let full = try Checkpoint(contentsOf: folder.file("full.h5"))
    #expect(full.labels == ["eins", "zwei", "drei — größer"])
    #expect(full.preprocessing.resize == .centerCrop)
    #expect(full.preprocessing.invert)
    #expect(full.preprocessing.std == [2])
    let plain = try Checkpoint(contentsOf: folder.file("plain.h5"))
    #expect(plain.preprocessing == Preprocessing(channels: 1, height: 2, width: 2))
    #expect(plain.labels.isEmpty)
  }

  @Test("An import that lacks something says what")
  func importRefused() throws {
    _ = try Python.run("author", folder.path)
    for (name, words) in [
      ("no-network", "missing: /network"), ("no-weight", "missing: /weights/fc1/weight"),
      ("other-shape", "wrong shape: /weights/fc1/weight"), ("keras", "unexpected: /model_weights"),
    ] {
      let error = #expect(throws: CheckpointError.self) {
        try CheckpointFile.importUnsealed(folder.file("\(name).h5"))
      }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
    let plain = try CheckpointFile.importUnsealed(folder.file("plain.h5"))
    let found = try CheckpointFile.importUnsealed(
      folder.file("no-network.h5"), network: plain.network, labels: ["x"])
    #expect(found.network == plain.network)
    #expect(found.labels == ["x"])
  }
}

/// Any JSON value that h5py's attributes become.
private enum JSONValue: Decodable, Equatable {
  case boolean(Bool), number(Double), text(String), list([JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else {
      self = .list(try container.decode([JSONValue].self))
    }
  }
}
