import FileExchange
import FilsluseBase
import TriggerFiles

/// A delivery or an arrival as a list shows it.
struct TrailLine: Columned {
  let id: String
  let began: String
  let state: String
  let name: String
  /// The route of a delivery, the sender of an arrival.
  let counterpart: String
  let infRef: String?
  let bytes: UInt64

  init(_ line: JournalLine, unmasked: Bool) {
    id = line.subject.shown
    began = line.begun.description
    state = line.state.name
    name = unmasked ? line.wireName : Masked.name(line.wireName)
    counterpart = line.counterpart
    infRef = line.infRef?.name
    bytes = line.size
  }

  static let columns: [(String, @Sendable (TrailLine) -> String?)] = [
    ("id", { $0.id }), ("began", { $0.began }), ("state", { $0.state }), ("name", { $0.name }),
    ("route or sender", { $0.counterpart }), ("infref", { $0.infRef }), ("bytes", { String($0.bytes) }),
  ]
}
