import Datasets
import Images
import Testing

@Suite("A part spread over the classes")
struct SpreadTests {
  /// Images of which only the labels count.
  private struct Labels: ImageDataset {
    let labels: [Int]
    var source: String { "labels" }
    var count: Int { labels.count }
    var channels: Int { 1 }
    var classNames: [String] { ["a", "b", "c"] }
    func label(at index: Int) -> Int { labels[index] }
    func image(at index: Int) throws -> Image {
      throw DatasetError.cannotSplit(source: "", count: 0, fraction: 0)
    }
  }

  private let data = Labels(labels: (0..<600).map { $0 < 300 ? 0 : $0 < 590 ? 1 : 2 })

  @Test("Classes take turns while they have images, and no image comes twice")
  func turns() {
    for count in [1, 2, 3, 29, 30, 100, 600, 9999] {
      let indices = data.spread(count, seed: 1)
      #expect(indices.count == min(count, 600))
      #expect(Set(indices).count == indices.count)
      let counts = (0..<3).map { label in indices.count { data.label(at: $0) == label } }
      if count <= 30 { #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1) }
      if count >= 30 { #expect(counts[2] == 10) }
    }
    #expect(data.spread(0, seed: 1).isEmpty)
  }

  @Test("The seed decides, and more images begin with the fewer")
  func seeds() {
    #expect(data.spread(50, seed: 1) == data.spread(50, seed: 1))
    #expect(data.spread(50, seed: 1) != data.spread(50, seed: 2))
    #expect(Array(data.spread(100, seed: 1).prefix(50)) == data.spread(50, seed: 1))
  }
}
