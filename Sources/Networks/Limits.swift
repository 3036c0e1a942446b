/// The largest counts a network may name: far beyond any network of the literature, small enough
/// that no product of them overflows 64 bits and that nothing absurd is ever allocated.
enum Limits {
  /// Bytes of a network's JSON.
  static let jsonBytes = 64 << 20
  /// Lists and objects within each other in a network's JSON, which needs four.
  static let jsonDepth = 64
  /// Nodes of a network.
  static let nodes = 10_000
  /// Bytes of a name in UTF-8.
  static let nameBytes = 200
  /// The input's height, width or channels.
  static let inputExtent = 65_536
  /// Channels, features, kernel sizes, strides, paddings, dilations, groups.
  static let attribute = 1 << 20
  /// Elements of one tensor: 1 GiB of floats.
  static let elements = 1 << 28
  /// Parameters of a network: 4 GiB of floats.
  static let parameters = 1 << 30
  /// Multiply–accumulates of one node: `nodes × macs` still fits 64 bits.
  static let macs = 1 << 48
}
