/// Text from outside, made fit for a terminal: nothing in it moves the cursor or hides.
enum Printable {
  static func text(_ text: String) -> String {
    if isPlain(text) { return text }
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

  /// Whether there is nothing but visible ASCII, spaces, and letters as Danish and its neighbours write them: one column
  /// each. Long lists are mostly that, and looking up what each character is takes longest.
  static func isPlain(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) || (0xC0...0x17F).contains($0.value) }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
