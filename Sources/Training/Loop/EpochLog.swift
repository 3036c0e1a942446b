internal import Files
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The run's log: one JSON object a line, one line an epoch, its keys in a fixed order.
public final class EpochLog {
  private let path: String

  /// Opens a log; a new run starts it anew, a resumed one keeps the rows of its whole epochs.
  ///
  /// - Parameters:
  ///   - path: The file; a device or pipe is only written to.
  ///   - epochs: How many rows stay: the whole epochs of the checkpoint.
  /// - Throws: `TrainingError.cannotLog` where the file cannot be written, or is no log.
  public init(path: String, keeping epochs: Int) throws {
    self.path = path
    var status = stat()
    let isRegular = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    guard epochs > 0, isRegular else {
      let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard file >= 0 else { throw Self.failure(path) }
      close(file)
      return
    }
    try keepRows(epochs)
  }

  private func keepRows(_ epochs: Int) throws {
    guard let old = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw TrainingError.cannotLog(path: path, reason: "what is there is no log")
    }
    var kept = 0
    for line in old.split(separator: "\n", omittingEmptySubsequences: false) {
      // A row counts with its end: a killed run may have written a part of one.
      let end = kept + line.utf8.count + 1
      guard end <= old.utf8.count, Self.epoch(of: line).map({ $0 <= epochs }) ?? false else {
        break
      }
      kept = end
    }
    guard kept < old.utf8.count else { return }
    let first = old.prefix { $0 != "\n" }
    guard Self.epoch(of: first) != nil else {
      throw TrainingError.cannotLog(path: path, reason: "what is there is no log")
    }
    guard truncate(path, off_t(kept)) == 0 else { throw Self.failure(path) }
  }

  private static func failure(_ path: String) -> TrainingError {
    .cannotLog(path: path, reason: SystemCall.cause())
  }

  private static func epoch(of line: Substring) -> Int? {
    struct Row: Decodable { var epoch: Int }
    return (try? JSONDecoder().decode(Row.self, from: Data(line.utf8)))?.epoch
  }

  /// Appends an epoch's row.
  ///
  /// - Parameter record: The epoch.
  /// - Throws: `TrainingError.cannotLog` where the file cannot be written.
  public func append(_ record: EpochRecord) throws {
    let line = record.jsonLine + "\n"
    let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw Self.failure(path) }
    defer { close(file) }
    let written = line.withCString { write(file, $0, strlen($0)) }
    guard written == line.utf8.count else {
      throw TrainingError.cannotLog(
        path: path, reason: written < 0 ? SystemCall.cause() : "no space left")
    }
  }
}

extension EpochRecord {
  /// The row of the log, without its line end.
  public var jsonLine: String {
    var columns = Self.columns.map { "\"\($0.name)\":\(self[keyPath: $0.path])" }
    for column in Self.validationColumns {
      if let value = self[keyPath: column.path] { columns.append("\"\(column.name)\":\(value)") }
    }
    return "{\"epoch\":\(epoch)," + columns.joined(separator: ",") + "}"
  }
}
