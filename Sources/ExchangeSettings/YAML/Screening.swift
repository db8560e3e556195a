internal import TriggerFiles

/// Checks the raw text before the YAML parser reads it, for input that the parser does not handle safely.
enum Screening {
  /// Returns the text without a byte order mark; reports a refused text and returns `nil`.
  static func screened(_ text: String, log: ProblemLog) -> String? {
    var scalars = text.unicodeScalars[...]
    if scalars.first == "\u{FEFF}" { scalars = scalars.dropFirst() }
    guard refuseControlCharacters(in: scalars, log: log), refuseAliasBombs(in: scalars, log: log) else { return nil }
    return String(scalars)
  }

  private static func refuseControlCharacters(in scalars: Substring.UnicodeScalarView, log: ProblemLog) -> Bool {
    var place = Place(line: 1, column: 1)
    for scalar in scalars {
      if scalar == "\n" {
        place = Place(line: place.line + 1, column: 1)
        continue
      }
      guard isAllowed(scalar) else {
        log.report(
          .unacceptable, at: place,
          .found(
            LocalizedText("the character ", "tegnet ")
              + LocalizedText("U+\(String(scalar.value, radix: 16, uppercase: true))"),
            expected: LocalizedText("printable text", "tekst, der kan vises")),
          remedy: LocalizedText("remove it", "fjern det"))
        return false
      }
      place.column += 1
    }
    return true
  }

  /// Returns true for a character that YAML allows, except the private planes, which `DoubledKeys` uses.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x1_0000...0xE_FFFF: true
    default: false
    }
  }

  /// A handful of anchors that name each other grow to billions of nodes, and the parser compares keys node by node.
  /// Settings need neither anchors nor aliases: few enough to be harmless are refused later, each at its place.
  private static func refuseAliasBombs(in scalars: Substring.UnicodeScalarView, log: ProblemLog) -> Bool {
    var counts: [Unicode.Scalar: Int] = [:]
    var previous: Unicode.Scalar = " "
    for scalar in scalars {
      if previous == "*" || previous == "&", scalar.isASCII, scalar.properties.isAlphabetic || isDigitOrDash(scalar) {
        counts[previous, default: 0] += 1
      }
      previous = scalar
    }
    guard counts["&", default: 0] > 0, counts["*", default: 0] > 8 else { return true }
    log.report(
      .unacceptable, at: nil,
      .found(
        LocalizedText("more than 8 YAML aliases (*name)", "mere end 8 YAML-aliaser (*name)"),
        expected: LocalizedText("none", "ingen")),
      remedy: LocalizedText("write the values out where they are needed", "skriv værdierne ud, hvor de skal bruges"))
    return false
  }

  private static func isDigitOrDash(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-"
  }
}
