internal import FoundationEssentials

/// Writes values as JSON that is safe to display: characters that ``VisibleText`` calls invisible are escaped as
/// `\uXXXX`, so that a JSON parser restores them.
package struct JSONText: Sendable {
  private let encoder: JSONEncoder

  /// - Parameter isPretty: whether it is written on several lines, for people.
  package init(pretty isPretty: Bool = false) {
    encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
  }

  /// The value as JSON, its keys in the order of the alphabet.
  ///
  /// - Throws: `EncodingError`, for a number that JSON has not.
  package func text(_ value: some Encodable) throws -> String {
    Self.escaped(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// JSON is ASCII outside of its strings, so each such character is in a string.
  static func escaped(_ json: String) -> String {
    if VisibleText.hasPlainLines(json) { return json }
    var escaped = ""
    escaped.reserveCapacity(json.utf8.count + 64)
    for scalar in json.unicodeScalars {
      if scalar == "\n" || VisibleText.isVisible(scalar) {
        escaped.unicodeScalars.append(scalar)
      } else {
        for unit in UTF16.encode(scalar).map(Array.init) ?? [] {
          let digits = String(unit, radix: 16)
          escaped += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }
      }
    }
    return escaped
  }
}
