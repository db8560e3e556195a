/// The languages of findings.
public enum ReportLanguage: String, Sendable, Hashable, Codable, CaseIterable {
  /// English.
  case english = "en"
  /// Danish.
  case danish = "da"
}

/// A sentence in every language of findings.
struct Wording: Sendable, Hashable {
  let english: String
  let danish: String

  init(_ english: String, _ danish: String) {
    self.english = english
    self.danish = danish
  }

  subscript(language: ReportLanguage) -> String {
    switch language {
    case .english: english
    case .danish: danish
    }
  }
}
