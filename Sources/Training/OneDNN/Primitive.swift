internal import COneDNN

/// oneDNN's chosen implementation of an operation; asks which layouts it wants.
final class PrimitiveDescriptor {
  let handle: dnnl_primitive_desc_t
  private let node: String

  /// Creates one through one of the shim's functions; the names are for messages.
  init(node: String, _ call: String, _ create: (inout dnnl_primitive_desc_t?) -> dnnl_status_t)
    throws
  {
    var created: dnnl_primitive_desc_t?
    try check(create(&created), call, node: node)
    handle = try unwrap(created, call, node: node)
    self.node = node
  }

  deinit { dnnl_primitive_desc_destroy(handle) }

  /// The layout that the implementation wants for an argument.
  func layout(_ query: dnnl_query_t, _ index: Int32 = 0) throws -> Layout {
    var descriptor = dnnl_memory_desc_t()
    try check(
      cnn_query_layout(&descriptor, handle, query, index), "layout query", node: node)
    return Layout(descriptor)
  }

  /// The implementation's name, `jit:avx512_core` say.
  var implementation: String {
    var name: UnsafePointer<CChar>?
    let status = withUnsafeMutablePointer(to: &name) {
      dnnl_primitive_desc_query(handle, dnnl_query_impl_info_str, 0, $0)
    }
    guard status == dnnl_success, let name else { return "unknown" }
    return String(cString: name)
  }
}

/// A compiled primitive with its arguments bound once.
final class Primitive {
  private let handle: dnnl_primitive_t
  private let memories: [Memory]
  private let arguments: [dnnl_exec_arg_t]
  private let node: String
  let implementation: String

  init(
    _ descriptor: PrimitiveDescriptor, node: String, scratchpad: Scratchpad,
    _ arguments: [(Int32, Memory)]
  ) throws {
    var created: dnnl_primitive_t?
    try check(dnnl_primitive_create(&created, descriptor.handle), "primitive", node: node)
    handle = try unwrap(created, "primitive", node: node)
    self.node = node
    implementation = descriptor.implementation
    let pad = try scratchpad.memory(for: descriptor.layout(dnnl_query_scratchpad_md))
    let all = arguments + [(DNNL_ARG_SCRATCHPAD, pad)]
    memories = all.map(\.1)
    self.arguments = all.map { dnnl_exec_arg_t(arg: $0.0, memory: $0.1.handle) }
  }

  deinit { dnnl_primitive_destroy(handle) }

  func run(_ engine: Engine) throws {
    try check(
      dnnl_primitive_execute(handle, engine.stream, Int32(arguments.count), arguments), "execution",
      node: node)
  }
}

/// One scratch buffer that all primitives of a graph share, since they run one after another. It
/// grows while the graph is built and is bound to the primitives' handles at the end.
final class Scratchpad {
  private let engine: Engine
  private var memories: [Memory] = []
  private var buffer: Buffer

  init(_ engine: Engine) throws {
    self.engine = engine
    buffer = try Buffer(byteCount: 64)
  }

  func memory(for layout: Layout) throws -> Memory {
    if layout.byteCount > buffer.byteCount {
      buffer = try Buffer(byteCount: layout.byteCount)
      for memory in memories { memory.rebind(to: buffer) }
    }
    let memory = try Memory(layout, engine, buffer: buffer)
    memories.append(memory)
    return memory
  }
}
