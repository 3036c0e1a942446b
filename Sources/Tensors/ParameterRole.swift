/// What a tensor is to the node that it belongs to; the raw value is its name in checkpoints and in
/// PyTorch's state dicts.
public enum ParameterRole: String, Codable, Hashable, Sendable, CaseIterable, Comparable {
  /// Filters, a matrix, or batch norm's γ.
  case weight
  /// Bias, or batch norm's β.
  case bias
  /// Batch norm's running mean; not trained.
  case runningMean = "running_mean"
  /// Batch norm's running variance, unbiased; not trained.
  case runningVariance = "running_var"

  /// The order in which a node's tensors are listed.
  public static func < (left: ParameterRole, right: ParameterRole) -> Bool {
    left.position < right.position
  }

  private var position: Int {
    switch self {
    case .weight: 0
    case .bias: 1
    case .runningMean: 2
    case .runningVariance: 3
    }
  }

  /// Whether gradient descent changes it; the rest are statistics.
  public var isTrainable: Bool { self == .weight || self == .bias }
}
