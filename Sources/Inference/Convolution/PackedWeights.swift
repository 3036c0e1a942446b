import Tensors

/// A convolution's filters in panels `[group][panel][depth][rows]`, and the biases
/// `[group][panel][rows]`; rows past the last filter are zeros.
struct PackedWeights: Sendable {
  let panels: AlignedFloats
  let bias: AlignedFloats
  let panelCount: Int

  /// Packs, with each filter times its scale, in parallel over panels.
  ///
  /// - Parameters:
  ///   - convolution: Weights OIHW, scale, shift and geometry.
  ///   - rows: Filters in a panel.
  ///   - threads: Threads.
  /// - Throws: `InferenceError.outOfMemory`.
  init(_ convolution: Lowered.Convolution, rows: Int, threads: Int) throws {
    let geometry = convolution.geometry, scale = convolution.scale, shift = convolution.shift
    let filters = geometry.outputChannels, depth = geometry.depth
    let panelCount = (filters + rows - 1) / rows
    self.panelCount = panelCount
    panels = try AlignedFloats(uninitialized: geometry.groups * panelCount * depth * rows)
    bias = try AlignedFloats(uninitialized: geometry.groups * panelCount * rows)
    let panels = Destination(address: panels.address)
    let bias = Destination(address: bias.address)
    convolution.weights.withFloats { source in
      guard let base = source.baseAddress else { return }
      let source = Source(address: base)
      parallelFor(tiles: geometry.groups * panelCount, threads: threads) { panel, _ in
        let to = panels.address + panel * depth * rows
        for row in 0..<rows {
          let filter = panel % panelCount * rows + row
          guard filter < filters else {
            for k in 0..<depth { to[k * rows + row] = 0 }
            bias.address[panel * rows + row] = 0
            continue
          }
          let channel = panel / panelCount * filters + filter
          let from = source.address + channel * depth
          if let factor = scale?[channel] {
            for k in 0..<depth { to[k * rows + row] = Float(Double(from[k]) * factor) }
          } else {
            for k in 0..<depth { to[k * rows + row] = from[k] }
          }
          bias.address[panel * rows + row] = Float(shift[channel])
        }
      }
    }
  }

  private struct Source: @unchecked Sendable { let address: UnsafePointer<Float> }
  private struct Destination: @unchecked Sendable { let address: UnsafeMutablePointer<Float> }
}
