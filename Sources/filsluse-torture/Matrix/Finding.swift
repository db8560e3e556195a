/// Something that must not happen, and happened.
struct Finding: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    case lost
    case doubled
    case damaged
    case foreignRemoved = "foreign things removed"
    case hookMissed = "hooks missed"
    case stuck = "runs that did not finish"
    case left = "things left behind"
    case journalDamaged = "journals damaged"
    /// The journal was refused as an older copy, or as replaced, although no one had touched it.
    case journalRefused = "false refusals of a journal"
    case stateMissed = "states never killed in"
  }

  let kind: Kind
  let what: String

  /// Finds refusals of a journal in a run's output. No journal was replaced, so each of them is false.
  static func refusals(in words: String, of run: String) -> [Finding] {
    words.split(separator: "\n").filter { line in
      ["this is an older copy", "while this process had it open", "there was a journal here", "and that was cut short"]
        .contains { line.contains($0) }
    }.map { Finding(kind: .journalRefused, what: "\(run): \($0)") }
  }
}
