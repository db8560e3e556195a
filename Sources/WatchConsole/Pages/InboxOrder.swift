internal import PickupWatch

/// The order of the table of inboxes by one of its columns, as the field `sort` of an address holds it: `files` for the
/// smallest value first, `-files` for the greatest.
struct InboxOrder: Sendable, Hashable {
  /// The name of the field.
  static let field = "sort"

  /// A column of the table.
  enum Column: String, Sendable, Hashable, CaseIterable {
    case name, files, oldest

    /// The order that the column's heading leads to first: names from A on, the most files, the furthest past the limit.
    fileprivate var first: InboxOrder { InboxOrder(column: self, isDescending: self != .name) }
  }

  let column: Column
  let isDescending: Bool

  /// Every order there is.
  static let all = Column.allCases.flatMap { column in
    [false, true].map { InboxOrder(column: column, isDescending: $0) }
  }

  /// The value in an address.
  var value: String { (isDescending ? "-" : "") + column.rawValue }

  /// The address of the first screen with the table in that order, at the table.
  var address: String {
    PageAddress.with(PageAddress.overview, [(name: Self.field, value: value)]) + "#inboxes"
  }

  /// The order that the heading of a column leads to: the other direction of the one that the table is in.
  static func next(_ column: Column, after order: InboxOrder?) -> InboxOrder {
    guard let order, order.column == column else { return column.first }
    return InboxOrder(column: column, isDescending: !order.isDescending)
  }

  /// Sorts rows. Those whose value is not known stand last in either direction; equal ones stay as they are.
  func sorted(_ rows: [InboxRow], in status: WatchStatus) -> [InboxRow] {
    var known: [(key: Key, offset: Int, row: InboxRow)] = []
    var unknown: [InboxRow] = []
    for (offset, row) in rows.enumerated() {
      if let key = key(of: row, in: status) {
        known.append((key: key, offset: offset, row: row))
      } else {
        unknown.append(row)
      }
    }
    known.sort { one, other in
      if one.key == other.key { return one.offset < other.offset }
      return isDescending ? one.key > other.key : one.key < other.key
    }
    return known.map { $0.row } + unknown
  }

  /// The parts that rows are compared by, of which each column uses its own.
  private typealias Key = (name: String, share: Double, number: Int)

  /// The value of a row in the column; `nil` where it is not known, or there is none.
  private func key(of row: InboxRow, in status: WatchStatus) -> Key? {
    if column == .name { return (name: row.id.lowercased(), share: 0, number: 0) }
    guard row.shownState(in: status) != .blind, row.status.lastLook != nil else { return nil }
    if column == .files { return (name: "", share: 0, number: row.files) }
    // A file without a limit stands after those that have one.
    return row.oldest.map { oldest in (name: "", share: oldest.limitShare ?? -1, number: oldest.ageSeconds) }
  }

  /// The order in words, for the table's caption.
  func words(_ voice: PageVoice) -> String {
    switch (column, isDescending) {
    case (.name, false): voice.say("Indbakker efter navn", "Inboxes by name")
    case (.name, true): voice.say("Indbakker efter navn, bagfra", "Inboxes by name, from the end")
    case (.files, false): voice.say("Indbakker, færrest filer først", "Inboxes, the fewest files first")
    case (.files, true): voice.say("Indbakker, flest filer først", "Inboxes, the most files first")
    case (.oldest, false):
      voice.say("Indbakker, længst fra grænsen først", "Inboxes, furthest from the limit first")
    case (.oldest, true):
      voice.say("Indbakker, længst over grænsen først", "Inboxes, furthest past the limit first")
    }
  }
}
