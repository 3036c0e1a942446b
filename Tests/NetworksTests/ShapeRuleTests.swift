import Networks
import Testing

@Suite("Shape rules") struct ShapeRuleTests {
  private static func extent(_ text: String) throws -> Extent {
    let numbers = text.split(separator: "x").compactMap { Int($0) }
    try #require(numbers.count == 2)
    return Extent(height: numbers[0], width: numbers[1])
  }

  private static func operation(_ row: [String]) throws -> NodeOperation {
    let kernel = try extent(row[2])
    let stride = try extent(row[3])
    let padding = try extent(row[4])
    if row[0] == "conv" {
      return .convolution(
        .init(
          outputChannels: 5, kernelSize: kernel, stride: stride, padding: padding,
          dilation: try extent(row[5])))
    }
    let window = NodeOperation.Pooling(
      kernelSize: kernel, stride: stride, padding: padding, ceilMode: row[6] == "1")
    return row[0] == "max" ? .maxPool(window) : .averagePool(window)
  }

  @Test("400 random windows give PyTorch's extents, or are refused where PyTorch refuses")
  func windows() throws {
    let rows = try Files.golden("shape_rules")
    #expect(rows.count == 400)
    for row in rows {
      let size = try Self.extent(row[1])
      let input = TensorShape(channels: 3, height: size.height, width: size.width)
      let operation = try Self.operation(row)
      let found: String
      do {
        let shape = try operation.outputShape(of: [input], node: "n")
        #expect(shape.channels == (row[0] == "conv" ? 5 : 3))
        found = "\(shape.height)x\(shape.width)"
      } catch NetworkError.kernelTooLarge, NetworkError.invalidAttribute {
        found = "-"
      }
      #expect(found == row[7], "\(row)")
    }
  }

  private static let map = TensorShape(channels: 6, height: 7, width: 5)

  @Test(
    "Operations without a window",
    arguments: [
      (NodeOperation.adaptiveAveragePool(1), "6×1×1"),
      (.adaptiveAveragePool(Extent(height: 9, width: 2)), "6×9×2"),
      (.batchNorm(.init()), "6×7×5"), (.localResponseNorm(.init(size: 5)), "6×7×5"),
      (.relu, "6×7×5"), (.leakyReLU(.init()), "6×7×5"), (.sigmoid, "6×7×5"), (.tanh, "6×7×5"),
      (.dropout(probability: 0), "6×7×5"), (.flatten, "210"),
      (.convolution(.init(outputChannels: 9, kernelSize: 3, groups: 3)), "9×5×3"),
    ])
  func others(operation: NodeOperation, shape: String) throws {
    #expect("\(try operation.outputShape(of: [Self.map], node: "n"))" == shape)
  }

  @Test("Vectors pass through element-wise operations and linear layers")
  func vectors() throws {
    let vector = TensorShape(features: 210)
    for operation in [NodeOperation.relu, .sigmoid, .tanh, .dropout(probability: 0.5), .flatten] {
      #expect(try operation.outputShape(of: [vector], node: "n") == vector)
    }
    let linear = NodeOperation.linear(.init(outputFeatures: 10))
    #expect(try linear.outputShape(of: [vector], node: "n") == TensorShape(features: 10))
    #expect(try NodeOperation.add.outputShape(of: [vector, vector], node: "n") == vector)
  }

  @Test("Concatenation adds channels, addition keeps the shape")
  func joins() throws {
    let other = TensorShape(channels: 2, height: 7, width: 5)
    let joined = try NodeOperation.concat.outputShape(of: [Self.map, other, Self.map], node: "n")
    #expect(joined.dimensions == [14, 7, 5])
    #expect(try NodeOperation.add.outputShape(of: [Self.map, Self.map], node: "n") == Self.map)
  }

  @Test("Shapes that do not fit are refused with the node and both shapes")
  func mismatches() throws {
    let other = TensorShape(channels: 6, height: 7, width: 4)
    for operation in [NodeOperation.add, .concat] {
      let error = #expect(throws: NetworkError.self) {
        try operation.outputShape(of: [Self.map, other], node: "join")
      }
      let message = try #require(error).description
      #expect(message.contains("'join'") && message.contains("6×7×5 and 6×7×4"))
    }
  }

  @Test(
    "Attributes without meaning are refused with their names",
    arguments: [
      (NodeOperation.convolution(.init(outputChannels: 0, kernelSize: 3)), "outputChannels"),
      (.convolution(.init(outputChannels: 1_000_000_000, kernelSize: 3)), "outputChannels"),
      (.convolution(.init(outputChannels: 4, kernelSize: 0)), "kernelSize"),
      (.convolution(.init(outputChannels: 4, kernelSize: 3, stride: -1)), "stride"),
      (.convolution(.init(outputChannels: 4, kernelSize: 3, padding: -1)), "padding"),
      (.convolution(.init(outputChannels: 4, kernelSize: 3, padding: .init(.max))), "padding"),
      (.convolution(.init(outputChannels: 4, kernelSize: 3, dilation: 0)), "dilation"),
      (.convolution(.init(outputChannels: 4, kernelSize: 3, groups: 0)), "groups"),
      (.convolution(.init(outputChannels: 4, kernelSize: 3, groups: 4)), "groups"),
      (.convolution(.init(outputChannels: 4, kernelSize: 3, groups: 3)), "groups"),
      (.linear(.init(outputFeatures: .min)), "outputFeatures"),
      (.maxPool(.init(kernelSize: 3, stride: 0)), "stride"),
      (.maxPool(.init(kernelSize: 3, stride: 1, padding: 2)), "padding"),
      (.maxPool(.init(kernelSize: 3, stride: 1, padding: .init(.max))), "padding"),
      (.averagePool(.init(kernelSize: .init(.max), stride: 1)), "kernelSize"),
      (
        .maxPool(.init(kernelSize: 3, stride: 1, countIncludesPadding: false)),
        "countIncludesPadding"
      ),
      (.adaptiveAveragePool(0), "outputSize"), (.batchNorm(.init(epsilon: 0)), "epsilon"),
      (.batchNorm(.init(epsilon: .nan)), "epsilon"), (.batchNorm(.init(momentum: 2)), "momentum"),
      (.localResponseNorm(.init(size: 4)), "size"), (.localResponseNorm(.init(size: -1)), "size"),
      (.localResponseNorm(.init(size: 5, k: .infinity)), "k"),
      (.dropout(probability: 1), "probability"), (.dropout(probability: .nan), "probability"),
    ])
  func attributes(operation: NodeOperation, attribute: String) {
    let error = #expect(throws: NetworkError.self) {
      try operation.outputShape(of: [Self.map], node: "n")
    }
    guard case .invalidAttribute("n", attribute, _, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
