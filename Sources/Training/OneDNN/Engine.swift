internal import COneDNN

/// oneDNN's CPU engine and its one stream. Primitives run in the order they are submitted, each
/// parallel over oneDNN's OpenMP threads.
final class Engine: @unchecked Sendable {
  let handle: dnnl_engine_t
  let stream: dnnl_stream_t
  /// Primitive attributes: the scratchpad is ours.
  let attributes: dnnl_primitive_attr_t

  init() throws {
    var engine: dnnl_engine_t?
    try check(dnnl_engine_create(&engine, dnnl_cpu, 0), "dnnl_engine_create")
    handle = try unwrap(engine, "dnnl_engine_create")
    var stream: dnnl_stream_t?
    let flags = dnnl_stream_default_flags.rawValue
    try check(dnnl_stream_create(&stream, handle, flags), "dnnl_stream_create")
    self.stream = try unwrap(stream, "dnnl_stream_create")
    attributes = try Engine.attributes()
  }

  deinit {
    dnnl_primitive_attr_destroy(attributes)
    dnnl_stream_destroy(stream)
    dnnl_engine_destroy(handle)
  }

  /// Refuses a precision that the processor emulates or lacks.
  func require(_ precision: Recipe.Precision) throws {
    guard !precision.isSupported else { return }
    throw TrainingError.unsupportedPrecision(precision.rawValue, needs: "avx512_bf16")
  }

  /// Attributes with a user scratchpad, and optionally a ReLU fused behind the operation, or the
  /// result added to what the target has.
  static func attributes(
    relu: Bool = false, accumulates: Bool = false
  ) throws -> dnnl_primitive_attr_t {
    var created: dnnl_primitive_attr_t?
    try check(dnnl_primitive_attr_create(&created), "dnnl_primitive_attr_create")
    let attributes = try unwrap(created, "dnnl_primitive_attr_create")
    try check(
      dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user), "scratchpad")
    guard relu || accumulates else { return attributes }
    var operations: dnnl_post_ops_t?
    try check(dnnl_post_ops_create(&operations), "dnnl_post_ops_create")
    defer { dnnl_post_ops_destroy(operations) }
    if accumulates { try check(dnnl_post_ops_append_sum(operations, 1), "post-op sum") }
    if relu {
      try check(
        dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0), "post-op ReLU")
    }
    try check(dnnl_primitive_attr_set_post_ops(attributes, operations), "post-ops")
    return attributes
  }
}

/// The library that trains.
public enum OneDNN {
  /// The version of oneDNN at run time, `2.6.3` say.
  public static var version: String {
    let version = dnnl_version().pointee
    return "\(version.major).\(version.minor).\(version.patch)"
  }
}

extension Recipe.Precision {
  /// Whether this processor has the instructions; bfloat16 needs `avx512_bf16`.
  public var isSupported: Bool {
    switch self {
    case .fp32: true
    case .bf16: cnn_has_isa(dnnl_cpu_isa_avx512_core_bf16) != 0
    }
  }
}

func check(_ status: dnnl_status_t, _ call: String, node: String = "-") throws {
  guard status == dnnl_success else {
    throw TrainingError.oneDNN(status: Int(status.rawValue), call: call, node: node)
  }
}

func unwrap<Handle>(_ handle: Handle?, _ call: String, node: String = "-") throws -> Handle {
  guard let handle else { throw TrainingError.oneDNN(status: -1, call: call, node: node) }
  return handle
}
