internal import COneDNN
import Checkpoints

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes that memories view, 64-byte aligned and zeroed, freed with the last view.
final class Buffer: @unchecked Sendable {
  let address: UnsafeMutableRawPointer
  let byteCount: Int

  init(byteCount: Int) throws {
    self.byteCount = max(byteCount, 64)
    guard let memory = LargePages.allocate(byteCount: self.byteCount) else {
      throw TrainingError.outOfMemory(bytes: self.byteCount)
    }
    address = memory
    memset(address, 0, self.byteCount)
  }

  deinit { free(address) }
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
