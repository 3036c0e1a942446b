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
    attributes = try Engine.attributes(relu: false)
  }

  deinit {
    dnnl_primitive_attr_destroy(attributes)
    dnnl_stream_destroy(stream)
    dnnl_engine_destroy(handle)
  }

  /// Refuses a precision that the processor emulates or lacks.
  func require(_ precision: Recipe.Precision) throws {
    guard precision == .bf16, cnn_has_isa(dnnl_cpu_isa_avx512_core_bf16) == 0 else { return }
    throw TrainingError.unsupportedPrecision(precision.rawValue, needs: "avx512_bf16")
  }

  /// Attributes with a user scratchpad, and optionally a ReLU fused behind the operation.
  static func attributes(relu: Bool) throws -> dnnl_primitive_attr_t {
    var created: dnnl_primitive_attr_t?
    try check(dnnl_primitive_attr_create(&created), "dnnl_primitive_attr_create")
    let attributes = try unwrap(created, "dnnl_primitive_attr_create")
    try check(
      dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user), "scratchpad")
    guard relu else { return attributes }
    var operations: dnnl_post_ops_t?
    try check(dnnl_post_ops_create(&operations), "dnnl_post_ops_create")
    defer { dnnl_post_ops_destroy(operations) }
    try check(dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0), "post-op ReLU")
    try check(dnnl_primitive_attr_set_post_ops(attributes, operations), "post-op ReLU")
    return attributes
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
