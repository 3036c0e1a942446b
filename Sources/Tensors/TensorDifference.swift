/// How far two tensors of one shape and element type are apart.
public struct TensorDifference: Sendable, Equatable {
  /// The number of values.
  public let count: Int
  /// The values that are not bit for bit equal.
  public let differing: Int
  /// The greatest `|a − b|`.
  public let greatest: Double
  /// `greatest` as a share of the greatest `|a|`; 0 where both are 0.
  public let relative: Double

  /// Compares two tensors; nil where shape or element type differ.
  ///
  /// - Parameters:
  ///   - first: A tensor.
  ///   - second: Another.
  public init?(_ first: Tensor, _ second: Tensor) {
    guard first.shape == second.shape, first.element == second.element else { return nil }
    count = first.count
    var (differing, greatest, size) = (0, 0.0, 0.0)
    func compare(_ a: Double, _ b: Double, _ isEqual: Bool) {
      size = max(size, abs(a))
      guard !isEqual else { return }
      differing += 1
      greatest = max(greatest, abs(a - b))
    }
    switch first.element {
    case .float32:
      first.withFloats { a in
        second.withFloats { b in
          for index in a.indices {
            compare(Double(a[index]), Double(b[index]), a[index].bitPattern == b[index].bitPattern)
          }
        }
      }
    case .int8:
      first.withInt8 { a in
        second.withInt8 { b in
          for index in a.indices {
            compare(Double(a[index]), Double(b[index]), a[index] == b[index])
          }
        }
      }
    }
    self.differing = differing
    self.greatest = greatest
    relative = greatest == 0 ? 0 : greatest / size
  }
}
