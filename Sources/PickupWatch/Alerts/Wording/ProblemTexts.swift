internal import FileExchange
internal import FilsluseBase

/// The words for the open problems of a journal.
enum ProblemTexts {
  /// Returns the meaning of a problem and its remedy, in Danish.
  static func danish(_ kind: OpenProblem.Kind) -> KindText {
    text(kind.danishExplanation, kind.remedy.da, kind)
  }

  /// Returns the meaning of a problem and its remedy, in English.
  static func english(_ kind: OpenProblem.Kind) -> KindText { text(kind.explanation, kind.remedy.en, kind) }

  private static func text(_ explanation: String, _ remedy: Remedy, _ kind: OpenProblem.Kind) -> KindText {
    let title = explanation.prefix(1).uppercased() + explanation.dropFirst()
    let contact: Contact =
      switch kind {
      case .refused, .overdue: .routes
      case .quarantined, .different, .vanished: .sender
      default: .own
      }
    return KindText(title: title, meaning: title + ".", remedy: remedy, contact: contact)
  }
}
