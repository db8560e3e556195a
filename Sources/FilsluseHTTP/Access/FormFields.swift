/// The fields of a form as browsers send it (`application/x-www-form-urlencoded`).
package struct FormFields: Sendable, Hashable {
  private let values: [String: String]

  /// Reads a body; `nil` where it is no such form, or a field comes twice.
  package init?(_ request: HTTPRequest) {
    let type = request.header("content-type")?.split(separator: ";").first ?? ""
    guard type.lowercased().filter({ $0 != " " }) == "application/x-www-form-urlencoded" else { return nil }
    var values: [String: String] = [:]
    for field in request.body.split(separator: UInt8(ascii: "&")) {
      let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count == 2 ? parts[1] : []),
        values.updateValue(value, forKey: name) == nil
      else { return nil }
    }
    self.values = values
  }

  /// The value of a field; `nil` where the form has none of that name.
  package subscript(name: String) -> String? { values[name] }

  private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
    var decoded: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): decoded.append(0x20)
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
          return nil
        }
        decoded.append(high << 4 | low)
      default: decoded.append(byte)
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
