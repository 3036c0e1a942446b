import Images
import Reports
import Testing

@Suite("Pictures")
struct PictureTests {
  private func gray(_ pictures: [Picture]) -> [[[UInt8]]] {
    pictures.map { picture in
      (0..<picture.height).map { y in (0..<picture.width).map { picture[$0, y].red } }
    }
  }

  @Test("A filter is on a scale of its own, with zero in the middle")
  func filters() {
    let pictures = FilterPictures.pictures([2, -2, 0, 1, 0.5, 0, 0, 0], shape: [2, 1, 2, 2])
    #expect(gray(pictures) == [[[255, 0], [128, 191]], [[255, 128], [128, 128]]])
    #expect(FilterPictures.pictures([1, 2], shape: [2, 1, 1, 1], limit: 1).count == 1)
  }

  @Test("Three channels are colours, two are averaged")
  func channels() {
    let colours = FilterPictures.pictures([1, -1, 0], shape: [1, 3, 1, 1])
    #expect(colours[0][0, 0] == Color(red: 255, green: 0, blue: 128))
    #expect(gray(FilterPictures.pictures([1, 0], shape: [1, 2, 1, 1])) == [[[191]]])
  }

  @Test("Values that are not finite, and filters of zeros, are drawn")
  func extremes() {
    let huge = Float.greatestFiniteMagnitude
    #expect(gray(FilterPictures.pictures([huge, huge], shape: [1, 2, 1, 1])) == [[[255]]])
    #expect(gray(FilterPictures.pictures([.nan], shape: [1, 1, 1, 1])) == [[[0]]])
    #expect(gray(FilterPictures.pictures([0], shape: [1, 1, 1, 1])) == [[[128]]])
    #expect(gray(FilterPictures.pictures([.infinity, 1], shape: [1, 1, 1, 2])) == [[[0, 128]]])
  }

  @Test("Tiles of a grid are apart by white lines, and enlarged pixels are squares")
  func grid() {
    let black = Color(red: 0, green: 0, blue: 0)
    let tile = Picture(width: 1, height: 1) { _, _ in black }.enlarged(2)
    let grid = Picture.grid([tile, tile, tile], columns: 2, gap: 1)
    #expect(
      gray([grid])[0].map { row in row.map { $0 == 0 ? "#" : "." }.joined() }
        == ["##.##", "##.##", ".....", "##...", "##..."])
  }
}
