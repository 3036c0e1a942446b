import Datasets
import Images
import Networks
import Synchronization
import Testing

/// More images than would fit into memory, made when asked for, which count how often that was.
private final class EndlessImages: ImageDataset {
  let count = 40_000_000
  let source = "endless"
  let channels = 1
  let classNames = ["even", "odd"]
  private let decodedCount = Atomic<Int>(0)

  var decoded: Int { decodedCount.load(ordering: .sequentiallyConsistent) }

  func label(at index: Int) -> Int { index % 2 }

  func image(at index: Int) -> Image {
    decodedCount.add(1, ordering: .sequentiallyConsistent)
    return Image(
      width: 16, height: 16, gray: (0..<256).map { UInt8(truncatingIfNeeded: $0 + index) })
  }
}

@Suite("Streaming") struct StreamingTests {
  @Test(
    "However large the set, only so many batches are decoded ahead and in memory",
    arguments: [(1, 1), (1, 2), (2, 3), (4, 5)])
  func bounded(workers: Int, ahead: Int) throws {
    let images = EndlessImages()
    var random = CounterRandom(seed: 1, stream: 0)
    let order = (0..<4000).map { _ in random.nextInt(below: images.count) }
    let loader = try BatchLoader(
      dataset: images, preprocessing: Preprocessing(channels: 1, height: 16, width: 16),
      batchSize: 8, order: order, ahead: ahead, workers: workers)
    var delivered = 0
    while let batch = try loader.next() {
      #expect(batch.indices == Array(order[delivered * 8..<delivered * 8 + 8]))
      delivered += 1
      #expect(images.decoded <= (delivered + ahead) * 8)
      // Those ahead, the one that is held here, and the one before it on its way back.
      #expect(loader.memoryCount <= ahead + 2)
    }
    #expect(delivered == 500 && images.decoded == 4000)
  }

  @Test("Folders are decoded by several workers to the same batches, from any place on")
  func folders() throws {
    let folder = try TemporaryFolder()
    for index in 0..<60 {
      try folder.file("\(index % 3)/\(index).png", Image.plainPNG(UInt8(index), width: 20))
    }
    let set = try FolderDataset(directory: folder.path)
    func load(start: Int, workers: Int) throws -> [[Float]] {
      let loader = try BatchLoader(
        dataset: set, preprocessing: Preprocessing(channels: 1, height: 8, width: 8), batchSize: 7,
        order: CounterRandom.epochOrder(count: 60, seed: 5, epoch: 2), startingAt: start,
        augmentation: .flipCrop, seed: 5, epoch: 2, ahead: workers + 1, workers: workers)
      var batches: [[Float]] = []
      while let batch = try loader.next() { batches.append(batch.withInputs { Array($0) }) }
      return batches
    }
    let whole = try load(start: 0, workers: 1)
    #expect(whole.count == 9)
    #expect(try load(start: 0, workers: 4) == whole)
    #expect(try load(start: 21, workers: 4) == Array(whole.dropFirst(3)))
  }
}

@Suite("Thumbnails") struct ThumbnailTests {
  private struct OnePicture: ImageDataset {
    let picture: Image
    var count: Int { 1 }
    var source: String { "one" }
    var channels: Int { 1 }
    var classNames: [String] { ["only"] }
    func label(at index: Int) -> Int { 0 }
    func image(at index: Int) -> Image { picture }
  }

  @Test("A thumbnail keeps proportions and colour, and never grows")
  func thumbnail() throws {
    let wide = Image(
      width: 200, height: 50, rgb: (0..<10_000).flatMap { _ in [200, 100, 50] as [UInt8] })
    let small = try OnePicture(picture: wide).thumbnail(at: 0, side: 40)
    #expect(small.width == 40 && small.height == 10 && small.color == .rgb)
    #expect(Array(small.bytes.prefix(3)) == [200, 100, 50])
    let line = Image(width: 100, height: 1, gray: [UInt8](repeating: 9, count: 100))
    #expect(try OnePicture(picture: line).thumbnail(at: 0, side: 10).height == 1)
    let gray = Image(width: 3, height: 2, gray: [0, 50, 100, 150, 200, 255])
    let same = try OnePicture(picture: gray).thumbnail(at: 0, side: 40)
    #expect(same.bytes == [0, 50, 100, 150, 200, 255])
  }
}
