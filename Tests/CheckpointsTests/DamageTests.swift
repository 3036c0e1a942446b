import CheckpointWriting
import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite("Damaged files are refused by the seal, and what is damaged is named")
struct DamageTests {
  private let folder: TemporaryFolder
  private let path: String
  private let whole: Data

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("a.h5")
    try Example.trained().write(to: path)
    whole = try bytes(of: path)
  }

  private func error(_ data: Data) throws -> CheckpointError? {
    let damaged = folder.file("damaged.h5")
    try data.write(to: URL(fileURLWithPath: damaged))
    return #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: damaged) }
  }

  @Test("A file truncated at any byte is refused")
  func truncated() throws {
    for length in Array(0..<600) + Array(stride(from: 600, to: whole.count, by: 41)) {
      let found = try error(whole.prefix(length))
      switch found {
      case .notCheckpoint: #expect(length < 15)
      case .invalidSeal: #expect((15..<512).contains(length))
      case .wrongLength(_, let expected, length): #expect(expected == whole.count)
      default: Issue.record("\(length) bytes: \(String(describing: found))")
      }
    }
  }

  @Test("A file with bytes after its end is refused")
  func extended() throws {
    let found = try error(whole + [0])
    #expect(found?.description.contains("bytes after its end") == true)
  }

  @Test("Any flipped bit is refused")
  func flipped() throws {
    for position in Array(0..<600) + Array(stride(from: 600, to: whole.count, by: 23)) {
      var data = whole
      data[position] ^= 1 << (position % 8)
      switch try error(data) {
      case .noSeal: #expect(position < 15)
      case .invalidSeal: #expect(position < 512)
      case .wrongLength: #expect((17..<24).contains(position))
      case .sealBroken: #expect(position >= 23)
      case let other: Issue.record("byte \(position): \(String(describing: other))")
      }
    }
  }

  @Test("Damage under a seal that is right neither crashes nor hangs, and what is read is valid")
  func forgedDamage() throws {
    let damaged = folder.file("damaged.h5")
    let expected = try Example.network().parameters.reduce(0) { $0 + $1.count }
    let wrong = try Watchdog.run { [whole] watchdog in
      var wrong: [Int] = []
      for position in stride(from: 512, to: whole.count, by: 17) {
        for mask: UInt8 in [1 << UInt8(position % 8), 0xFF] {
          watchdog.feed()
          var data = whole
          data[position] ^= mask
          try data.write(to: URL(fileURLWithPath: damaged))
          guard let read = try? CheckpointFile.readIgnoringSeal(damaged) else { continue }
          let count = read.network.parameters.reduce(0) { $0 + $1.count }
          if count != expected { wrong.append(position) }
        }
      }
      return wrong
    }
    #expect(wrong.isEmpty, "what is read is not valid with these bytes damaged")
  }

  @Test("Verifying an intact file finds every dataset good")
  func intact() throws {
    let report = try CheckpointFile.verify(path)
    #expect(report.isIntact)
    #expect(report.datasets.map(\.name).contains("/weights/bn1/running_mean"))
    #expect(report.datasets.count == 14)
    #expect(report.datasets.allSatisfy { $0.state == .ok && $0.expected == $0.found })
    let json = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(VerificationReport.self, from: json) == report)
  }

  @Test("Verifying names the one dataset whose byte changed")
  func namesTheDataset() throws {
    let pattern = Example.weightBytes(try Example.trained(), "fc")
    let place = try #require(whole.range(of: pattern))
    var data = whole
    data[place.lowerBound + 5] ^= 4
    try data.write(to: URL(fileURLWithPath: path))
    let report = try CheckpointFile.verify(path)
    #expect(report.seal == .broken)
    #expect(!report.isIntact)
    #expect(report.datasets.filter { $0.state != .ok }.map(\.name) == ["/weights/fc/weight"])
  }

  @Test("Verifying a truncated file names what is cut off", arguments: [1, 500, 1500])
  func namesTheCutOff(missing: Int) throws {
    try whole.dropLast(missing).write(to: URL(fileURLWithPath: path))
    let report = try CheckpointFile.verify(path)
    #expect(report.seal == .truncated)
    #expect(report.problem == nil)
    let lost = report.datasets.filter { $0.state == .damaged }.map(\.name)
    #expect(lost.contains("/training/optimizer/conv1/weight.momentum"))
    #expect(lost.count < report.datasets.count)
  }

  @Test("Files of other kinds are named for what they are")
  func otherKinds() throws {
    let cases: [(Data, String)] = [
      (Data(), "empty"), (Data("hello\nworld\n".utf8), "text"),
      (Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), "a PNG image"),
      (Data(repeating: 0, count: 4096), "a file of zeros"),
      (whole.dropFirst(512), "seal it by importing it"),
      (Data(repeating: 0, count: 512) + whole.dropFirst(512), "seal it by importing it"),
      (Data("cnn-checkpoint 2\n1\n".utf8), "version"),
      (Data([8, 9, 0x12, 9] + "swift-cnn".utf8), "an ONNX model: make a checkpoint of it with"),
      (Data([2, 0, 0, 0, 0, 0, 0, 0] + "{}".utf8), "a safetensors file: make a checkpoint of it"),
    ]
    for (data, words) in cases {
      let found = try error(data)
      #expect(found?.description.contains(words) == true, "\(String(describing: found))")
      #expect(found?.description.contains("damaged.h5") == true)
      #expect(found?.description.contains("\n") == false)
    }
  }

  @Test("A folder, a missing file and a pipe are refused without waiting")
  func otherPaths() throws {
    #expect(throws: CheckpointError.notAFile(path: folder.path, found: "a folder")) {
      try Checkpoint(contentsOf: folder.path)
    }
    let missing = folder.file("missing.h5")
    #expect(throws: CheckpointError.cannotRead(path: missing, cause: "No such file or directory")) {
      try Checkpoint(contentsOf: missing)
    }
    let pipe = folder.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: CheckpointError.notAFile(path: pipe, found: "a pipe")) {
      try Watchdog.run { _ in try Checkpoint(contentsOf: pipe) }
    }
  }
}

extension Example {
  static func weightBytes(_ checkpoint: Checkpoint, _ node: String) -> Data {
    checkpoint.weights[node, .weight]?.withBytes { Data($0) } ?? Data()
  }
}
