internal import Datasets
internal import Networks
internal import Tensors

/// The filters of a network's first convolution, to look at.
struct FilterPictures {
  /// The node's name.
  let node: String
  /// One picture a filter, its taps as pixels: gray, or the colours of an RGB input.
  let pictures: [Picture]

  /// As many as are shown.
  static let limit = 256

  /// - Returns: nil where no convolution reads the input, or its filters have one tap.
  init?(_ network: Network, _ weights: Weights) {
    guard let first = network.inputConvolution, let tensor = weights[first.name, .weight],
      tensor.shape.count == 4,
      tensor.shape[2] * tensor.shape[3] > 1
    else { return nil }
    node = first.name
    let (channels, height, width) = (tensor.shape[1], tensor.shape[2], tensor.shape[3])
    let size = channels * height * width
    pictures = tensor.withFloats { values in
      (0..<min(tensor.shape[0], Self.limit)).map { filter in
        Self.picture(
          UnsafeBufferPointer(rebasing: values[filter * size..<(filter + 1) * size]),
          channels: channels, height: height, width: width)
      }
    }
  }

  /// Zero is middle gray, the filter's largest magnitude black or white.
  private static func picture(
    _ filter: UnsafeBufferPointer<Float>, channels: Int, height: Int, width: Int
  ) -> Picture {
    let shown = channels == 3 ? 3 : 1
    let area = height * width
    let peak = max(filter.lazy.map(abs).max() ?? 0, .leastNormalMagnitude)
    var bytes = [UInt8](repeating: 0, count: shown * area)
    for tap in 0..<area {
      for channel in 0..<shown {
        // Other inputs than gray and RGB have no colours: the mean of their channels stands for them.
        let parts = shown == channels ? channel..<channel + 1 : 0..<channels
        // Shares of the peak first: sums of large weights would overflow.
        let value = parts.reduce(Float(0)) { $0 + filter[$1 * area + tap] / peak }
        let share = min(max(value / Float(parts.count), -1), 1)
        bytes[tap * shown + channel] = UInt8((127.5 + 127.5 * share).rounded())
      }
    }
    return Picture(width: width, height: height, channels: shown, bytes: bytes)
  }
}
