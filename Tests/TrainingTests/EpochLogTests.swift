import Foundation
import Testing
import Training

@Suite("The log")
struct EpochLogTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func record(_ epoch: Int) -> EpochRecord {
    EpochRecord(
      epoch: epoch, trainLoss: 0.1 + 0.2, trainAccuracy: 0.5, testLoss: 1e-7, testAccuracy: 1,
      imagesPerSecond: 12.5, seconds: 3, learningRate: 0.01)
  }

  @Test("Rows have the keys of the contract, in order, in full precision")
  func row() {
    #expect(
      record(3).jsonLine
        == #"{"epoch":3,"trainLoss":0.30000000000000004,"trainAccuracy":0.5,"testLoss":1e-07,"#
        + #""testAccuracy":1.0,"imagesPerSecond":12.5,"seconds":3.0,"learningRate":0.01}"#)
  }

  @Test("A new run starts the log anew; a resumed one drops the rows past its checkpoint")
  func resuming() throws {
    let path = folder.path("log.jsonl")
    let first = try EpochLog(path: path, keeping: 0)
    for epoch in 1...3 { try first.append(record(epoch)) }
    let second = try EpochLog(path: path, keeping: 2)
    try second.append(record(3))
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.map(String.init) == (1...3).map { record($0).jsonLine })
    _ = try EpochLog(path: path, keeping: 0)
    #expect(try Data(contentsOf: URL(filePath: path)).isEmpty)
  }

  @Test("What is no regular file stays what it is, and a foreign file is refused, not erased")
  func foreign() throws {
    let link = folder.path("link.jsonl")
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: folder.path("target.jsonl"))
    try EpochLog(path: link, keeping: 0).append(record(1))
    try EpochLog(path: link, keeping: 1).append(record(2))
    _ = try EpochLog(path: link, keeping: 1)
    let target = try String(contentsOfFile: folder.path("target.jsonl"), encoding: .utf8)
    #expect(target == record(1).jsonLine + "\n")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: link).hasSuffix("target.jsonl"))
    let binary = folder.path("binary")
    try Data([0xFF, 0xFE, 0x00]).write(to: URL(filePath: binary))
    #expect(throws: TrainingError.self) { try EpochLog(path: binary, keeping: 3) }
    #expect(try Data(contentsOf: URL(filePath: binary)).count == 3)
  }

  @Test("A log that cannot be written is refused before training, with its path")
  func refused() throws {
    let path = folder.path("missing/log.jsonl")
    let error = #expect(throws: TrainingError.self) { try EpochLog(path: path, keeping: 0) }
    #expect(error?.description.contains(path) == true)
  }
}
