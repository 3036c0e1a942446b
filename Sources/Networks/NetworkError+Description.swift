import Files

extension NetworkError {
  /// What, where, and what to do, in one line whatever the names in the file hold.
  public var description: String {
    switch self {
    case .malformedJSON(let detail):
      "network JSON cannot be read: \(detail): correct the file"
    case .unknownOperation(let node, let type):
      "unknown operation: node \(node.quoted) has type \(type.quoted): use one of "
        + NodeOperation.Kind.allCases.map(\.rawValue).joined(separator: ", ")
    case .unknownKey(let key, let place, let known):
      "unknown key in network JSON: \(key.quoted) of \(place): use "
        + known.joined(separator: ", ")
    case .invalidNetworkName(let name):
      "invalid network name: \(name.quoted): use 1 to \(Limits.nameBytes) bytes of printable text"
    case .invalidName(let name):
      "invalid node name: \(name.quoted): use 1 to \(Limits.nameBytes) bytes of printable text "
        + "without '/', other than 'input', '.' and '..'"
    case .duplicateName(let name):
      "duplicate node name: \(name.quoted): give each node a name of its own"
    case .unknownInput(let node, let input):
      "unknown input: node \(node.quoted) reads \(input.quoted): name 'input' or another node"
    case .unknownOutput(let output):
      "unknown output: \(output.quoted): name a node"
    case .unusedNode(let node):
      "unused node: \(node.quoted): let another node read it, make it the output, or remove it"
    case .cycle(let node):
      "cyclic network: node \(node.quoted) depends on itself: break the cycle"
    case .nodeCount(let found, let limit):
      "wrong number of nodes: \(found): a network has from 1 to \(limit)"
    case .wrongInputCount(let node, let operation, let expected, let found):
      "wrong number of inputs: node \(node.quoted) (\(operation)) has \(found): it takes "
        + (expected.count == 1 ? "one" : "from \(expected.lowerBound) to \(expected.upperBound)")
    case .invalidAttribute(let node, let attribute, let value, let rule):
      "invalid attribute: \(attribute) = \(value.singleLine) of node \(node.quoted): it \(rule)"
    case .wrongRank(let node, let expected, let found):
      "wrong input rank: node \(node.quoted) got \(found): it takes \(expected)"
    case .shapeMismatch(let node, let rule, let first, let second):
      "shapes do not fit: node \(node.quoted) got \(first) and \(second): it \(rule)"
    case .kernelTooLarge(let node, let kernel, let input):
      "kernel larger than its input: node \(node.quoted) slides \(kernel) over \(input): "
        + "enlarge the input or the padding, or shrink the kernel"
    case .tooLarge(let node, let shape):
      "tensor too large: \(shape) at node \(node.quoted): at most \(Limits.elements) elements"
    case .tooManyParameters(let node, let limit):
      "too many parameters: at node \(node.quoted): a network has at most \(limit)"
    case .outputNotVector(let node, let shape):
      "output is not a vector: node \(node.quoted) gives \(shape): end with Flatten or Linear"
    case .invalidPreprocessing(let attribute, let value, let rule):
      "invalid preprocessing: \(attribute) = \(value.singleLine): it \(rule)"
    case .unknownModel(let name, let known):
      "unknown model: \(name.quoted): use a file that ends in .json, or one of "
        + known.joined(separator: ", ")
    case .unreadableFile(let path, let reason):
      "cannot read the network: '\(path)' (\(reason)): give a JSON file or a variant's name"
    case .inFile(let path, let error): "'\(path)': \(error)"
    case .notAdaptable(let network, let reason):
      "network cannot be adapted: \(network.quoted) \(reason): describe the network in a JSON file"
    }
  }
}
