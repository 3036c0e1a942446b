/// Offsets of buffers in one block of memory, so that buffers that are live at once do not overlap.
package struct ArenaPlan: Sendable {
  package struct Buffer: Sendable, Hashable {
    /// Bytes, a multiple of a cache line.
    package let size: Int
    /// The first and the last step that touch it.
    package let lifetime: ClosedRange<Int>

    package init(bytes: Int, lifetime: ClosedRange<Int>) {
      size = (bytes + ArenaPlan.line - 1) / ArenaPlan.line * ArenaPlan.line
      self.lifetime = lifetime
    }
  }

  /// Bytes of a cache line.
  package static let line = 64

  package let buffers: [Buffer]
  /// Bytes from the start of the arena, a multiple of a cache line.
  package private(set) var offsets: [Int]
  /// Bytes of the whole arena.
  package private(set) var size = 0
  /// Bytes from one image's arena to the next: an odd number of cache lines, so that images do not
  /// compete for few sets of a cache.
  package var stride: Int { (size / Self.line | 1) * Self.line }

  /// Places the largest buffer first, each in the smallest gap that holds it between those already
  /// placed whose lifetimes meet its own, or after them.
  package init(_ buffers: [Buffer]) {
    self.buffers = buffers
    offsets = Array(repeating: 0, count: buffers.count)
    var placed: [Int] = []
    let order = buffers.indices.sorted {
      (-buffers[$0].size, buffers[$0].lifetime.lowerBound, $0)
        < (-buffers[$1].size, buffers[$1].lifetime.lowerBound, $1)
    }
    for index in order {
      let neighbours = placed.filter { buffers[$0].lifetime.overlaps(buffers[index].lifetime) }
      offsets[index] = gap(for: buffers[index].size, among: neighbours)
      size = max(size, offsets[index] + buffers[index].size)
      placed.append(index)
    }
  }

  private func gap(for size: Int, among neighbours: [Int]) -> Int {
    var best: (waste: Int, offset: Int)?
    var end = 0
    for neighbour in neighbours.sorted(by: { offsets[$0] < offsets[$1] }) {
      let waste = offsets[neighbour] - end - size
      if waste >= 0, waste < best?.waste ?? .max { best = (waste, end) }
      end = max(end, offsets[neighbour] + buffers[neighbour].size)
    }
    return best?.offset ?? end
  }

  /// Bytes of the buffers that are live at the busiest step: no arena is smaller.
  package var peak: Int {
    let steps = buffers.map(\.lifetime.upperBound).max() ?? -1
    return (0..<steps + 1).map { step in
      buffers.reduce(0) { $0 + ($1.lifetime.contains(step) ? $1.size : 0) }
    }.max() ?? 0
  }
}
