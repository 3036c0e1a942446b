import Networks

extension QuantizedReference {
  /// `Σ (x − x₀) w + round(b / (s_x s_w))`, `c` over the channels of the output's group.
  func convolution(
    _ node: Node, _ attributes: NodeOperation.Convolution, plus other: String?, as name: String,
    clamp: OutputClamp
  ) -> Value {
    let (x, grid, from) = numbers(node.inputs[0])
    let shape = network.shape(of: node.name), kernel = attributes.kernelSize
    let inputs = from.channels / attributes.groups, outputs = shape.channels / attributes.groups
    let weight = integers(node)
    var sums: [Int] = []
    for o in 0..<shape.channels {
      for i in 0..<shape.height {
        for j in 0..<shape.width {
          var sum = 0
          for c in 0..<inputs {
            for u in 0..<kernel.height {
              for v in 0..<kernel.width {
                let y =
                  i * attributes.stride.height + u * attributes.dilation.height
                  - attributes.padding.height
                let z =
                  j * attributes.stride.width + v * attributes.dilation.width
                  - attributes.padding.width
                guard (0..<from.height).contains(y), (0..<from.width).contains(z) else { continue }
                let channel = o / outputs * inputs + c
                let number = x[(channel * from.height + y) * from.width + z]
                sum +=
                  (number - Int(grid.zeroPoint))
                  * weight[((o * inputs + c) * kernel.height + u) * kernel.width + v]
              }
            }
          }
          sums.append(sum)
        }
      }
    }
    return finished(sums, node, grid, shape, plus: other, as: name, clamp: clamp)
  }

  func linear(_ node: Node, as name: String, clamp: OutputClamp) -> Value {
    let (x, grid, _) = numbers(node.inputs[0])
    let shape = network.shape(of: node.name)
    let weight = integers(node)
    let sums = (0..<shape.channels).map { o in
      x.indices.reduce(0) { $0 + (x[$1] - Int(grid.zeroPoint)) * weight[o * x.count + $1] }
    }
    return finished(sums, node, grid, shape, plus: nil, as: name, clamp: clamp)
  }

  private func integers(_ node: Node) -> [Int] {
    weights[node.name, .weight]?.withInt8 { $0.map(Int.init) } ?? []
  }

  /// Sums with their biases, as the values that they stand for, rounded.
  private func finished(
    _ sums: [Int], _ node: Node, _ grid: Grid, _ shape: TensorShape, plus other: String?,
    as name: String, clamp: OutputClamp
  ) -> Value {
    let scales = weights.nodes[node.name]?.weightScale?.floats ?? []
    let bias = weights[node.name, .bias]?.floats ?? scales.map { _ in 0 }
    let plane = shape.height * shape.width
    var values: [Float] = []
    for (index, sum) in sums.enumerated() {
      let channel = index / plane
      let real = grid.scale * scales[channel]
      let units = (bias[channel] / (scales[channel] * grid.scale)).rounded(.toNearestOrEven)
      guard let whole = Int32(exactly: sum + Int(units)) else {
        preconditionFailure("a sum beyond 32 bits")
      }
      values.append(Float(whole) * (grids[name].map { real / $0.scale } ?? real))
    }
    if let other, let grid = grids[name] {
      let (r, residual, _) = numbers(other)
      let factor = residual.scale / grid.scale
      for index in values.indices {
        let term = Float(r[index] - Int(residual.zeroPoint)) * factor
        values[index] = values[index] + term
      }
    }
    return rounded(values, name, network.shape(of: name), clamp: clamp, inUnits: true)
  }

  func batchNorm(
    _ node: Node, _ attributes: NodeOperation.BatchNorm, as name: String, clamp: OutputClamp
  ) -> Value {
    let (x, grid, shape) = numbers(node.inputs[0])
    func tensor(_ role: Parameter.Role) -> [Double] {
      weights[node.name, role]?.floats.map(Double.init) ?? []
    }
    let (gamma, beta) = (tensor(.weight), tensor(.bias))
    let (mean, variance) = (tensor(.runningMean), tensor(.runningVariance))
    let output = grids[name]?.scale ?? 1
    let plane = shape.height * shape.width
    let values = x.indices.map { index in
      let c = index / plane
      let scale = gamma[c] / (variance[c] + attributes.epsilon).squareRoot()
      let shift = beta[c] - mean[c] * scale
      let product = Float(x[index] - Int(grid.zeroPoint)) * (Float(scale) * grid.scale / output)
      return product + Float(shift) / output
    }
    return rounded(values, name, shape, clamp: clamp, inUnits: true)
  }

  func add(_ node: Node, as name: String, clamp: OutputClamp) -> Value {
    let shape = network.shape(of: node.name)
    let output = grids[name]?.scale ?? 1
    var sums = [Float](repeating: 0, count: shape.elementCount)
    for (place, input) in node.inputs.enumerated() {
      let (x, grid, _) = numbers(input)
      let factor = grid.scale / output
      for index in sums.indices {
        let term = Float(x[index] - Int(grid.zeroPoint)) * factor
        sums[index] = place == 0 ? term : sums[index] + term
      }
    }
    return rounded(sums, name, shape, clamp: clamp, inUnits: true)
  }

  /// The value of what is rounded by itself.
  func value(of node: Node) -> Value {
    let (x, grid, from) = numbers(node.inputs[0])
    let shape = network.shape(of: node.name)
    let real = x.map { Float($0 - Int(grid.zeroPoint)) * grid.scale }
    switch node.operation {
    case .dropout: return .numbers(x, grid, shape)
    case .flatten:
      return grids[node.name] == grid
        ? .numbers(x, grid, shape) : rounded(real, node.name, shape)
    case .relu: return rounded(real.map { max($0, 0) }, node.name, shape)
    case .sigmoid:
      return rounded(
        real.map { Float(Reference.sigmoid(Double($0))) }, node.name, shape)
    case .tanh:
      return rounded(
        real.map { Float(Reference.hyperbolicTangent(Double($0))) }, node.name, shape)
    case .concat:
      let parts = node.inputs.flatMap { input -> [Float] in
        let (x, grid, _) = numbers(input)
        return x.map { Float($0 - Int(grid.zeroPoint)) * grid.scale }
      }
      return rounded(parts, node.name, shape)
    case .maxPool(let window):
      let numbers = Reference.maxPool(Reference.Value(from, x.map(Double.init)), window, shape)
      return .numbers(numbers.elements.map { Int($0) }, grid, shape)
    case .averagePool(let window): return average(node) { Reference.averagePool($0, window, shape) }
    case .adaptiveAveragePool: return average(node) { Reference.adaptiveAveragePool($0, shape) }
    case .convolution, .linear, .batchNorm, .localResponseNorm, .add:
      preconditionFailure("'\(node.name)' is not rounded by itself")
    }
  }

  /// `round(Σ (x − x₀) · (s_x / s_y / n))`, the sum being the mean in double precision times n.
  private func average(_ node: Node, _ mean: (Reference.Value) -> Reference.Value) -> Value {
    let (x, grid, from) = numbers(node.inputs[0])
    let numbers = Reference.Value(from, x.map { Double($0 - Int(grid.zeroPoint)) })
    let shape = network.shape(of: node.name)
    let counts = Self.counts(node.operation, from, shape)
    let output = grids[node.name]?.scale ?? 1
    let values = zip(mean(numbers).elements, counts).map { mean, count in
      Float((mean * Double(count)).rounded()) * (grid.scale / output / Float(count))
    }
    return rounded(values, node.name, shape, inUnits: true)
  }

  /// The elements that each mean is over.
  private static func counts(
    _ operation: NodeOperation, _ from: TensorShape, _ shape: TensorShape
  ) -> [Int] {
    func counts(_ index: Int, _ size: Int, _ outputs: Int, _ pooling: (Int, Int, Int)?) -> Int {
      guard let (kernel, stride, padding) = pooling else {
        return ((index + 1) * size + outputs - 1) / outputs - index * size / outputs
      }
      let first = index * stride - padding
      return min(first + kernel, size + padding) - first
    }
    var rows: (Int, Int, Int)?, columns: (Int, Int, Int)?, onlyInside = false
    if case .averagePool(let window) = operation {
      rows = (window.kernelSize.height, window.stride.height, window.padding.height)
      columns = (window.kernelSize.width, window.stride.width, window.padding.width)
      onlyInside = !window.countIncludesPadding
    }
    func inside(_ index: Int, _ size: Int, _ pooling: (Int, Int, Int)?) -> Int? {
      guard onlyInside, let (kernel, stride, padding) = pooling else { return nil }
      let first = index * stride - padding
      return (first..<first + kernel).filter { (0..<size).contains($0) }.count
    }
    return (0..<shape.channels).flatMap { _ in
      (0..<shape.height).flatMap { i in
        (0..<shape.width).map { j in
          (inside(i, from.height, rows) ?? counts(i, from.height, shape.height, rows))
            * (inside(j, from.width, columns) ?? counts(j, from.width, shape.width, columns))
        }
      }
    }
  }
}
