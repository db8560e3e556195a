/// Text from outside, made fit for a terminal: nothing in it moves the cursor or hides.
enum Printable {
  static func text(_ text: String) -> String {
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

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
