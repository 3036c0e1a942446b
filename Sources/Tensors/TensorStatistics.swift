/// What the values of a tensor are like.
public struct TensorStatistics: Sendable, Equatable {
  /// The number of values.
  public private(set) var count = 0
  /// The values that are 0.
  public private(set) var zeros = 0
  /// The values that are no number.
  public private(set) var nans = 0
  /// The values that are infinite.
  public private(set) var infinities = 0
  /// The least finite value; 0 where there is none.
  public var min: Double { finite > 0 ? least : 0 }
  /// The greatest finite value; 0 where there is none.
  public var max: Double { finite > 0 ? greatest : 0 }
  /// The mean of the finite values.
  public var mean: Double { finite > 0 ? origin + sum / Double(finite) : 0 }
  /// The standard deviation of the finite values: √(Σ (x − mean)² / n).
  public var std: Double {
    guard finite > 0 else { return 0 }
    let shift = sum / Double(finite)
    return Swift.max(squares / Double(finite) - shift * shift, 0).squareRoot()
  }

  private var finite: Int { count - nans - infinities }
  private var least = Double.infinity
  private var greatest = -Double.infinity
  // Sums of distances from the first value, so that a large mean costs no digits.
  private var origin = 0.0
  private var sum = 0.0
  private var squares = 0.0

  /// Of no values.
  public init() {}

  /// Of a tensor; int8 values are taken as they are stored.
  public init(_ tensor: Tensor) {
    switch tensor.element {
    case .float32: tensor.withFloats { for value in $0 { add(Double(value)) } }
    case .int8: tensor.withInt8 { for value in $0 { add(Double(value)) } }
    }
  }

  /// Takes one more value into account.
  ///
  /// - Parameter value: The value.
  public mutating func add(_ value: Double) {
    count += 1
    guard value.isFinite else {
      if value.isNaN { nans += 1 } else { infinities += 1 }
      return
    }
    if finite == 1 { origin = value }
    if value == 0 { zeros += 1 }
    if value < least { least = value }
    if value > greatest { greatest = value }
    let distance = value - origin
    sum += distance
    squares += distance * distance
  }
}
