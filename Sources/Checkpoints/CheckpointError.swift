public import Networks

/// Why a checkpoint could not be read or written. Each message names the file, and the node or
/// dataset where one is at fault.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  // Reaching the file.

  /// The system refused to read the file.
  case cannotRead(path: String, cause: String)
  /// A folder, a pipe or a device.
  case notAFile(path: String, found: String)
  /// The system refused to write the file.
  case cannotWrite(path: String, cause: String)
  /// Another writer holds the file; its process, where known.
  case held(path: String, process: Int32?)

  // The seal.

  /// The file is something else.
  case notCheckpoint(path: String, found: String)
  /// HDF5 that no seal precedes.
  case noSeal(path: String)
  /// A seal that cannot be understood.
  case invalidSeal(path: String, detail: String)
  /// The seal names another length than the file's.
  case wrongLength(path: String, expected: Int, found: Int)
  /// The seal's hash is another than the content's.
  case sealBroken(path: String)

  // The file's structure.

  /// An object that cannot be read, as a damaged or foreign file has it.
  case unreadable(path: String, object: String, detail: String)
  /// HDF5 of another program.
  case wrongFormat(path: String, found: String)
  /// A schema that this program does not read.
  case unsupportedVersion(path: String, found: Int, supported: Int)
  /// A link that leads elsewhere: soft, external, or an application's own.
  case refusedLink(path: String, object: String, kind: String)
  /// One object under two names.
  case linkedTwice(path: String, object: String)
  /// More objects than any checkpoint has.
  case tooManyObjects(path: String, object: String, limit: Int)
  /// More attributes than any checkpoint's object has.
  case tooManyAttributes(path: String, object: String, found: Int, limit: Int)
  /// Elements that are not plainly in this file.
  case refusedStorage(path: String, object: String, kind: String)
  /// Elements beyond the file's end.
  case outsideFile(path: String, object: String)

  // The content.

  /// A group or dataset that must be there.
  case missing(path: String, object: String)
  /// A group or dataset that must not be there.
  case unexpected(path: String, object: String)
  /// A group where a dataset is needed, or the reverse.
  case wrongKind(path: String, object: String, expected: String)
  /// Another number of axes.
  case wrongRank(path: String, object: String, expected: [Int], found: [Int])
  /// Another shape.
  case wrongShape(path: String, object: String, expected: [Int], found: [Int])
  /// Another element type.
  case wrongType(path: String, object: String, expected: String, found: String)
  /// Big-endian elements.
  case wrongByteOrder(path: String, object: String)
  /// NaN or infinity.
  case notFinite(path: String, object: String, index: Int, value: Float)
  /// A value out of range.
  case invalidValue(path: String, object: String, index: Int, value: Float, rule: String)
  /// An attribute that must be there.
  case missingAttribute(path: String, object: String, name: String)
  /// An attribute of the wrong type, size or value.
  case invalidAttribute(path: String, object: String, name: String, problem: String)
  /// A text that cannot be read.
  case invalidText(path: String, object: String, problem: String)
  /// The network is refused.
  case invalidNetwork(path: String, NetworkError)
}
