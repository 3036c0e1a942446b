import Files

extension DecodingError {
  /// The reason in one line, with the path to the value.
  var explanation: String {
    switch self {
    case .keyNotFound(let key, let context):
      "\(context.path)\(key.stringValue.quoted) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      context.path + context.reason
    @unknown default: "unreadable"
    }
  }
}

extension DecodingError.Context {
  /// `nodes[3].stride: `, or nothing at the top.
  fileprivate var path: String {
    var path = ""
    for key in codingPath {
      if let index = key.intValue {
        path += "[\(index)]"
      } else {
        path += (path.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return path.isEmpty ? "" : path.singleLine + ": "
  }

  /// The description's first line, and the parser's own words where it has any.
  fileprivate var reason: String {
    var reason = debugDescription.singleLine
    if let underlyingError { reason += " (\("\(underlyingError)".singleLine))" }
    return reason
  }
}

extension Decoder {
  /// Refuses an object with a key that means nothing here, a misspelt attribute say.
  func refuseUnknownKeys(_ place: String, known: [String]) throws {
    let found = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    // The smallest, so that the message does not depend on the dictionary's order.
    if let key = found.filter({ !known.contains($0) }).min() {
      throw NetworkError.unknownKey(key, place: place, known: known)
    }
  }
}

/// Any key of a JSON object.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }

  init?(intValue: Int) { nil }
}
