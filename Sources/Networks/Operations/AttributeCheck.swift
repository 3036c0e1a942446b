/// The rules for attributes, with messages that name the node.
package struct AttributeCheck {
  let node: String

  func invalid(_ attribute: OperationKey, _ value: String, _ rule: String) -> NetworkError {
    .invalidAttribute(node: node, attribute: attribute.stringValue, value: value, rule: rule)
  }

  func count(_ attribute: OperationKey, _ value: Int) throws {
    guard (1...Limits.attribute).contains(value) else {
      throw invalid(attribute, "\(value)", "must be from 1 to \(Limits.attribute)")
    }
  }

  func positive(_ attribute: OperationKey, _ extent: Extent) throws {
    try count(attribute, extent.height)
    try count(attribute, extent.width)
  }

  func number(
    _ attribute: OperationKey, _ value: Double, above low: Double, upTo high: Double
  ) throws {
    guard value > low, value <= high else {
      throw invalid(attribute, "\(value)", "must be above \(low) and at most \(high)")
    }
  }

  func padding(_ extent: Extent, rule: String, limit: (Extent) -> Bool) throws {
    guard extent.height >= 0, extent.width >= 0, limit(extent) else {
      throw invalid(.padding, "\(extent)", rule)
    }
  }
}
