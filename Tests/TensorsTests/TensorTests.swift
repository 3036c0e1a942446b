import Tensors
import Testing

@Suite("Tensors")
struct TensorTests {
  @Test("Fresh storage is aligned, zeroed, and written once")
  func fresh() {
    for byteCount in [0, 1, 64, 1 << 21, (1 << 21) + 12] {
      let storage = TensorStorage(byteCount: byteCount) { memory in
        #expect(memory.count == byteCount && memory.allSatisfy { $0 == 0 })
        if byteCount > 0 { memory[byteCount - 1] = 7 }
      }
      storage.withBytes { bytes in
        #expect(bytes.count == byteCount && bytes.last == (byteCount > 0 ? 7 : nil))
        #expect(bytes.baseAddress.map { Int(bitPattern: $0) % 64 } == 0)
      }
    }
  }

  @Test("A view reads its part of the storage, and keeps it alive")
  func views() {
    var storage: TensorStorage? = TensorStorage(copying: (0..<12).map(Float.init))
    weak let owner = storage
    var tensor = storage.map { Tensor(shape: [2, 3], element: .float32, storage: $0, offset: 8) }
    storage = nil
    #expect(tensor?.floats == [2, 3, 4, 5, 6, 7])
    tensor?.releasePages()
    #expect(tensor?.floats.first == 2)
    #expect(owner != nil)
    tensor = nil
    #expect(owner == nil)
  }

  @Test("Storage over others' memory releases its owner with its last reference")
  func viewing() {
    var memory = AlignedMemory(zeroed: 64)
    weak let owner = memory
    var storage = memory.map {
      TensorStorage(viewing: UnsafeRawBufferPointer(start: $0.address, count: 64), of: $0)
    }
    memory = nil
    #expect(storage?.withBytes { $0.allSatisfy { $0 == 0 } } == true)
    #expect(owner != nil)
    storage = nil
    #expect(owner == nil)
  }

  @Test("Memory beyond any machine is refused")
  func refused() {
    #expect(AlignedFloats(count: .max / 2) == nil)
    #expect(AlignedFloats(count: 1 << 58) == nil)
  }
}
