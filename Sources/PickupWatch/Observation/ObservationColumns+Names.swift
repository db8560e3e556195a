internal import FilsluseStore

extension ObservationColumns {
  /// True if one of a pair's two files is missing. In OUT a trigger without data is the platform's to take; in IN
  /// either half needs the other.
  private static let isHalf =
    "(data_seen IS NOT NULL AND sidecar_seen IS NULL OR place = 0 AND data_seen IS NULL AND sidecar_seen IS NOT NULL)"

  /// True if the row's derived state is out of date: it is marked half or whole, unread because it was gone (and is
  /// there again), or there at all, and that has changed.
  private static let isUnsettled = """
    (place < 2 AND (half_since IS NULL) = \(isHalf) OR reading = 5 AND sidecar_seen IS NOT NULL
      OR data_seen IS NULL AND sidecar_seen IS NULL)
    """

  /// Updates an observation (?1) from a look (?2, the one before ?3). A file to read that has a problem was tried
  /// before, and has not changed since.
  static let settling = """
    UPDATE observation SET
      gone = CASE WHEN data_seen IS NULL AND sidecar_seen IS NULL THEN ?2 END,
      last_seen = CASE WHEN data_seen IS NULL AND sidecar_seen IS NULL THEN ?3 ELSE last_seen END,
      half_since = CASE WHEN place = 2 OR data_seen IS NULL AND sidecar_seen IS NULL THEN half_since
        WHEN \(isHalf) THEN coalesce(half_since, ?2) END,
      problem = CASE WHEN reading IN (5, \(refused)) AND sidecar_seen IS NOT NULL THEN coalesce(problem, '') ELSE problem END,
      reading = CASE WHEN reading IN (5, \(refused)) AND sidecar_seen IS NOT NULL THEN 0 ELSE reading END
    WHERE id = ?1 AND gone IS NULL AND (\(isUnsettled) OR \(isRefused))
    """

  /// True if the server refused the sidecar file that is there.
  private static let isRefused = "(reading = \(refused) AND sidecar_seen IS NOT NULL)"

  /// The greatest number of sidecars read again at a look: a server that refuses all is not asked for all each time.
  private static let mostReadAgain = 200

  /// Reads an inbox's files for comparing names, and the observations that must be settled in any case.
  static func readNames(
    of inbox: Int64, in database: SQLConnection, into known: inout KnownNames, unsettled: inout [Int64]
  ) throws {
    let statement = """
      SELECT id, place, name, data_seen IS NOT NULL, data_size, data_modified, sidecar_seen IS NOT NULL, sidecar_size,
        sidecar_modified, \(isUnsettled), \(isRefused) FROM observation WHERE inbox = ? AND gone IS NULL
      """
    let rows = try database.rows(statement, [inbox])
    var refused: [Int64] = []
    while let row = try rows.next() {
      let id = try row.int(0)
      let place = Int(try row.int(1))
      try row.withBlob(2) { name in
        for (part, column) in [(ListingEntry.Part.data, 3), (.sidecar, 6)] where try row.bool(column) {
          let hash = KnownNames.hash(
            place: place, part: part, name: name, size: try row.optionalInt(column + 1),
            modified: try row.optionalInt(column + 2))
          known.add(KnownNames.PartID(id, part), hash: hash)
        }
      }
      if try row.bool(9) { unsettled.append(id) } else if try row.bool(10) { refused.append(id) }
    }
    unsettled += refused.shuffled().prefix(mostReadAgain)
  }
}
