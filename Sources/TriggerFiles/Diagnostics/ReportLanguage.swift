/// The languages of findings.
public enum ReportLanguage: String, Sendable, Hashable, Codable, CaseIterable {
  /// English.
  case english = "en"
  /// Danish.
  case danish = "da"
}
