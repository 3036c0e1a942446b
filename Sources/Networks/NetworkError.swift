/// Why a network description was refused. Each message names the node, and says what to do.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
  /// The JSON could not be read as a network.
  case malformedJSON(String)
  /// A node's `type` is none that this program knows.
  case unknownOperation(node: String, type: String)
  /// A name that cannot be a key: empty, reserved, too long, or with a `/`.
  case invalidName(String)
  /// Two nodes share a name.
  case duplicateName(String)
  /// A node reads a value that no node makes.
  case unknownInput(node: String, input: String)
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
  /// The output is not a vector of class scores.
  case outputNotVector(node: String, shape: TensorShape)
  /// No variant has this name.
  case unknownModel(name: String, known: [String])
  /// The head or the input cannot be changed as asked.
  case notAdaptable(network: String, reason: String)

  /// What, where, and what to do.
  public var description: String {
    switch self {
    case .malformedJSON(let detail):
      "network JSON cannot be read: \(detail): correct the file"
    case .unknownOperation(let node, let type):
      "unknown operation: node '\(node)' has type '\(type)': use one of "
        + Operation.Kind.allCases.map(\.rawValue).joined(separator: ", ")
    case .invalidName(let name):
      "invalid node name: '\(name)': use 1 to 200 characters, no '/', and not 'input' or '.'"
    case .duplicateName(let name):
      "duplicate node name: '\(name)': give each node a name of its own"
    case .unknownInput(let node, let input):
      "unknown input: node '\(node)' reads '\(input)': name 'input' or another node"
    case .cycle(let node):
      "cyclic network: node '\(node)' depends on itself: break the cycle"
    case .nodeCount(let found, let limit):
      "wrong number of nodes: \(found): a network has from 1 to \(limit)"
    case .wrongInputCount(let node, let operation, let expected, let found):
      "wrong number of inputs: node '\(node)' (\(operation)) has \(found): it takes "
        + (expected.count == 1 ? "\(expected.lowerBound)" : "at least \(expected.lowerBound)")
    case .invalidAttribute(let node, let attribute, let value, let rule):
      "invalid attribute: \(attribute) = \(value) of node '\(node)': it \(rule)"
    case .wrongRank(let node, let expected, let found):
      "wrong input rank: node '\(node)' got \(found): it takes \(expected)"
    case .shapeMismatch(let node, let rule, let first, let second):
      "shapes do not fit: node '\(node)' got \(first) and \(second): it \(rule)"
    case .kernelTooLarge(let node, let kernel, let input):
      "kernel larger than its input: node '\(node)' slides \(kernel) over \(input): "
        + "enlarge the input or the padding, or shrink the kernel"
    case .tooLarge(let node, let shape):
      "tensor too large: \(shape) at node '\(node)': at most \(Limits.elements) elements"
    case .outputNotVector(let node, let shape):
      "output is not a vector: node '\(node)' gives \(shape): end with Flatten or Linear"
    case .unknownModel(let name, let known):
      "unknown model: '\(name)': use a file that ends in .json, or one of "
        + known.joined(separator: ", ")
    case .notAdaptable(let network, let reason):
      "network cannot be adapted: '\(network)' \(reason): describe the network in a JSON file"
    }
  }
}
