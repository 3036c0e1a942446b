import Datasets
import Images
import Networks
import TestSupport
import Testing

@Suite("Loading batches") struct BatchLoaderTests {
  private let pixel = Preprocessing(channels: 1, height: 1, width: 1, scale: 1)

  private struct Loaded: Equatable {
    var inputs: [Float] = []
    var labels: [Int32] = []
    var sizes: [Int] = []
    var indices: [Int] = []
  }

  private func load(_ loader: BatchLoader) throws -> Loaded {
    var all = Loaded()
    while let batch = try loader.next() {
      all.inputs += batch.withInputs { Array($0) }
      all.labels += batch.labels
      all.sizes.append(batch.count)
      all.indices += batch.indices
    }
    return all
  }

  @Test("Batches follow the order, the last one smaller", arguments: [1, 2, 3])
  func order(workers: Int) throws {
    let order = CounterRandom.epochOrder(count: 100, seed: 1, epoch: 0)
    let loader = try BatchLoader(
      dataset: NumberedImages(count: 100), preprocessing: pixel, batchSize: 16, order: order,
      ahead: 3, workers: workers)
    let all = try load(loader)
    #expect(all.inputs == order.map(Float.init) && all.indices == order)
    #expect(all.labels == order.map { Int32($0 % 2) })
    #expect(all.sizes == [16, 16, 16, 16, 16, 16, 4])
    #expect(try loader.next() == nil)
  }

  @Test("A run that resumes sees what is left", arguments: [0, 1, 32, 99, 100, 101])
  func resume(start: Int) throws {
    let loader = try BatchLoader(
      dataset: NumberedImages(count: 100), preprocessing: pixel, batchSize: 32,
      startingAt: start)
    #expect(try load(loader).inputs == (0..<100).dropFirst(start).map(Float.init))
  }

  @Test("The images are aligned for vector instructions")
  func alignment() throws {
    let loader = try BatchLoader(
      dataset: NumberedImages(count: 9), preprocessing: pixel, batchSize: 3)
    while let batch = try loader.next() {
      batch.withInputs { #expect(UInt(bitPattern: $0.baseAddress) % 64 == 0) }
    }
  }

  @Test("Batches that are kept stay as they are while others are loaded")
  func kept() throws {
    let loader = try BatchLoader(
      dataset: NumberedImages(count: 64), preprocessing: pixel, batchSize: 4, ahead: 2, workers: 2)
    var batches: [Batch] = []
    while let batch = try loader.next() { batches.append(batch) }
    for (number, batch) in batches.enumerated() {
      #expect(batch.withInputs { Array($0) } == (4 * number..<4 * number + 4).map(Float.init))
    }
  }

  @Test("An image that cannot be read fails its batch, after those before it", arguments: [1, 2])
  func failure(workers: Int) throws {
    let loader = try BatchLoader(
      dataset: NumberedImages(count: 40, broken: 25), preprocessing: pixel, batchSize: 10,
      workers: workers)
    #expect(try loader.next()?.count == 10)
    #expect(try loader.next()?.count == 10)
    for _ in 0..<2 {
      #expect(throws: ImageError.empty(source: "25")) { try loader.next() }
    }
  }

  @Test("A loader that is left early ends its threads")
  func abandoned() throws {
    let firsts = try Watchdog.run { [pixel] watchdog in
      try (0..<50).map { _ in
        watchdog.feed()
        let loader = try BatchLoader(
          dataset: NumberedImages(count: 200), preprocessing: pixel, batchSize: 1, ahead: 4,
          workers: 3)
        return try loader.next()?.indices
      }
    }
    #expect(firsts == Array(repeating: [0], count: 50))
  }

  @Test("A batch outlives its loader")
  func outlives() throws {
    var loader: BatchLoader? = try BatchLoader(
      dataset: NumberedImages(count: 20), preprocessing: pixel, batchSize: 5)
    let batch = try loader?.next()
    loader = nil
    #expect(batch?.withInputs { Array($0) } == [0, 1, 2, 3, 4])
  }

  @Test("Preprocessing without a meaning is refused before a thread starts")
  func invalid() {
    var invalid = pixel
    invalid.std = [0]
    #expect(throws: NetworkError.self) {
      try BatchLoader(
        dataset: NumberedImages(count: 1), preprocessing: invalid, batchSize: 1)
    }
  }
}
