/// A message, or a piece of one, in English and in Danish.
///
/// `LocalizedText` stands in a target that this one does not know.
struct MessageText: Sendable, Equatable {
  /// The text in English.
  var en: String
  /// The text in Danish, to follow a colon.
  var da: String

  /// A text and its translation.
  init(_ english: String, _ danish: String) { (en, da) = (english, danish) }

  /// A name, a number or the like, which is the same in both languages.
  init(_ value: String) { (en, da) = (value, value) }

  /// No text.
  static let empty = MessageText("")
  /// The word between the last two of a list that has all of them.
  static let and = MessageText(" and ", " og ")
  /// The word between the last two of a list of alternatives.
  static let or = MessageText(" or ", " eller ")

  /// One text behind the other in both languages.
  static func + (one: Self, other: Self) -> Self { Self(one.en + other.en, one.da + other.da) }
}

extension Sequence<MessageText> {
  /// The texts with a separator between them.
  func joined(by separator: MessageText) -> MessageText {
    MessageText(map(\.en).joined(separator: separator.en), map(\.da).joined(separator: separator.da))
  }
}
