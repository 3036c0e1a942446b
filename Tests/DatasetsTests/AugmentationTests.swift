import Datasets
import Images
import Networks
import Testing

/// One image again and again: 16×16, each pixel another value above zero.
private struct OneImage: ImageDataset {
  let count: Int
  let source = "one"
  let channels = 1
  let classNames = ["only"]
  func label(at index: Int) -> Int { 0 }
  func image(at index: Int) -> Image {
    Image(width: 16, height: 16, gray: (0..<256).map { UInt8(max($0, 1)) })
  }
}

@Suite("Augmentation") struct AugmentationTests {
  private let preprocessing = Preprocessing(channels: 1, height: 16, width: 16, scale: 1)

  private func load(
    count: Int = 200, start: Int = 0, seed: UInt64 = 1, epoch: Int = 0, workers: Int = 1
  ) throws -> [[Float]] {
    let loader = try BatchLoader(
      dataset: OneImage(count: count), preprocessing: preprocessing, batchSize: 7,
      startingAt: start, augmentation: .flipCrop, seed: seed, epoch: epoch, workers: workers)
    var images: [[Float]] = []
    while let batch = try loader.next() {
      batch.withInputs { inputs in
        for image in 0..<batch.count {
          images.append(Array(inputs[image * 256..<(image + 1) * 256]))
        }
      }
    }
    return images
  }

  @Test("Each image is a flip or not, shifted by at most an eighth, with background behind")
  func shapes() throws {
    let source = OneImage(count: 1).image(at: 0).bytes.map(Float.init)
    var variants: Set<[Float]> = []
    for flips in [false, true] {
      for down in -2...2 {
        for right in -2...2 {
          variants.insert(
            (0..<256).map { position in
              let (y, x) = (position / 16 + down, position % 16 + right)
              guard (0..<16).contains(y), (0..<16).contains(x) else { return 0 }
              return source[y * 16 + (flips ? 15 - x : x)]
            })
        }
      }
    }
    let images = try load(count: 1000)
    #expect(images.allSatisfy(variants.contains))
    #expect(Set(images) == variants)  // each of 50 is missed with a probability below 2⁻²⁹
  }

  @Test("Neither threads nor the place of resuming change an image")
  func independent() throws {
    let all = try load()
    #expect(try load(workers: 2) == all)
    #expect(try load(start: 50) == Array(all[50...]))
  }

  @Test("Seed and epoch change the images")
  func seeds() throws {
    let all = try load()
    #expect(try load(seed: 2) != all)
    #expect(try load(epoch: 1) != all)
  }
}
