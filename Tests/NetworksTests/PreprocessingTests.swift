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

  @Test("What prepares images may be stored with a network of that input")
  func stored() throws {
    var preprocessing = Preprocessing.imageNet(size: 32)
    let network = try network(preprocessing.shape)
    // A crop larger than the resized image is padded; a stretch has no use for the shorter side.
    for (resize, side) in [(Preprocessing.Resize.centerCrop, 8), (.stretch, 1), (.stretch, 70_000)]
    {
      (preprocessing.resize, preprocessing.resizeShorterSide) = (resize, side)
      try preprocessing.validate()
      try preprocessing.validate(for: network)
    }
    preprocessing.std[1] = 0
    expectRefusal("std") { try preprocessing.validate(for: network) }
  }

  @Test("A network of other channels may store preprocessing that no image goes through")
  func otherChannels() throws {
    let network = try network(TensorShape(channels: 5, height: 8, width: 8))
    let usual = Preprocessing.usual(for: network)
    try usual.validate(for: network)
    expectRefusal("channels") { try usual.validate() }
    expectRefusal("height") {
      try Preprocessing(channels: 5, height: 9, width: 8).validate(for: network)
    }
  }

  @Test("ImageNet's is usual for its classes, and for colour networks that were trained elsewhere")
  func usualForNetwork() throws {
    let color = try network(TensorShape(channels: 3, height: 32, width: 32))
    #expect(Preprocessing.usual(for: color) == Preprocessing(channels: 3, height: 32, width: 32))
    #expect(Preprocessing.usual(for: color, trainedElsewhere: true) == .imageNet(size: 32))
    let imageNet = try Variant.named("resnet18-imagenet").network()
    #expect(Preprocessing.usual(for: imageNet) == .imageNet())
    let gray = try network(TensorShape(channels: 1, height: 32, width: 32))
    #expect(Preprocessing.usual(for: gray, trainedElsewhere: true).resize == .stretch)
  }

  private func network(_ input: TensorShape) throws -> Network {
    let builder = NetworkBuilder(
      "net", channels: input.channels, height: input.height, width: input.width)
    return try builder.network(output: builder.input.flatten().linear("fc", 10))
  }

  private func expectRefusal(_ preprocessing: Preprocessing, _ attribute: String) {
    expectRefusal(attribute) { try preprocessing.validate() }
  }

  private func expectRefusal(_ attribute: String, _ check: () throws -> Void) {
    let error = #expect(throws: NetworkError.self) { try check() }
    guard case .invalidPreprocessing(attribute, _, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
