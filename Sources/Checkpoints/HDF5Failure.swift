/// What could not be done with an HDF5 file, whoever parses it.
package struct HDF5Failure: Error {
  /// What was attempted: `open dataset 'weight'`.
  package let operation: String
  /// Why, in the parser's own words.
  package let detail: String

  /// A failure.
  package init(operation: String, detail: String) {
    self.operation = operation
    self.detail = detail
  }

  /// Operation and reason.
  package var words: String { "\(operation): \(detail)" }

  /// Turns a failure into an error that names the object.
  ///
  /// - Parameters:
  ///   - object: The object's path in the file.
  ///   - path: The file.
  ///   - body: What may fail.
  /// - Returns: What `body` returns.
  /// - Throws: `CheckpointError.unreadable`, and what else `body` throws.
  package static func naming<Result>(
    _ object: String, of path: String, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let failure as HDF5Failure {
      throw CheckpointError.unreadable(path: path, object: object, detail: failure.words)
    }
  }
}
