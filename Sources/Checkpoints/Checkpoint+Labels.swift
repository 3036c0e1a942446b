extension Checkpoint {
  /// The name of a class.
  ///
  /// - Parameter index: The class.
  /// - Returns: Its label; its index where it has none, or an empty one.
  public func label(_ index: Int) -> String { Self.label(index, of: labels) }

  /// The name of a class.
  ///
  /// - Parameters:
  ///   - index: The class.
  ///   - labels: The labels that there are.
  /// - Returns: Its label; its index where it has none, or an empty one.
  public static func label(_ index: Int, of labels: [String]) -> String {
    labels.indices.contains(index) && !labels[index].isEmpty ? labels[index] : "\(index)"
  }
}
