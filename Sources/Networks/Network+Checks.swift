import Files

extension Network {
  static func checkInput(_ input: TensorShape) throws {
    let range = 1...Limits.inputExtent
    guard input.isFeatureMap, input.dimensions.allSatisfy(range.contains) else {
      throw NetworkError.invalidAttribute(
        node: inputName, attribute: "shape", value: "\(input)",
        rule: "must be C×H×W, each from 1 to \(Limits.inputExtent)")
    }
    _ = try input.checked(node: inputName)
  }

  /// The output is a vector that some node makes, and no node's work is lost.
  func checkOutput() throws {
    guard let result = position(of: output) else {
      throw NetworkError.unknownOutput(output)
    }
    let shape = shape(of: output)
    guard !shape.isFeatureMap else {
      throw NetworkError.outputNotVector(node: output, shape: shape)
    }
    for (position, node) in nodes.enumerated()
    where position != result && readers(of: node.name).isEmpty {
      throw NetworkError.unusedNode(node.name)
    }
  }

  /// Refuses parameters and work of absurd size.
  func checkSizes() throws {
    var total = 0
    for node in nodes {
      for parameter in parameters(of: node) {
        total += try TensorShape(parameter.shape).checked(node: node.name).elementCount
      }
      guard total <= Limits.parameters else {
        throw NetworkError.tooManyParameters(node: node.name, limit: Limits.parameters)
      }
      guard macs(of: node) <= Limits.macs else {
        throw NetworkError.tooLarge(node: node.name, shape: shape(of: node.name))
      }
    }
  }
}

extension String {
  /// Whether this is not empty, fits `limit` bytes of UTF-8, and has no character that breaks lines
  /// or hides: controls, separators of lines, and invisible formats.
  func isPrintable(upTo limit: Int) -> Bool {
    (1...limit).contains(utf8.count)
      && unicodeScalars.allSatisfy(\.isPrintable)
  }
}
