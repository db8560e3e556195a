/// Text from outside, made fit for a terminal: nothing in it moves the cursor or hides.
enum Printable {
  static func text(_ text: String) -> String {
    if plainWidth(text) != nil { return text }
    var printable = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate:
        printable += "‹U+\(hexadecimal(scalar.value))›"
      default: printable.unicodeScalars.append(scalar)
      }
    }
    return printable
  }

  /// How many columns a text takes in which there is nothing but visible ASCII, spaces, and letters as Danish and its
  /// neighbours write them; `nil` for any other. Long lists are mostly that, and looking up what each character is takes
  /// longest.
  static func plainWidth(_ text: String) -> Int? {
    var text = text
    return text.withUTF8 { bytes in
      var width = 0
      for byte in bytes {
        switch byte {
        // U+00C0 to U+017F are the characters that begin with C3, C4 or C5.
        case 0x20...0x7E, 0xC3...0xC5: width += 1
        case 0x80...0xBF: break
        default: return nil
        }
      }
      return width
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
