public import FilsluseSystem
public import SystemPackage

/// What came of putting a backup in the journal's place.
public struct RestoredJournal: Sendable {
  /// Where the journal's former file lies now; `nil` where there was none.
  public let former: FilePath?
  /// Where the copies lie now that processes had saved when the journal was replaced under them, and from which was taken
  /// over what they tell.
  public let saved: [FilePath]
  /// When the backup's last entry was written: what was sent and received later is not in it.
  public let knowsUntil: Timestamp?
  /// How many deliveries of the time after that the former file could still tell of; they are taken over. Those that it
  /// had forgotten since are known again by their keys, and are not counted.
  public let deliveriesTakenOver: Int
  /// How many arrivals of that time it could still tell of, likewise.
  public let arrivalsTakenOver: Int
  /// Whether the former file could be read to its end.
  public let formerWasReadable: Bool
  /// How many entries were written, by the high-water mark, of which neither the backup nor the former file knows.
  public let lostEntries: Int
}
