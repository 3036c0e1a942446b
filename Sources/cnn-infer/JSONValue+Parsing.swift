import CommandSupport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension JSONValue {
  /// The value of a JSON text of a file, on one line whatever its layout; the text itself as a
  /// string where it is not JSON.
  static func parsed(_ text: String) -> JSONValue {
    let tree = try? JSONDecoder().decode(Tree.self, from: Data(text.utf8))
    return tree?.value ?? .string(text)
  }

  /// The members of an object as text, strings without their quotes; empty for other values.
  var members: [String: String] {
    guard case .object(let members) = self else { return [:] }
    return Dictionary(
      members.map { member in
        if case .string(let text) = member.value { return (member.key, text) }
        return (member.key, member.value.description)
      }, uniquingKeysWith: { $1 })
  }

  private struct Tree: Decodable {
    let value: JSONValue

    init(from decoder: any Decoder) throws {
      let single = try decoder.singleValueContainer()
      if single.decodeNil() {
        value = .null
      } else if let bool = try? single.decode(Bool.self) {
        value = .bool(bool)
      } else if let integer = try? single.decode(Int.self) {
        value = .integer(integer)
      } else if let number = try? single.decode(Double.self) {
        value = .number(number)
      } else if let string = try? single.decode(String.self) {
        value = .string(string)
      } else if let array = try? single.decode([Tree].self) {
        value = .array(array.map(\.value))
      } else {
        let members = try single.decode([String: Tree].self).sorted { $0.key < $1.key }
        value = .object(members.map { .init($0.key, $0.value.value) })
      }
    }
  }
}
