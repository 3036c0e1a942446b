/// How an image becomes the network's input: the contract that trainer, runtime and exporter share.
///
/// Decode (alpha composited over `background`), multiply by `scale`, resize with no rounding in
/// between, then `(value − mean[c]) / std[c]`. Resizing is bilinear with half-pixel centres,
/// antialiased where it shrinks. `Images` does the work.
public struct Preprocessing: Hashable, Sendable {
  /// How an image of another size is brought to `height`×`width`.
  public enum Resize: String, Codable, Hashable, Sendable, CaseIterable {
    /// Each axis by a factor of its own.
    case stretch
    /// The shorter side to `resizeShorterSide`, then the centre.
    case centerCrop = "center-crop"
  }

  /// `C`: 1 for gray, 3 for red, green, blue.
  public var channels: Int
  /// `H` of the tensor.
  public var height: Int
  /// `W` of the tensor.
  public var width: Int
  /// What a byte (0…255) is multiplied by.
  public var scale: Float
  /// Subtracted per channel, in the scaled unit.
  public var mean: [Float]
  /// Divided by per channel, in the scaled unit.
  public var std: [Float]
  /// The colour behind transparent pixels per channel, in the scaled unit.
  public var background: [Float]
  /// How an image of another size is brought to the tensor's.
  public var resize: Resize
  /// For `centerCrop`: the length of the shorter side before the crop, in pixels.
  public var resizeShorterSide: Int
  /// Whether bytes are inverted (255 − value) before all else: for dark-on-white photographs.
  public var invert: Bool

  /// Preprocessing; every argument but the shape has Fashion-MNIST's value.
  public init(
    channels: Int, height: Int, width: Int, scale: Float = 1 / 255, mean: [Float]? = nil,
    std: [Float]? = nil, background: [Float]? = nil, resize: Resize = .stretch,
    resizeShorterSide: Int? = nil, invert: Bool = false
  ) {
    self.channels = channels
    self.height = height
    self.width = width
    self.scale = scale
    self.mean = mean ?? Array(repeating: 0, count: channels)
    self.std = std ?? Array(repeating: 1, count: channels)
    self.background = background ?? Array(repeating: 0, count: channels)
    self.resize = resize
    self.resizeShorterSide = resizeShorterSide ?? min(height, width)
    self.invert = invert
  }

  /// ImageNet's: the shorter side to 256 (for 224), the centre, and the usual mean and deviation.
  ///
  /// - Parameter size: Height and width of the tensor.
  /// - Returns: Preprocessing of three channels.
  public static func imageNet(size: Int = 224) -> Preprocessing {
    let (scaled, overflow) = size.multipliedReportingOverflow(by: 256)
    return Preprocessing(
      channels: 3, height: size, width: size, mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225], resize: .centerCrop,
      resizeShorterSide: overflow ? size : scaled / 224)
  }

  /// The default of a network that nothing else is known of: ImageNet's for a square input of three
  /// channels and ImageNet's 1000 classes, else a stretch to the input and bytes scaled to 0…1.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - trainedElsewhere: Whether its weights come from another program: these begin with ImageNet's
  ///     weights as a rule, whatever the number of classes, so that every square input of three
  ///     channels gets ImageNet's preprocessing.
  /// - Returns: Preprocessing of the network's input shape.
  public static func usual(
    for network: Network, trainedElsewhere: Bool = false
  ) -> Preprocessing {
    let input = network.input
    if input.channels == 3, input.height == input.width,
      trainedElsewhere || network.classCount == 1000
    {
      return imageNet(size: input.height)
    }
    return Preprocessing(channels: input.channels, height: input.height, width: input.width)
  }

  /// The shape of the tensor that this preprocessing makes.
  public var shape: TensorShape { TensorShape(channels: channels, height: height, width: width) }
}

extension Preprocessing: Codable {
  /// The names of the checkpoint's attributes.
  public enum CodingKeys: String, CodingKey {
    /// See the properties of the same names.
    case channels, height, width, scale, mean, std, background, resize, invert
    /// `resize_shorter_side`.
    case resizeShorterSide = "resize_shorter_side"
  }
}
