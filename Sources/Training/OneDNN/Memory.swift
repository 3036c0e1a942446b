internal import COneDNN
import Tensors

/// Bytes that memories view, 64-byte aligned and zeroed, freed with the last view.
final class Buffer: Sendable {
  private let memory: AlignedMemory
  var address: UnsafeMutableRawPointer { memory.address }
  var byteCount: Int { memory.byteCount }

  init(byteCount: Int) throws {
    guard let memory = AlignedMemory(zeroed: byteCount) else {
      throw TrainingError.outOfMemory(bytes: byteCount)
    }
    self.memory = memory
  }
}

/// A tensor in a layout: a buffer, and oneDNN's handle on it.
final class Memory {
  let layout: Layout
  private(set) var buffer: Buffer
  let handle: dnnl_memory_t

  init(_ layout: Layout, _ engine: Engine, buffer: Buffer? = nil) throws {
    self.layout = layout
    self.buffer = try buffer ?? Buffer(byteCount: layout.byteCount)
    precondition(self.buffer.byteCount >= layout.byteCount || layout.byteCount == 0)
    var created: dnnl_memory_t?
    var descriptor = layout.descriptor
    try check(
      dnnl_memory_create(&created, &descriptor, engine.handle, self.buffer.address),
      "dnnl_memory_create")
    handle = try unwrap(created, "dnnl_memory_create")
  }

  deinit { dnnl_memory_destroy(handle) }

  /// Views another buffer from now on, in the same layout.
  func rebind(to buffer: Buffer) {
    precondition(buffer.byteCount >= layout.byteCount)
    self.buffer = buffer
    dnnl_memory_set_data_handle(handle, buffer.address)
  }

  /// Every bfloat16 of the buffer as its bits, in physical order, padding included.
  var halves: UnsafeMutableBufferPointer<UInt16> {
    precondition(layout.element == .bfloat16)
    let count = layout.byteCount / MemoryLayout<UInt16>.stride
    return UnsafeMutableBufferPointer(
      start: buffer.address.assumingMemoryBound(to: UInt16.self), count: count)
  }

  /// Every float of the buffer, in physical order, padding included.
  var floats: UnsafeMutableBufferPointer<Float> {
    precondition(layout.element == .float32)
    let count = layout.byteCount / MemoryLayout<Float>.stride
    return UnsafeMutableBufferPointer(
      start: buffer.address.assumingMemoryBound(to: Float.self), count: count)
  }
}
