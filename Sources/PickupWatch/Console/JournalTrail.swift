package import FileExchange
package import FilsluseBase
package import TriggerFiles

/// The journal's entries of a delivery or an arrival.
package struct JournalTrail: Sendable, Hashable {
  /// One entry.
  package struct Entry: Sendable, Hashable, Identifiable {
    /// The entry's number.
    package var id: Int64
    /// The time.
    package var at: Timestamp
    /// The state that was reached, or another event, as people read it.
    package var title: LocalizedText
    /// More about it, with CPR-like numbers masked.
    package var detail: LocalizedText?

    /// Describes an entry.
    package init(id: Int64, at: Timestamp, title: LocalizedText, detail: LocalizedText? = nil) {
      self.id = id
      self.at = at
      self.title = title
      self.detail = detail
    }

    init(_ entry: JournalEntry) {
      self.init(id: entry.number, at: entry.at, title: entry.title, detail: entry.detailText?.map(Masked.name))
    }
  }

  /// The number of entries that are shown, the last ones.
  static let mostEntries = 500

  /// The delivery or arrival; its name is bare.
  package var line: JournalLine
  /// The entries, in order.
  package var entries: [Entry]

  /// Describes a trail.
  package init(line: JournalLine, entries: [Entry]) {
    self.line = line
    self.entries = entries
  }

  /// The name on the wire, with CPR-like numbers masked.
  package var fileName: String { Masked.name(line.wireName.string) }
}
