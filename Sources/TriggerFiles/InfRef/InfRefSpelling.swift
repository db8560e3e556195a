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

  /// The name that differs least, if by two characters at most.
  static func nearest(to name: String, among names: [String]) -> String? {
    guard name.unicodeScalars.count <= 200 else { return nil }
    return names.map { ($0, distance($0, name)) }.filter { $0.1 <= 2 }.min { $0.1 < $1.1 }?.0
  }

  /// Returns the number of characters to add, remove or replace (Levenshtein).
  private static func distance(_ one: String, _ other: String) -> Int {
    let target = Array(other.unicodeScalars)
    var previous = Array(0...target.count)
    for (row, scalar) in one.unicodeScalars.enumerated() {
      var current = [row + 1]
      for column in target.indices {
        let replaced = previous[column] + (target[column] == scalar ? 0 : 1)
        current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
      }
      previous = current
    }
    return previous.last ?? 0
  }
}
