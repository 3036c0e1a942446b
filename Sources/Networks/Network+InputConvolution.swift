extension Network {
  /// The first convolution that reads the network's input: its filters can be looked at as images.
  public var inputConvolution: Node? {
    nodes.first { node in
      if case .convolution = node.operation { return node.inputs == [Self.inputName] }
      return false
    }
  }
}
