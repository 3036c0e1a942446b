/// The names and limits of the schema.
package enum CheckpointFormat {
  /// The root's `format`.
  package static let name = "cnn-checkpoint"
  /// The root's `format_version`, the only one that this program reads and writes.
  package static let version = 1
  /// The most bytes of a network's JSON.
  package static let networkLimit = 1 << 24
  /// The most class names, above the classes of any data set.
  package static let labelLimit = 1 << 16
  /// The most bytes of a class name.
  package static let labelByteLimit = 4096
  /// The most rows of a history.
  package static let epochLimit = 1 << 24
  /// The alignment of datasets in a file, in bytes.
  package static let alignment = 64
  /// The dataset's attribute with XXH3-64 of its bytes: fixed-length text of 16 hexadecimal digits.
  package static let checksum = "xxh3_64"
}
