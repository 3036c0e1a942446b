/// The key of an operation's attribute in a node's JSON, which is one flat object:
/// `{"name", "type", "inputs", …the operation's attributes}`. Each operation's file has its keys.
package struct OperationKey: CodingKey, Hashable, Sendable, ExpressibleByStringLiteral {
  package let stringValue: String
  package var intValue: Int? { nil }

  package init(stringValue: String) { self.stringValue = stringValue }

  package init?(intValue: Int) { nil }

  package init(stringLiteral value: String) { stringValue = value }

  // Those that more than one operation has.
  static let kernelSize: OperationKey = "kernelSize"
  static let stride: OperationKey = "stride"
  static let padding: OperationKey = "padding"
  static let bias: OperationKey = "bias"
}

extension KeyedDecodingContainer {
  /// The value of a key, which must be there.
  func attribute<Value: Decodable>(_ key: Key) throws -> Value {
    do {
      return try decode(Value.self, forKey: key)
    } catch let error where !(error is DecodingError) {
      // The decoder's own error for a number beyond the type; it would lose its place.
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "expected a number in range, whole for counts")
    }
  }

  /// The value of a key, or its default.
  func attribute<Value: Decodable>(_ key: Key, or usual: Value) throws -> Value {
    contains(key) ? try attribute(key) : usual
  }
}
