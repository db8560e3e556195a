public import TriggerFiles

/// A text that a test writes once stands for itself in both languages.
extension LocalizedText: ExpressibleByStringInterpolation {
  /// The same text twice.
  public init(stringLiteral text: String) { self.init(da: text, en: text) }
}
