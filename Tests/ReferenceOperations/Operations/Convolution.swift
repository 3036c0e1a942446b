import Networks

extension Formula {
  static func convolution(_ attributes: NodeOperation.Convolution) -> Formula {
    Formula(
      value: {
        Reference.convolution($0.x, $0.tensor(.weight), $0.tensor(.bias), attributes, $0.shape)
      },
      quantized: { group in
        let sums = Reference.convolution(
          group.units, group.integers, [], attributes,
          group.reference.network.shape(of: group.node.name))
        return group.finished(sums)
      })
  }
}

extension Reference {
  /// `y[o, i, j] = b[o] + Σ_{c,u,v} w[o, c, u, v] · x[c, i·s + u·d − p, j·s + v·d − p]`, `c` over the
  /// channels of `o`'s group.
  ///
  /// - Parameters:
  ///   - x: `[C, H, W]`.
  ///   - weight: OIHW.
  ///   - bias: `[O]`, or empty for none.
  ///   - attributes: Stride, padding, dilation and groups.
  ///   - shape: `[O, H′, W′]`.
  /// - Returns: The value of `shape`.
  static func convolution(
    _ x: Value, _ weight: [Double], _ bias: [Double], _ attributes: NodeOperation.Convolution,
    _ shape: TensorShape
  ) -> Value {
    let kernel = attributes.kernelSize
    let inputs = x.shape.channels / attributes.groups
    let outputs = shape.channels / attributes.groups
    return Value.make(shape) { o, i, j in
      var sum = bias.isEmpty ? 0 : bias[o]
      for c in 0..<inputs {
        for u in 0..<kernel.height {
          for v in 0..<kernel.width {
            let y = i * attributes.stride.height + u * attributes.dilation.height
            let z = j * attributes.stride.width + v * attributes.dilation.width
            sum +=
              weight[((o * inputs + c) * kernel.height + u) * kernel.width + v]
              * x[
                o / outputs * inputs + c, y - attributes.padding.height,
                z - attributes.padding.width]
          }
        }
      }
      return sum
    }
  }
}
