public import FilsluseBase
public import SystemPackage

/// The result of a restoration.
public struct RestoredJournal: Sendable {
  /// The new path of the journal's former file; `nil` where there was none.
  public let former: FilePath?
  /// The new paths of the saved copies that were merged. Processes had saved them when the journal was replaced under
  /// them.
  public let saved: [FilePath]
  /// The time of the backup's last entry: later work is not in it.
  public let knowsUntil: Timestamp?
  /// The number of later deliveries merged from the former file. Those that it had removed since are known again by
  /// their tombstones, and are not counted.
  public let deliveriesTakenOver: Int
  /// The number of later arrivals merged from the former file.
  public let arrivalsTakenOver: Int
  /// True if the former file was read to its end.
  public let formerWasReadable: Bool
  /// The number of entries up to the high-water mark that neither the backup nor the former file holds.
  public let lostEntries: Int
}
