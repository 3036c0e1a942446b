import Datasets
import Images
import Testing

/// Gray images of one pixel, the index its value.
struct NumberedImages: ImageDataset {
  let count: Int
  let source = "numbers"
  let channels = 1
  let classNames = ["even", "odd"]
  /// An image that cannot be read.
  var broken: Int?

  func label(at index: Int) -> Int { index % 2 }

  func image(at index: Int) throws -> Image {
    if index == broken { throw ImageError.empty(source: "\(index)") }
    return Image(width: 1, height: 1, gray: [UInt8(index)])
  }
}

@Suite("Parts of a data set") struct SubsetTests {
  @Test("A prefix is the first images")
  func prefix() throws {
    let set = NumberedImages(count: 10)
    #expect(set.prefix(3).count == 3)
    #expect(set.prefix(30).count == 10)
    #expect(try set.prefix(3).image(at: 2).bytes == [2])
    #expect(set.prefix(3).label(at: 1) == 1 && set.prefix(3).classNames == ["even", "odd"])
  }

  @Test("A split gives every image to one part, in the order of the file")
  func split() throws {
    let set = NumberedImages(count: 100)
    let (rest, part) = try set.split(fraction: 0.25, seed: 3)
    func values(_ set: any ImageDataset) throws -> [UInt8] {
      try (0..<set.count).map { try set.image(at: $0).bytes[0] }
    }
    #expect(rest.count == 75 && part.count == 25)
    let (first, second) = (try values(rest), try values(part))
    #expect(first == first.sorted() && second == second.sorted())
    #expect((first + second).sorted() == Array(0..<100))
  }

  @Test("A split that leaves a part empty is refused", arguments: [0, 1, -0.5, 2, .nan, 0.999])
  func refused(fraction: Double) {
    #expect(throws: DatasetError.self) {
      try NumberedImages(count: 10).split(fraction: fraction, seed: 0)
    }
  }
}
