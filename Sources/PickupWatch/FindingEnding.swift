public import TriggerFiles

/// The reason why a finding has ended.
public struct FindingEnding: Sendable, Hashable, Codable {
  /// True if the cause is gone: the file came, was fetched, was answered. Otherwise only its time has passed.
  public var isMended: Bool
  /// The reason, in words.
  public var why: LocalizedText

  /// Describes an end.
  package init(isMended: Bool = true, why: LocalizedText) {
    self.isMended = isMended
    self.why = why
  }
}

extension FindingEnding {
  /// The account is no longer watched, so that nothing is known of it any more.
  static let unwatched = Self(
    isMended: false,
    why: LocalizedText(
      da: "Kontoen overvåges ikke mere, så der vides ikke, om det er løst.",
      en: "the account is no longer watched, so that nothing is known of it any more"))

  /// Everything that one alert stood for is over.
  static let membersOver = Self(
    why: LocalizedText(
      da: "Alle de fund, som alarmen samlede, er overstået.", en: "everything that the alert stood for is over"))
}
