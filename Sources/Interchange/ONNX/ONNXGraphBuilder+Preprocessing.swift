import Networks

extension ONNXGraphBuilder {
  /// Adds the checkpoint's preprocessing, from bytes `image` to floats `input`: inversion, scale,
  /// antialiased bilinear resizing with half-pixel centres, crop, mean and deviation. The image has
  /// the network's channels; compositing over a background comes before.
  mutating func addPreprocessing() throws {
    let settings = checkpoint.preprocessing
    guard
      settings.resize == .stretch
        || settings.resizeShorterSide >= max(settings.height, settings.width)
    else {
      throw InterchangeError.notExportable(
        node: Self.image,
        reason: "the shorter side \(settings.resizeShorterSide) is below the crop "
          + "\(settings.height)×\(settings.width): export without preprocessing")
    }
    setImageInput(channels: settings.channels)
    var value = "/image/float"
    add("Cast", value, [Self.image], [("to", .integer(ONNXElement.float.rawValue))])
    if settings.invert {
      add("Sub", "/image/inverted", [constant("/image/white", [255], shape: []), value])
      value = "/image/inverted"
    }
    add("Mul", "/image/scaled", [value, constant("/image/scale", [settings.scale], shape: [])])
    let mean = perChannel("mean", settings.mean)
    let std = perChannel("std", settings.std)
    switch settings.resize {
    case .stretch:
      let size = constant("/image/size", [settings.height, settings.width])
      addResize("/image/scaled", to: size)
      add("Sub", "/image/centred", ["/image/resized", mean])
    case .centerCrop:
      addCrop(settings)
      add("Sub", "/image/centred", ["/image/cropped", mean])
    }
    add("Div", Network.inputName, ["/image/centred", std], node: "/image/normalised")
  }

  private mutating func perChannel(_ name: String, _ values: [Float]) -> String {
    constant("/image/\(name)", values, shape: [1, values.count, 1, 1])
  }

  /// `exclude_outside` drops the taps beyond the border, as PIL and torchvision do; without it they
  /// repeat the border's pixels.
  private mutating func addResize(_ value: String, to size: String) {
    // Two empty names: no region of interest, and a size in place of scales.
    add(
      "Resize", "/image/resized", [value, "", "", size],
      [
        ("mode", .string("linear")), ("antialias", .integer(1)), ("exclude_outside", .integer(1)),
        ("coordinate_transformation_mode", .string("half_pixel")), ("axes", .integers([2, 3])),
      ])
  }

  /// torchvision's `Resize` of the shorter side, `⌊side · long / short⌋` for the longer, and
  /// `CenterCrop`, whose first row is half of the excess, halves rounded to even.
  private mutating func addCrop(_ settings: Preprocessing) {
    add(
      "Shape", "/image/extent", ["/image/scaled"], [("start", .integer(2)), ("end", .integer(4))])
    add("ReduceMin", "/image/shorter", ["/image/extent"])
    add(
      "Mul", "/image/product",
      ["/image/extent", constant("/image/side", [settings.resizeShorterSide])])
    add("Div", "/image/size", ["/image/product", "/image/shorter"])
    addResize("/image/scaled", to: "/image/size")
    let two = constant("/image/two", [2])
    let crop = constant("/image/crop", [settings.height, settings.width])
    add("Sub", "/image/excess", ["/image/size", crop])
    add("Div", "/image/half", ["/image/excess", two])
    add("Mod", "/image/odd", ["/image/half", two])
    add("Add", "/image/rounded", ["/image/excess", "/image/odd"])
    add("Div", "/image/start", ["/image/rounded", two])
    add("Add", "/image/end", ["/image/start", crop])
    add(
      "Slice", "/image/cropped",
      ["/image/resized", "/image/start", "/image/end", constant("/image/axes", [2, 3])])
  }
}
