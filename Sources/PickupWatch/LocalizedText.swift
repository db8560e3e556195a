/// The same in Danish and English.
public struct LocalizedText: Sendable, Hashable, Codable {
  /// In Danish.
  public var da: String
  /// In English.
  public var en: String

  /// Says something in both languages.
  public init(da: String, en: String) {
    self.da = da
    self.en = en
  }

  /// Both texts, changed in the same way.
  func map(_ change: (String) -> String) -> Self { Self(da: change(da), en: change(en)) }

  /// One text behind the other in both languages.
  static func + (one: Self, other: Self) -> Self { Self(da: one.da + other.da, en: one.en + other.en) }
}
