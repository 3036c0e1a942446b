import CheckpointWriting
import Checkpoints
import CommandSupport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The checksum of every dataset, computed in a process that may crash.
enum VerifyCommand {
  /// Prints the report as JSON; run in a child process only.
  static let isolated = Command(
    name: "verify-isolated", abstract: "Checks every dataset.",
    positional: .init("FILE", help: "a checkpoint")
  ) { arguments in
    let report = try CheckpointFile.verify(arguments.positionals[0])
    try StandardOutput.line(String(decoding: JSONEncoder().encode(report), as: UTF8.self))
    return .success
  }

  /// Checks a checkpoint; of a damaged one, with `json`, what was found of each dataset is printed.
  ///
  /// - Returns: Whether it is intact; false where only the seal can say why not, which reading the
  ///   checkpoint then tells.
  /// - Throws: `InferError.damaged`, which names the datasets.
  static func verify(_ path: String, json: Bool) throws -> Bool {
    let output = try IsolatedProcess.output([isolated.name ?? "", "--", path], path: path)
    guard let output else { return false }
    let report = try JSONDecoder().decode(VerificationReport.self, from: Data(output.utf8))
    if json, !report.isIntact { try StandardOutput.json(report.json) }
    let damaged = report.datasets.filter { $0.state == .damaged || $0.state == .unreadable }
    guard damaged.isEmpty else {
      let names = damaged.prefix(8).map(\.name).joined(separator: ", ")
      let rest = damaged.count > 8 ? " and \(damaged.count - 8) more" : ""
      throw InferError.damaged(path: path, objects: names + rest)
    }
    if report.seal == .broken {
      throw InferError.damaged(path: path, objects: "no dataset, but the structure or the seal")
    }
    return report.isIntact
  }
}

extension VerificationReport {
  /// `{"verified":false,"seal","datasets":[{"name","state"}]}`.
  fileprivate var json: JSONValue {
    .object([
      .init("verified", .bool(isIntact)), .init("seal", .string(seal.rawValue)),
      .init(
        "datasets",
        .array(
          datasets.map {
            .object([
              .init("name", .string($0.name)), .init("state", .string($0.state.rawValue)),
            ])
          })),
    ])
  }
}
