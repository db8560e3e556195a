/// The rule for a text of a document, both read and built in code (contract section 2).
struct TextRule {
  /// The greatest length in Unicode scalars; `nil` for no limit.
  var maximum: Int?
  var mayBeEmpty = false

  /// Any text, also an empty one: texts from the platform are kept unchanged.
  static let anything = TextRule(mayBeEmpty: true)
  /// A text that is not blank.
  static let required = TextRule()
  /// A text with something in it and at most 255 characters.
  static let upTo255 = TextRule(maximum: 255)

  /// Returns the error in a text; `nil` if there is none.
  func error(in text: String) -> ValueError? {
    if !mayBeEmpty, XMLSpace.isAll(of: text) {
      return ValueError(
        code: .emptyValue,
        found: text.isEmpty
          ? ValueError.shown(text) : LocalizedText("nothing but white space", "ikke andet end blanktegn"),
        expected: LocalizedText("a value (section 2)", "en værdi (afsnit 2)"),
        remedy: LocalizedText("fill it in", "udfyld den"))
    }
    if let maximum, text.utf8.count > maximum {
      let count = text.unicodeScalars.count
      if count > maximum {
        return ValueError(
          code: .tooLong, found: LocalizedText("\(count) characters", "\(count) tegn"),
          expected: LocalizedText("at most \(maximum) (section 2)", "højst \(maximum) (afsnit 2)"),
          remedy: LocalizedText("shorten it", "afkort den"))
      }
    }
    if let scalar = text.unicodeScalars.first(where: { !XMLCharacter.isAllowed($0) }) {
      return ValueError(
        code: .forbiddenCharacter,
        found: LocalizedText("the character \(Quoted.name(of: scalar))", "tegnet \(Quoted.name(of: scalar))"),
        expected: LocalizedText("characters that XML can carry", "tegn, som XML kan bære"),
        remedy: LocalizedText("remove it", "fjern det"))
    }
    return nil
  }
}

/// The characters of XML 1.0 (production 2, Char).
enum XMLCharacter {
  static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}
