public import Tensors

extension Weights {
  /// The tensor of a parameter.
  public subscript(parameter: Parameter) -> Tensor? {
    get { self[parameter.node, parameter.role] }
    set { self[parameter.node, parameter.role] = newValue }
  }
}
