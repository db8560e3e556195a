/// A name that begins as a known one does, give or take the mistakes that people make (contract section 4).
struct InfRefSpelling {
  private(set) var hasHyphen = false
  private(set) var hasOtherCase = false
  private(set) var hasOtherLetters = false
  /// The characters behind the stem.
  private(set) var rest: [Unicode.Scalar]

  init(rest: [Unicode.Scalar]) { self.rest = rest }

  /// Follows a stem through a text; `nil` when the text goes another way.
  init?(stem: String, in text: String) {
    rest = Array(text.unicodeScalars)
    var at = 0
    for wanted in stem.unicodeScalars {
      while at < rest.count, Self.hyphens.contains(rest[at]) {
        hasHyphen = true
        at += 1
      }
      guard at < rest.count else { return nil }
      if rest[at] == wanted {
        at += 1
      } else if Self.lowered(rest[at]) == Self.lowered(wanted) {
        hasOtherCase = true
        at += 1
      } else if Self.lowered(wanted) == "\u{F8}", Self.standIns.contains(Self.lowered(rest[at])) {
        hasOtherLetters = true
        at += Self.lowered(rest[at]) == "o" && at + 1 < rest.count && Self.lowered(rest[at + 1]) == "e" ? 2 : 1
      } else {
        return nil
      }
    }
    rest.removeFirst(at)
  }

  private static let hyphens: Set<Unicode.Scalar> = ["-", "\u{2010}", "\u{2011}", "\u{AD}"]

  /// Characters that people and programs write for `ø`.
  private static let standIns: Set<Unicode.Scalar> = ["o", "\u{F6}", "0", "?", "\u{FFFD}"]

  static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  static func lowered(_ text: String) -> String {
    string(text.unicodeScalars.map(Self.lowered))
  }

  private static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x41...0x5A, 0xC0...0xD6, 0xD8...0xDE: Unicode.Scalar(scalar.value + 0x20) ?? scalar
    default: scalar
    }
  }

  /// Returns true if a text contains a digit.
  static func hasDigit(_ text: String) -> Bool { text.utf8.contains { (0x30...0x39).contains($0) } }

  /// The stem that a name begins with.
  static func stem(of name: String, among stems: [String]) -> String? {
    stems.first { InfRefSpelling(stem: $0, in: name) != nil }
  }
}
