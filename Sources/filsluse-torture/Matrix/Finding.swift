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
    case stateMissed = "states never killed in"
  }

  let kind: Kind
  let what: String
}
