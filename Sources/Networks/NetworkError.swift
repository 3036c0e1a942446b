/// Why a network description was refused. Each message names the node, and says what to do.
public indirect enum NetworkError: Error, Equatable, CustomStringConvertible {
  /// The JSON could not be read as a network.
  case malformedJSON(String)
  /// A node's `type` is none that this program knows.
  case unknownOperation(node: String, type: String)
  /// An object has a key that means nothing there.
  case unknownKey(String, place: String, known: [String])
  /// The network's name is empty, too long, or does not print.
  case invalidNetworkName(String)
  /// A name that cannot be a key: empty, reserved, too long, or with a `/`.
  case invalidName(String)
  /// Two nodes share a name.
  case duplicateName(String)
  /// A node reads a value that no node makes.
  case unknownInput(node: String, input: String)
  /// The output is no node's value.
  case unknownOutput(String)
  /// A node that no other reads, and that is not the output.
  case unusedNode(String)
  /// Nodes that feed each other.
  case cycle(node: String)
  /// The network has no node, or too many.
  case nodeCount(found: Int, limit: Int)
  /// The number of inputs is not the operation's.
  case wrongInputCount(node: String, operation: String, expected: ClosedRange<Int>, found: Int)
  /// An attribute out of range.
  case invalidAttribute(node: String, attribute: String, value: String, rule: String)
  /// A vector where a feature map is needed, or the reverse.
  case wrongRank(node: String, expected: String, found: TensorShape)
  /// Two shapes that do not go together.
  case shapeMismatch(node: String, rule: String, first: TensorShape, second: TensorShape)
  /// A window larger than its padded input.
  case kernelTooLarge(node: String, kernel: Extent, input: TensorShape)
  /// A tensor beyond the limit of elements.
  case tooLarge(node: String, shape: TensorShape)
  /// Parameters beyond the limit, counted up to this node.
  case tooManyParameters(node: String, limit: Int)
  /// The output is not a vector of class scores.
  case outputNotVector(node: String, shape: TensorShape)
  /// A preprocessing attribute out of range.
  case invalidPreprocessing(attribute: String, value: String, rule: String)
  /// No variant has this name.
  case unknownModel(name: String, known: [String])
  /// The head or the input cannot be changed as asked.
  case notAdaptable(network: String, reason: String)
  /// A file of network JSON cannot be read.
  case unreadableFile(path: String, reason: String)
  /// What is wrong with the network of a file.
  case inFile(path: String, NetworkError)
}
