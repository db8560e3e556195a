public import TriggerFiles

/// The reason why a finding has ended.
public struct FindingEnding: Sendable, Hashable, Codable {
  /// True if the cause is gone: the file came, was fetched, was answered. Otherwise only its time has passed.
  public var isMended = true
  /// The reason, in words.
  public var why: LocalizedText
}

extension FindingEnding {
  /// Describes an end, with its reason in Danish and in English.
  init(isMended: Bool = true, da: String, en: String) {
    self.init(isMended: isMended, why: LocalizedText(da: da, en: en))
  }

  /// The account is no longer watched, so its present state is unknown.
  static let unwatched = Self(
    isMended: false, da: "Kontoen overvåges ikke mere, så der vides ikke, om det er løst.",
    en: "the account is no longer watched, so that nothing is known of it any more")

  /// All members of the group have ended.
  static let membersOver = Self(
    da: "Alle de fund, som alarmen samlede, er overstået.",
    en: "everything that the alert stood for is over")
}
