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
  ///   - path: The file.
  ///   - epochs: How many rows stay: the whole epochs of the checkpoint.
  /// - Throws: `TrainingError.cannotLog` where the file cannot be written.
  public init(path: String, keeping epochs: Int) throws {
    self.path = path
    let old = epochs > 0 ? (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" : ""
    let kept = old.split(separator: "\n").filter { line in
      (Self.epoch(of: line)).map { $0 <= epochs } ?? false
    }
    let text = kept.map { $0 + "\n" }.joined()
    do {
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw TrainingError.cannotLog(path: path, reason: Self.reason(error))
    }
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let code = underlying?.domain == NSPOSIXErrorDomain ? underlying?.code : nil
    return code.map { String(cString: strerror(Int32($0))) } ?? "cannot be written"
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
    guard file >= 0 else {
      throw TrainingError.cannotLog(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(file) }
    let written = line.withCString { write(file, $0, strlen($0)) }
    guard written == line.utf8.count else {
      throw TrainingError.cannotLog(
        path: path, reason: written < 0 ? String(cString: strerror(errno)) : "no space left")
    }
  }
}

extension EpochRecord {
  /// The row of the log, without its line end.
  public var jsonLine: String {
    let columns = Self.columns.map { "\"\($0.name)\":\(self[keyPath: $0.path])" }
    return "{\"epoch\":\(epoch)," + columns.joined(separator: ",") + "}"
  }
}
