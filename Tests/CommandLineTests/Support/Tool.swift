import Foundation
import TestSupport

/// Runs the installed programs, as a user's shell would.
enum Tool {
  /// Where `Scripts/install.sh` put them.
  static let folder = ProcessInfo.processInfo.environment["CNN_BIN"]
  static let absence = "CNN_BIN names no folder; Scripts/test.sh installs the programs"

  struct Result {
    let status: Int32
    let isCrash: Bool
    let output: String
    let errors: String

    var outputLines: [String] { output.split(separator: "\n").map(String.init) }
    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

    /// The objects of standard output, one a line.
    func objects() throws -> [[String: Any]] {
      try outputLines.map { line in
        let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
        guard let object = value as? [String: Any] else { throw NotAnObject(line: line) }
        return object
      }
    }
  }

  struct NotAnObject: Error { let line: String }

  /// The path of a program.
  static func path(_ program: String) -> String { "\(folder ?? "")/\(program)" }

  /// Runs `cnn-infer` and waits.
  static func infer(
    _ arguments: String..., in directory: URL? = nil, environment: [String: String] = [:]
  ) throws -> Result {
    try run(path("cnn-infer"), arguments, in: directory, environment: environment)
  }

  /// Runs a line of the shell, in which `$infer` and `$train` are the programs.
  static func shell(_ line: String, in directory: URL) throws -> Result {
    try run(
      "/bin/sh", ["-c", line], in: directory,
      environment: ["infer": path("cnn-infer"), "train": path("cnn-train")])
  }

  static func run(
    _ executable: String, _ arguments: [String], in directory: URL? = nil,
    environment: [String: String] = [:]
  ) throws -> Result {
    let scratch = try Scratch()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = directory ?? scratch.url
    var variables = ProcessInfo.processInfo.environment
    variables["CNN_MODEL"] = nil
    process.environment = variables.merging(environment) { $1 }
    // Files, not pipes: neither stream can block the other.
    let (output, errors) = (try scratch.create("stdout"), try scratch.create("stderr"))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    wait(for: process)
    return Result(
      status: process.terminationStatus, isCrash: process.terminationReason == .uncaughtSignal,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}

extension Tool {
  /// What hangs is killed after an hour, which a sanitizer makes of the longest run's minute.
  private static func wait(for process: Process) {
    let identifier = process.processIdentifier
    let killer = DispatchWorkItem { kill(identifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 3600, execute: killer)
    process.waitUntilExit()
    killer.cancel()
  }
}

/// A folder that lives as long as its owner.
typealias Scratch = TestSupport.Scratch
