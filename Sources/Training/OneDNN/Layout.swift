internal import COneDNN

/// oneDNN's memory descriptor: extents, element type and physical order of a tensor.
///
/// A value type that is copied freely; oneDNN never keeps a pointer to it.
struct Layout {
  /// What a tensor's elements are.
  enum Element {
    case float32, bfloat16

    var code: dnnl_data_type_t {
      switch self {
      case .float32: dnnl_f32
      case .bfloat16: dnnl_bf16
      }
    }
  }

  var descriptor: dnnl_memory_desc_t

  /// oneDNN chooses the order.
  static func any(_ extents: [Int], _ element: Element = .float32) throws -> Layout {
    try Layout(extents, tag: dnnl_format_tag_any, element)
  }

  /// Row-major, outermost axis first.
  static func plain(_ extents: [Int], _ element: Element = .float32) throws -> Layout {
    let tags = [
      dnnl_a, dnnl_ab, dnnl_abc, dnnl_abcd, dnnl_abcde,
    ]
    return try Layout(extents, tag: tags[extents.count - 1], element)
  }

  init(_ extents: [Int], tag: dnnl_format_tag_t, _ element: Element = .float32) throws {
    descriptor = dnnl_memory_desc_t()
    let dimensions = extents.map { dnnl_dim_t($0) }
    try check(
      cnn_layout_by_tag(
        &descriptor, Int32(extents.count), dimensions, element.code, tag), "memory descriptor")
  }

  /// Floats with strides between the elements along each axis.
  init(_ extents: [Int], strides: [Int]) throws {
    descriptor = dnnl_memory_desc_t()
    let dimensions = extents.map { dnnl_dim_t($0) }
    let steps = strides.map { dnnl_dim_t($0) }
    try check(
      cnn_layout_by_strides(&descriptor, Int32(extents.count), dimensions, dnnl_f32, steps),
      "memory descriptor")
  }

  /// What the elements are; workspaces and scratchpads of other types count as floats.
  var element: Element {
    cnn_layout_type(descriptor) == dnnl_bf16 ? .bfloat16 : .float32
  }

  /// The same physical order of other elements.
  func of(_ element: Element) -> Layout {
    Layout(cnn_layout_retyped(descriptor, element.code))
  }

  init(_ descriptor: dnnl_memory_desc_t) { self.descriptor = descriptor }

  /// Bytes, padding included.
  var byteCount: Int {
    cnn_layout_size(descriptor)
  }

  var rank: Int { Int(cnn_layout_rank(descriptor)) }

  var extents: [Int] { (0..<rank).map { Int(cnn_layout_extent(descriptor, Int32($0))) } }

  /// Whether the order is row-major, not channels in blocks of 8 or 16.
  var isPlain: Bool {
    guard let plain = try? Layout.plain(extents, element) else { return false }
    return self == plain
  }

  /// The tag of a feature map whose channels lie together, all of them or in blocks; nil for other
  /// orders.
  var channelTag: dnnl_format_tag_t? {
    guard rank == 4, !isPlain else { return nil }
    let tags = [dnnl_nChw16c, dnnl_nChw8c, dnnl_nhwc]
    return tags.first { (try? Layout(extents, tag: $0, element)) == self }
  }

  /// Whether two descriptions of 16 channels that lie together put elements in the same places: all
  /// channels, and one block of 16.
  func hasOrder(of other: Layout) -> Bool {
    let tags = [dnnl_nChw16c, dnnl_nhwc]
    guard let tag = channelTag, let otherTag = other.channelTag else { return false }
    return element == other.element && extents == other.extents && extents[1] == 16
      && tags.contains(tag) && tags.contains(otherTag)
  }

  /// The part of a tensor of this layout that starts at `offsets`; nil where blocks are cut.
  func part(_ extents: [Int], at offsets: [Int]) -> Layout? {
    var result = dnnl_memory_desc_t()
    let dimensions = extents.map { dnnl_dim_t($0) }
    let starts = offsets.map { dnnl_dim_t($0) }
    let status = cnn_layout_part(&result, descriptor, dimensions, starts)
    return status == dnnl_success ? Layout(result) : nil
  }
}

extension Layout: Equatable {
  static func == (left: Layout, right: Layout) -> Bool {
    cnn_layout_equal(left.descriptor, right.descriptor) != 0
  }
}
