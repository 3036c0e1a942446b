import Checkpoints
import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a checkpoint holds beside its tensors, as the text pairs of ONNX's `metadata_props` and
/// safetensors' `__metadata__`.
///
/// | key | value |
/// |---|---|
/// | `cnn.network` | the network's JSON |
/// | `preprocessing`, `labels` | JSON, with the checkpoint's names |
/// | `cnn.training` | JSON of epoch, step, seed, recipe and history |
/// | `trainAccuracy`, … | the last epoch's value of each column of the history |
/// | `cnn.quantization` | JSON of method, samples and each value's scale and zero point |
/// | `producer` | the program |
package struct Metadata {
  /// The program that writes, for `producer`.
  package static let producer = "swift-cnn"

  /// By key.
  package var pairs: [String: String]
  /// The file, for messages.
  let path: String

  /// What a checkpoint's file says.
  init(_ checkpoint: Checkpoint) throws {
    path = ""
    pairs = [
      "producer": Self.producer,
      "cnn.network": try Self.text(of: checkpoint.network.json()),
      "preprocessing": try Self.json(checkpoint.preprocessing),
      "labels": try Self.json(checkpoint.labels),
    ]
    if let training = checkpoint.training {
      pairs["cnn.training"] = try Self.json(StoredTraining(training))
      for column in training.history {
        guard let value = column.values.last, value.isFinite else { continue }
        if pairs[column.name] == nil { pairs[column.name] = "\(value)" }
      }
    }
    if let quantization = checkpoint.quantization {
      pairs["cnn.quantization"] = try Self.json(StoredQuantization(quantization))
    }
  }

  /// What a file said.
  init(pairs: [String: String], path: String) {
    self.pairs = pairs
    self.path = path
  }

  /// The network, where the file names one.
  func network() throws -> Network? {
    guard let text = pairs["cnn.network"] else { return nil }
    do {
      return try Network(json: Data(text.utf8))
    } catch let error as NetworkError {
      throw InterchangeError.invalidNetwork(path: path, detail: "\(error)")
    }
  }

  /// The labels, where the file has any; at most the network's classes.
  func labels(of network: Network) throws -> [String]? {
    guard let labels: [String] = try decoded("labels") else { return nil }
    guard labels.count <= network.classCount else {
      throw malformed("labels", "\(labels.count) labels for \(network.classCount) classes")
    }
    return labels
  }

  /// The preprocessing, where the file has one; it must be valid for the network.
  func preprocessing(of network: Network) throws -> Preprocessing? {
    guard let value: Preprocessing = try decoded("preprocessing") else { return nil }
    do {
      try value.validate(for: network)
    } catch NetworkError.invalidPreprocessing(let attribute, let found, let rule) {
      throw malformed("preprocessing", "\(attribute) is \(found) and \(rule)")
    }
    return value
  }

  /// The training record without the optimiser, where the file has one.
  func training() throws -> TrainingRecord? {
    guard let stored: StoredTraining = try decoded("cnn.training") else { return nil }
    guard stored.epoch >= 0, stored.step >= 0 else {
      throw malformed("cnn.training", "a negative count")
    }
    return stored.record
  }

  /// The quantisation, where the file has one.
  func quantization() throws -> Quantization? {
    guard let stored: StoredQuantization = try decoded("cnn.quantization") else { return nil }
    guard stored.activations.values.allSatisfy({ $0.scale.isFinite && $0.scale > 0 }) else {
      throw malformed("cnn.quantization", "a scale that is not positive")
    }
    return stored.quantization
  }

  private func decoded<Value: Decodable>(_ key: String) throws -> Value? {
    guard let text = pairs[key] else { return nil }
    do {
      return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    } catch {
      throw malformed(key, "it is not the JSON that belongs there")
    }
  }

  private func malformed(_ key: String, _ detail: String) -> InterchangeError {
    .malformedMetadata(path: path, key: key, detail: detail)
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return text(of: try encoder.encode(value))
  }

  private static func text(of data: Data) -> String { String(decoding: data, as: UTF8.self) }
}

private struct StoredTraining: Codable {
  struct Column: Codable {
    var name: String
    /// Null where an epoch's value was not finite.
    var values: [Double?]
  }

  var epoch, step: Int
  var seed: UInt64
  var recipe: String
  var history: [Column]

  init(_ record: TrainingRecord) {
    epoch = record.epoch
    step = record.step
    seed = record.seed
    recipe = record.recipe
    history = record.history.map { column in
      Column(name: column.name, values: column.values.map { $0.isFinite ? $0 : nil })
    }
  }

  var record: TrainingRecord {
    TrainingRecord(
      epoch: epoch, step: step, seed: seed, recipe: recipe,
      history: history.map { column in
        HistoryColumn(name: column.name, values: column.values.map { $0 ?? .nan })
      })
  }
}

private struct StoredQuantization: Codable {
  struct Activation: Codable {
    var scale: Float
    var zeroPoint: UInt8
  }

  var method: String
  var samples: Int
  var activations: [String: Activation]

  init(_ quantization: Quantization) {
    method = quantization.method
    samples = quantization.samples
    activations = quantization.activations.mapValues {
      Activation(scale: $0.scale, zeroPoint: $0.zeroPoint)
    }
  }

  var quantization: Quantization {
    Quantization(
      method: method, samples: samples,
      activations: activations.mapValues { .init(scale: $0.scale, zeroPoint: $0.zeroPoint) })
  }
}
