internal import Images

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What a page is made of.
package enum HTML {
  /// A text as it may stand between tags and in quoted attributes, whatever characters it holds.
  package static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // Control characters, line breaks among them, have no place in a name.
      case _ where scalar.value < 32 || scalar.value == 127: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A text of several lines, which stay.
  static func escape(lines text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { escape(String($0)) }
      .joined(separator: "\n")
  }

  /// An image element that holds its PNG.
  static func image(_ image: Image, alt: String) throws -> String {
    let data = Data(try image.png()).base64EncodedString()
    return "<img alt=\"\(escape(alt))\" width=\"\(image.width)\" "
      + "height=\"\(image.height)\" src=\"data:image/png;base64,\(data)\">"
  }
}
