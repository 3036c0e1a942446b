import Foundation
public import Networks

extension NodeOperation.Kind {
  /// Attributes in JSON with which the operation fits feature maps of 4 channels and at least 3×3
  /// pixels, and with which each of its attributes changes its values.
  ///
  /// - Throws: `MissingSample` where the table below lacks an attribute's key.
  public func sampleAttributes() throws -> [String: String] {
    var result: [String: String] = [:]
    for key in definition.keys.map(\.stringValue) {
      guard let value = Self.sampleValues[key] else { throw MissingSample(key: key) }
      result[key] = value
    }
    return result
  }

  /// The operation with these attributes.
  ///
  /// - Throws: `MissingSample`.
  public func sample() throws -> NodeOperation {
    let attributes = try sampleAttributes().map { #", "\#($0.key)": \#($0.value)"# }.joined()
    let json = #"{"name": "sample", "type": "\#(rawValue)"\#(attributes)}"#
    return try JSONDecoder().decode(Node.self, from: Data(json.utf8)).operation
  }

  /// By attribute, so that an operation whose attributes others have needs no row.
  private static let sampleValues = [
    "outputChannels": "4", "outputFeatures": "4", "kernelSize": "3", "size": "3", "stride": "1",
    "dilation": "1", "groups": "1", "outputSize": "1", "k": "1.5", "padding": "0", "bias": "true",
    "ceilMode": "true", "countIncludesPadding": "true", "epsilon": "1e-3", "momentum": "0.1",
    "alpha": "0.5", "beta": "0.6", "probability": "0.3", "negativeSlope": "0.2",
  ]
}

/// An attribute without a value in the table of samples.
struct MissingSample: Error, CustomStringConvertible {
  let key: String

  var description: String { "no sample value for '\(key)': add one to SampleOperation.swift" }
}

extension NodeOperation {
  /// Every operation without parameters that computes each element from the element at its place
  /// alone, with sample attributes.
  ///
  /// - Throws: `MissingSample`.
  public static func elementWiseSamples() throws -> [NodeOperation] {
    try Kind.allCases.filter { kind in
      let traits = kind.definition.traits
      return traits.contains(.mayRunInPlace) && !traits.computesNothing
    }.map { try $0.sample() }.filter {
      $0.definition.parameters(input: TensorShape(channels: 4, height: 3, width: 3)).isEmpty
    }
  }
}
