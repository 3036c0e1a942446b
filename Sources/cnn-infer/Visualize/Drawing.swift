import Images
import Inference
import Networks
import Tensors

/// How values of a network are drawn.
enum Drawing {
  /// The most pixels that a grid is wide, about.
  private static let gridWidth = 1000
  /// More maps than that show less.
  static let mapLimit = 64

  /// The network's input as it was before normalisation, enlarged.
  static func input(_ values: [Float], _ preprocessing: Preprocessing, factor: Int) -> Picture {
    let (width, height) = (preprocessing.width, preprocessing.height)
    let area = width * height
    return Picture(width: width * factor, height: height * factor) { x, y in
      let place = y / factor * width + x / factor
      let shares = (0..<preprocessing.channels).map { channel in
        let value = values[channel * area + place]
        return (value * preprocessing.std[channel] + preprocessing.mean[channel])
          / preprocessing.scale / 255
      }
      return Color(shares[0], shares[shares.count / 2], shares[shares.count - 1])
    }
  }

  /// The pixels that a pixel of the input is drawn with.
  static func factor(of preprocessing: Preprocessing) -> Int {
    max(1, 448 / max(preprocessing.height, preprocessing.width))
  }

  /// A layer's filters `[O, I, kH, kW]`, each on its own scale with 0 in the middle gray; three input
  /// channels as colours, of other numbers the first.
  static func filters(_ weight: Tensor) -> Picture {
    let shape = weight.shape
    let (channels, height, width) = (shape[1], shape[2], shape[3])
    let values = weight.floats
    let area = height * width
    let (columns, factor) = layout(of: shape[0], side: max(height, width))
    let tiles = (0..<shape[0]).map { filter in
      let part = values[filter * channels * area..<(filter + 1) * channels * area]
      let largest = part.reduce(Float.leastNormalMagnitude) { max($0, abs($1)) }
      return Picture(width: width * factor, height: height * factor) { x, y in
        let place = part.startIndex + y / factor * width + x / factor
        func share(_ channel: Int) -> Float {
          0.5 + 0.5 * part[place + (channels == 3 ? channel : 0) * area] / largest
        }
        return Color(share(0), share(1), share(2))
      }
    }
    return Picture.grid(tiles, columns: columns, gap: 6)
  }

  /// Maps of a value `[C, H, W]`, each from its own least value in black to its greatest in yellow;
  /// if there are too many, the most active ones.
  ///
  /// - Returns: The picture, and the channels that it shows in their order.
  static func maps(_ values: [Float], _ shape: TensorShape) -> (picture: Picture, channels: [Int]) {
    let (height, width) = (shape.height, shape.width)
    let area = height * width
    let channels = mostActive(values, shape, count: mapLimit)
    let (columns, factor) = layout(of: channels.count, side: max(height, width))
    let span = (values.max() ?? 0) - (values.min() ?? 0)
    let tiles = channels.map { channel in
      let map = values[channel * area..<(channel + 1) * area]
      let low = map.min() ?? 0
      // A map that hardly answers stays dark: its noise is not blown up.
      let range = max((map.max() ?? 0) - low, span / 20, .leastNormalMagnitude)
      return Picture(width: width * factor, height: height * factor) { x, y in
        Color.heat((map[map.startIndex + y / factor * width + x / factor] - low) / range)
      }
    }
    return (Picture.grid(tiles, columns: columns, gap: 6), channels)
  }

  /// Where the evidence for a class lies, over the input in gray.
  static func overlay(
    _ map: [Float], on input: Picture, _ preprocessing: Preprocessing
  ) -> Picture {
    let heat = Bilinear.enlarged(
      map, height: preprocessing.height, width: preprocessing.width, toHeight: input.height,
      toWidth: input.width)
    // Where all places speak for the class, those that say most are shown.
    let least = max(heat.min() ?? 0, 0)
    let range = max((heat.max() ?? 0) - least, .leastNormalMagnitude)
    return Picture(width: input.width, height: input.height) { x, y in
      let pixel = input[x, y]
      let light =
        (0.299 * Float(pixel.red) + 0.587 * Float(pixel.green) + 0.114 * Float(pixel.blue)) / 255
      let value = max(heat[y * input.width + x] - least, 0) / range
      // Dimmed, so that yellow and red stand out on black and on white.
      return Color(light * 0.8, light * 0.8, light * 0.8)
        .blended(with: Color(1, 0.85 * (1 - value), 0), share: 0.8 * min(1, 1.5 * value))
    }
  }

  /// The channels whose values vary most, in their order.
  private static func mostActive(
    _ values: [Float], _ shape: TensorShape, count: Int
  ) -> [Int] {
    guard shape.channels > count else { return Array(0..<shape.channels) }
    let area = shape.height * shape.width
    let energy = (0..<shape.channels).map { channel in
      let part = values[channel * area..<(channel + 1) * area]
      let mean = part.reduce(0, +) / Float(area)
      return part.reduce(Float(0)) { $0 + ($1 - mean) * ($1 - mean) }
    }
    return Softmax.top(energy, count: count).sorted()
  }

  /// Tiles in a row, and the pixels that a value is drawn with: a grid without a ragged end where one
  /// is near to twice as wide as high.
  private static func layout(of count: Int, side: Int) -> (columns: Int, factor: Int) {
    let square = Int(Float(max(count, 1)).squareRoot().rounded(.up))
    let fitting = max(1, gridWidth / (side + 6))
    let wanted = count <= 8 ? count : (square...2 * square).first { count % $0 == 0 } ?? square
    let columns = min(wanted, fitting)
    let tile = min(160, gridWidth / columns - 6)
    return (columns, max(1, tile / side))
  }
}
