/// A text in Danish and in English.
public struct LocalizedText: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The text in Danish.
  public var da: String
  /// The text in English.
  public var en: String

  /// Creates a text from its two wordings.
  public init(da: String, en: String) {
    self.da = da
    self.en = en
  }

  /// A text and its translation.
  package init(_ english: String, _ danish: String) { self.init(da: danish, en: english) }

  /// A name, a number or the like, which is the same in both languages.
  package init(_ value: String) { self.init(da: value, en: value) }

  /// The text in a language.
  public subscript(language: ReportLanguage) -> String {
    switch language {
    case .english: en
    case .danish: da
    }
  }

  /// The text in English.
  public var description: String { en }

  /// Both texts, changed in the same way.
  package func map(_ change: (String) -> String) -> Self { Self(da: change(da), en: change(en)) }

  /// One text behind the other in both languages.
  package static func + (one: Self, other: Self) -> Self { Self(da: one.da + other.da, en: one.en + other.en) }
}
