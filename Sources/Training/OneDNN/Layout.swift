internal import COneDNN

/// oneDNN's memory descriptor: extents, element type and physical order of a tensor.
///
/// A value type that is copied freely; oneDNN never keeps a pointer to it.
struct Layout {
  var descriptor: dnnl_memory_desc_t

  /// oneDNN chooses the order.
  static func any(_ extents: [Int]) throws -> Layout {
    try Layout(extents, tag: dnnl_format_tag_any)
  }

  /// Row-major, outermost axis first.
  static func plain(_ extents: [Int]) throws -> Layout {
    let tags = [
      dnnl_a, dnnl_ab, dnnl_abc, dnnl_abcd, dnnl_abcde,
    ]
    return try Layout(extents, tag: tags[extents.count - 1])
  }

  init(_ extents: [Int], tag: dnnl_format_tag_t) throws {
    descriptor = dnnl_memory_desc_t()
    let dimensions = extents.map { dnnl_dim_t($0) }
    try check(
      dnnl_memory_desc_init_by_tag(
        &descriptor, Int32(extents.count), dimensions, dnnl_f32, tag), "memory descriptor")
  }

  init(_ descriptor: dnnl_memory_desc_t) { self.descriptor = descriptor }

  /// Bytes, padding included.
  var byteCount: Int {
    var copy = descriptor
    return dnnl_memory_desc_get_size(&copy)
  }

  var rank: Int { Int(descriptor.ndims) }

  var extents: [Int] {
    withUnsafeBytes(of: descriptor.dims) { bytes in
      bytes.bindMemory(to: dnnl_dim_t.self).prefix(rank).map { Int($0) }
    }
  }

  /// Whether the order is row-major, not channels in blocks of 8 or 16.
  var isPlain: Bool {
    guard let plain = try? Layout.plain(extents) else { return false }
    return self == plain
  }

  /// The part of a tensor of this layout that starts at `offsets`; nil where blocks are cut.
  func part(_ extents: [Int], at offsets: [Int]) -> Layout? {
    var parent = descriptor
    var result = dnnl_memory_desc_t()
    let dimensions = extents.map { dnnl_dim_t($0) }
    let starts = offsets.map { dnnl_dim_t($0) }
    let status = dnnl_memory_desc_init_submemory(&result, &parent, dimensions, starts)
    return status == dnnl_success ? Layout(result) : nil
  }
}

extension Layout: Equatable {
  static func == (left: Layout, right: Layout) -> Bool {
    var left = left.descriptor
    var right = right.descriptor
    return dnnl_memory_desc_equal(&left, &right) != 0
  }
}
