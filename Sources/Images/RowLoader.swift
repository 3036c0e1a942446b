import Networks

/// Turns one row of an image into planes of floats in the scaled unit: inversion, colour, scale and
/// compositing.
struct RowLoader {
  /// Zeros behind each plane, so that eight floats may be read from any position.
  static let padding = 8

  let preprocessing: Preprocessing
  let image: Image

  /// The distance from one plane to the next.
  var planeStride: Int { image.width + Self.padding }

  /// Loads a row.
  ///
  /// - Parameters:
  ///   - row: From 0 to the height, exclusive.
  ///   - planes: `channels` planes, `planeStride` apart.
  func load(row: Int, into planes: UnsafeMutableBufferPointer<Float>) {
    let rowStart = row * image.width * image.samplesPerPixel
    switch image.samples {
    case .bytes(let samples):
      samples.withUnsafeBufferPointer { load($0, from: rowStart, maximum: 255, into: planes) }
    case .words(let samples):
      samples.withUnsafeBufferPointer { load($0, from: rowStart, maximum: 65535, into: planes) }
    }
  }

  @inline(__always)
  private func load<Sample: FixedWidthInteger & UnsignedInteger>(
    _ samples: UnsafeBufferPointer<Sample>, from start: Int, maximum: Float,
    into planes: UnsafeMutableBufferPointer<Float>
  ) {
    let step = image.samplesPerPixel
    for channel in 0..<preprocessing.channels {
      let plane = UnsafeMutableBufferPointer(
        rebasing: planes[channel * planeStride..<(channel + 1) * planeStride])
      for index in image.width..<planeStride { plane[index] = 0 }
      if image.color == .rgb && preprocessing.channels == 1 {
        loadLuma(samples, from: start, step: step, into: plane)
      } else {
        let first = start + (image.color == .rgb ? channel : 0)
        for x in 0..<image.width { plane[x] = Float(samples[first + x * step]) }
      }
      toScaledUnit(plane, maximum: maximum)
      if image.hasAlpha {
        let opacity = start + step - 1
        let background = preprocessing.background[channel]
        for x in 0..<image.width {
          let alpha = Float(samples[opacity + x * step]) / maximum
          plane[x] = alpha * plane[x] + (1 - alpha) * background
        }
      }
    }
  }

  // ITU-R BT.601-7, §2.5.1: the weights of Pillow's convert("L"), without rounding.
  @inline(__always)
  private func loadLuma<Sample: FixedWidthInteger & UnsignedInteger>(
    _ samples: UnsafeBufferPointer<Sample>, from start: Int, step: Int,
    into plane: UnsafeMutableBufferPointer<Float>
  ) {
    for x in 0..<image.width {
      let pixel = start + x * step
      plane[x] =
        0.299 * Float(samples[pixel]) + 0.587 * Float(samples[pixel + 1])
        + 0.114 * Float(samples[pixel + 2])
    }
  }

  // A 16-bit sample is in the unit of bytes when divided by 257 = 65535 / 255.
  private func toScaledUnit(_ plane: UnsafeMutableBufferPointer<Float>, maximum: Float) {
    let unit = preprocessing.scale / (maximum / 255)
    if preprocessing.invert {
      for x in 0..<image.width { plane[x] = (maximum - plane[x]) * unit }
    } else {
      for x in 0..<image.width { plane[x] *= unit }
    }
  }
}
