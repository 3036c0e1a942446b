internal import COneDNN

/// Feature maps of either type whose channels lie together, all of them or 16 at a time, for kernels that
/// take blocks of 16.
struct ChannelBlocks {
  let memory: Memory
  let isBFloat16: Bool
  /// Elements from one pixel of a block to the next.
  let pixelStride: Int
  private let imageStride, blockStride: Int

  /// Maps of blocks, each by itself: `[N][C / 16][H][W][16]`.
  static func layout(_ extents: [Int], _ element: Layout.Element = .float32) throws -> Layout {
    try Layout(extents, tag: dnnl_nChw16c, element)
  }

  /// Whether maps lie so.
  static func fit(_ layout: Layout) -> Bool {
    [dnnl_nChw16c, dnnl_nhwc].contains(layout.channelTag) && layout.extents[1] % 16 == 0
  }

  /// - Throws: `TrainingError.oneDNN` for other orders.
  init(_ maps: Memory, node: String) throws {
    memory = try unwrap(Self.fit(maps.layout) ? maps : nil, "blocks of channels", node: node)
    isBFloat16 = maps.layout.element == .bfloat16
    let (channels, plane) = (
      maps.layout.extents[1], maps.layout.extents[2] * maps.layout.extents[3]
    )
    let isBlocked = maps.layout.channelTag == dnnl_nChw16c
    pixelStride = isBlocked ? 16 : channels
    imageStride = channels * plane
    blockStride = isBlocked ? plane * 16 : 16
  }

  /// The first pixel of a block of an image.
  func address(image: Int, block: Int) -> UnsafeMutableRawPointer {
    let element = image * imageStride + block * blockStride
    return memory.buffer.address + element * (isBFloat16 ? 2 : 4)
  }
}

extension GraphBuilder {
  /// Feature maps where kernels for blocks of channels read them: themselves, or a copy.
  func inChannelBlocks(_ maps: Memory, node: String) throws -> Memory {
    guard !ChannelBlocks.fit(maps.layout) else { return maps }
    let layout = try ChannelBlocks.layout(maps.layout.extents, maps.layout.element)
    return try reordered(maps, to: layout, node: node)
  }
}
