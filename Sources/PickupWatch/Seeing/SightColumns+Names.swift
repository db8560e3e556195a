internal import Foundation
internal import GRDB

extension SightColumns {
  /// Whether one of a pair's two files is missing. In OUT a trigger without data is the platform's to take; in IN either
  /// half wants the other.
  private static let isHalf =
    "(data_seen IS NOT NULL AND note_seen IS NULL OR place = 0 AND data_seen IS NULL AND note_seen IS NOT NULL)"

  /// Whether a sight that lies there says of itself what is not so any more: that it is half or whole, that it was gone
  /// when it was to be read (it is there again), or that it is there at all.
  private static let isUnsettled = """
    (place < 2 AND (half_since IS NULL) = \(isHalf) OR reading = 5 AND note_seen IS NOT NULL
      OR data_seen IS NULL AND note_seen IS NULL)
    """

  /// Lets a sight (?1) say what a look (?2, the one before ?3) has shown. What is to be read and has a problem was tried
  /// before, and has not changed since.
  static let settling = """
    UPDATE sight SET
      gone = CASE WHEN data_seen IS NULL AND note_seen IS NULL THEN ?2 END,
      last_seen = CASE WHEN data_seen IS NULL AND note_seen IS NULL THEN ?3 ELSE last_seen END,
      half_since = CASE WHEN place = 2 OR data_seen IS NULL AND note_seen IS NULL THEN half_since
        WHEN \(isHalf) THEN coalesce(half_since, ?2) END,
      problem = CASE WHEN reading IN (5, \(refused)) AND note_seen IS NOT NULL THEN coalesce(problem, '') ELSE problem END,
      reading = CASE WHEN reading IN (5, \(refused)) AND note_seen IS NOT NULL THEN 0 ELSE reading END
    WHERE id = ?1 AND gone IS NULL AND (\(isUnsettled) OR \(isRefused))
    """

  /// Whether the server did not hand out the small file that lies there.
  private static let isRefused = "(reading = \(refused) AND note_seen IS NOT NULL)"

  /// How many of those are read again at a look: a server that refuses all is not to be asked for all each time.
  private static let mostReadAgain = 200

  /// Reads what lies in an inbox, as names are compared with it, and which sights are to be settled anyway.
  static func readNames(
    of inbox: Int64, in database: Database, into known: inout KnownNames, unsettled: inout [Int64]
  ) throws {
    let statement = try database.cachedStatement(
      sql: """
        SELECT id, place, name, data_seen IS NOT NULL, data_size, data_modified, note_seen IS NOT NULL, note_size,
          note_modified, \(isUnsettled), \(isRefused) FROM sight WHERE inbox = ? AND gone IS NULL
        """)
    let rows = try Row.fetchCursor(statement, arguments: [inbox])
    var refused: [Int64] = []
    while let row = try rows.next() {
      let id: Int64 = row[0]
      let place: Int = row[1]
      try row.withUnsafeData(atIndex: 2) { name in
        for (part, column) in [(SeenName.Part.data, 3), (.note, 6)] where row[column] {
          let hash = (name ?? Data()).withUnsafeBytes {
            KnownNames.hash(place: place, part: part, name: $0, size: row[column + 1], modified: row[column + 2])
          }
          known.add(KnownNames.PartID(id, part), hash: hash)
        }
      }
      if row[9] { unsettled.append(id) } else if row[10] { refused.append(id) }
    }
    unsettled += refused.shuffled().prefix(mostReadAgain)
  }
}
