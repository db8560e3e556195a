/// Text in addresses and forms, where bytes may be written as `%` and two hexadecimal digits (RFC 3986, section 2.1).
package enum PercentEncoding {
  /// Encodes a text for a path segment or a query value.
  package static func encoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return encoded
  }

  /// Decodes a part of a path; `nil` for invalid UTF-8, or a `%` without two digits.
  package static func decoded(_ text: some StringProtocol) -> String? {
    decoded(Array(text.utf8)[...], plusIsBlank: false)
  }

  /// Decodes bytes; `nil` for invalid UTF-8, or a `%` without two digits.
  ///
  /// - Parameter plusIsBlank: true in forms and queries, where a blank is sent as a plus.
  static func decoded(_ bytes: ArraySlice<UInt8>, plusIsBlank: Bool) -> String? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var rest = bytes
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+") where plusIsBlank: decoded.append(0x20)
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
