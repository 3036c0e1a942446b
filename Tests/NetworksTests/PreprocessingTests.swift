import Foundation
import Networks
import Testing

@Suite("Preprocessing") struct PreprocessingTests {
  @Test("Fashion-MNIST's and ImageNet's are valid and survive JSON")
  func usual() throws {
    let gray = Preprocessing(channels: 1, height: 224, width: 224)
    let color = Preprocessing.imageNet()
    #expect(color.resizeShorterSide == 256 && color.resize == .centerCrop)
    #expect(color.shape.dimensions == [3, 224, 224])
    for preprocessing in [gray, color, .imageNet(size: 1), .imageNet(size: 96)] {
      try preprocessing.validate()
      let json = try JSONEncoder().encode(preprocessing)
      #expect(try JSONDecoder().decode(Preprocessing.self, from: json) == preprocessing)
    }
  }

  @Test("A size beyond arithmetic is refused, not a trap")
  func huge() {
    #expect(throws: NetworkError.self) { try Preprocessing.imageNet(size: .max).validate() }
  }

  @Test(
    "Values without meaning are refused with the attribute's name",
    arguments: [
      ("channels", \.channels, 2), ("height", \.height, 0), ("width", \.width, 1 << 40),
      ("resize_shorter_side", \.resizeShorterSide, 0),
      ("resize_shorter_side", \.resizeShorterSide, .max),
    ] as [(String, WritableKeyPath<Preprocessing, Int> & Sendable, Int)])
  func integers(
    attribute: String, path: WritableKeyPath<Preprocessing, Int> & Sendable, value: Int
  ) {
    var preprocessing = Preprocessing.imageNet()
    preprocessing[keyPath: path] = value
    expectRefusal(preprocessing, attribute)
  }

  @Test(
    "Colours without meaning are refused with the attribute's name",
    arguments: [
      ("mean", \.mean, [0]), ("mean", \.mean, [0, .infinity, 0]), ("std", \.std, [1, 1, 0]),
      ("std", \.std, []), ("background", \.background, [.nan, 0, 0]),
    ] as [(String, WritableKeyPath<Preprocessing, [Float]> & Sendable, [Float])])
  func colors(
    attribute: String, path: WritableKeyPath<Preprocessing, [Float]> & Sendable, value: [Float]
  ) {
    var preprocessing = Preprocessing.imageNet()
    preprocessing[keyPath: path] = value
    expectRefusal(preprocessing, attribute)
  }

  @Test("The scale is positive and finite", arguments: [0, -1, Float.nan, .infinity])
  func scale(value: Float) {
    var preprocessing = Preprocessing.imageNet()
    preprocessing.scale = value
    expectRefusal(preprocessing, "scale")
  }

  private func expectRefusal(_ preprocessing: Preprocessing, _ attribute: String) {
    let error = #expect(throws: NetworkError.self) { try preprocessing.validate() }
    guard case .invalidPreprocessing(attribute, _, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
