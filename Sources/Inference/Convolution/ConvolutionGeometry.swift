import Networks

/// The extents of a convolution.
struct ConvolutionGeometry: Sendable, Hashable {
  let input, output: TensorShape
  let attributes: NodeOperation.Convolution

  var groups: Int { attributes.groups }
  /// Input channels of a group.
  var inputChannels: Int { input.channels / groups }
  /// Output channels of a group.
  var outputChannels: Int { output.channels / groups }
  var taps: Int { attributes.kernelSize.height * attributes.kernelSize.width }
  /// The products in one sum.
  var depth: Int { inputChannels * taps }
  var inputPlane: Int { input.height * input.width }
  var outputPlane: Int { output.height * output.width }
}

/// A part of the sums' depth whose rows of B fit the scratch memory.
struct DepthBlock: Sendable, Hashable {
  let channels, taps: Range<Int>

  var count: Int { channels.count * taps.count }

  /// The blocks of a depth, whole channels where one fits `limit`.
  static func blocks(channels: Int, taps: Int, limit: Int) -> [DepthBlock] {
    let channelSplit = split(channels, into: max(1, limit / taps))
    let tapSplit = split(taps, into: limit)
    return channelSplit.flatMap { channels in
      tapSplit.map { DepthBlock(channels: channels, taps: $0) }
    }
  }

  /// Nearly equal ranges, none longer than `limit`.
  private static func split(_ count: Int, into limit: Int) -> [Range<Int>] {
    let parts = (count + limit - 1) / limit
    return (0..<parts).map { $0 * count / parts..<($0 + 1) * count / parts }
  }
}
