import CheckpointWriting
import Checkpoints
import Foundation
import Networks
import Testing

@Suite("A forged structure is refused by the reader itself")
struct StructureTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("a.h5")
  }

  private func refusal(_ data: Data) throws -> String {
    try data.write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: CheckpointError.self) {
      try CheckpointFile.readIgnoringSeal(path)
    }
    return error?.description ?? ""
  }

  @Test("Any byte changed is refused, or what is read is valid", .timeLimit(.minutes(5)))
  func everyByte() throws {
    let network = try Example.network()
    try Example.trained().write(to: path)
    let whole = try bytes(of: path)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    func put(_ byte: UInt8, at position: Int) throws {
      try handle.seek(toOffset: UInt64(position))
      try handle.write(contentsOf: [byte])
    }
    // Most of the structure is room that nothing uses.
    for position in 512..<whole.count where whole[position - 1] != 0 || whole[position] != 0 {
      for byte in [0xFF, whole[position] ^ 1] {
        try put(byte, at: position)
        guard let read = try? CheckpointFile.readIgnoringSeal(path) else { continue }
        let count = read.network.parameters.reduce(0) { $0 + $1.count }
        #expect(count == network.parameters.reduce(0) { $0 + $1.count }, "byte \(position)")
      }
      try put(whole[position], at: position)
    }
  }

  @Test("Two layers of one name are named")
  func doubledName() throws {
    let builder = NetworkBuilder("twins", channels: 1, height: 2, width: 2)
    let network = try builder.network(
      output: builder.input.flatten().linear("fc1", 4).linear("fc2", 4))
    let checkpoint = Checkpoint(
      network: network, weights: Example.weights(of: network),
      preprocessing: Preprocessing(channels: 1, height: 2, width: 2), labels: [])
    try checkpoint.write(to: path)
    var data = try bytes(of: path)
    // A link's name follows its length; the JSON's follow quotes.
    let link = try #require(data.range(of: Data([3] + "fc2".utf8)))
    data[link.upperBound - 1] = UInt8(ascii: "1")
    let message = try refusal(data)
    #expect(message.contains("two links are named 'fc1'"), "\(message)")
    #expect(message.contains("/weights"))
  }

  @Test("A header that goes on at its own beginning is refused", .timeLimit(.minutes(1)))
  func circles() throws {
    try Example.trained().write(to: path)
    var data = try bytes(of: path)
    // The root's header lies first, behind 48 bytes of superblock; its first message is a
    // continuation (16 behind 11 bytes of prefix): an address and a size.
    let message = 512 + 48 + 11
    try #require(data[message] == 0x10 && data[message + 1] == 16)
    let target = data[message + 4..<message + 12].reversed().reduce(0) { $0 << 8 | Int($1) }
    let piece = 512 + target
    try #require(data[piece..<piece + 4].elementsEqual("OCHK".utf8))
    data.replaceSubrange(piece + 4..<piece + 24, with: data[message..<message + 20])
    #expect(try refusal(data).contains("a header never ends"))
  }

  @Test("What libhdf5's older formats hold is left to the import, also behind a right seal")
  func olderFormat() throws {
    try #require(Python.isThere, Python.reason)
    _ = try Python.run("older", path)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: path) }
    #expect(error?.description.contains("cnn-infer import takes it") == true)
    let imported = try CheckpointFile.importUnsealed(path)
    #expect(imported.weights["fc1", .bias]?.floats == [1, 1, 1])
  }
}
