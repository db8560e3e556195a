/// The explanation of a code for a person who met it: its meaning, its usual cause, the remedy, and the contact.
///
/// Each code has its explanation in its source file, in both languages; a command lists them all.
package struct Explanation: Sendable {
  /// A sentence in both languages; its steps are worded when it is shown.
  package struct Sentence: Sendable, Hashable {
    /// The sentence in English.
    package let en: Remedy
    /// The sentence in Danish.
    package let da: Remedy

    /// Creates a sentence from its two wordings.
    package init(_ english: Remedy, _ danish: Remedy) { (en, da) = (english, danish) }
  }

  /// The meaning of the code.
  package let meaning: Sentence
  /// The usual cause.
  package let cause: Sentence
  /// The remedy.
  package let remedy: Sentence
  /// The contact if the remedy does not help.
  package let contact: Contact

  /// Joins the sentences of an explanation, each first in English and then in Danish.
  package init(
    _ meaning: Remedy, _ danishMeaning: Remedy, cause: Remedy, _ danishCause: Remedy, remedy: Remedy,
    _ danishRemedy: Remedy, ask contact: Contact
  ) {
    self.init(
      Sentence(meaning, danishMeaning), cause: Sentence(cause, danishCause), remedy: Sentence(remedy, danishRemedy),
      ask: contact)
  }

  /// Joins existing sentences.
  package init(_ meaning: Sentence, cause: Sentence, remedy: Sentence, ask contact: Contact) {
    (self.meaning, self.cause, self.remedy, self.contact) = (meaning, cause, remedy, contact)
  }
}

/// The party to contact (contract section 5).
package enum Contact: Sendable, Hashable, CaseIterable {
  /// InfRef and declaration.
  case infRef
  /// Routes, monitoring and the server.
  case routes
  /// The sender of the file, and the platform if that does not help.
  case sender
  /// The recipient of the file, and the platform if that does not help.
  case recipient
  /// The organisation's own IT operations.
  case own
}
