/// Text from outside, made fit for a message: one line, not too long, nothing invisible.
enum Quoted {
  private static let maximum = 80

  /// The text between English quotation marks.
  static func text(_ text: String) -> String { "“\(shown(text))”" }

  /// The text between Danish quotation marks.
  static func danish(_ text: String) -> String { "„\(shown(text))“" }

  /// The text between the quotation marks of each language.
  static func both(_ value: String) -> LocalizedText { LocalizedText(text(value), danish(value)) }

  private static func shown(_ text: String) -> String {
    var quoted = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
      guard count < maximum else {
        quoted += "…"
        break
      }
      if isVisible(scalar) {
        quoted.unicodeScalars.append(scalar)
      } else {
        quoted += name(of: scalar)
      }
    }
    return quoted
  }

  /// Writes an invisible character as `U+00AD` in angle quotes.
  static func name(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "‹U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + "›"
  }

  /// Returns true if a reader sees the character as itself; of blanks the space alone, since a no-break space in an
  /// InfRef looks like one and is another character. Apart from that it is the rule of `VisibleText` in FilsluseBase,
  /// which is no dependency here: it brings threads, programs and libcrypto along. `QuotedTests` compares the two.
  static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == " " { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned, .privateUse, .surrogate:
      return false
    default:
      return !scalar.properties.isDefaultIgnorableCodePoint
    }
  }
}
