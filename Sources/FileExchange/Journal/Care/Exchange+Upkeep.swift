internal import ExchangeSettings
public import FilsluseSystem
internal import Logging

extension Exchange {
  /// What looking after the journal brought.
  public struct JournalUpkeep: Sendable {
    /// How many deliveries and arrivals were forgotten because they ended longer ago than the settings keep them.
    public let forgotten: Int
    /// The last entry's number and hash, now also in the log: a line that lies elsewhere than the journal.
    public let anchor: JournalAnchor
  }

  /// Looks after the journal, as once a day is enough: forgets what ended longer ago than `keep:` in the settings says
  /// (nothing without it), and logs the chain's anchor.
  ///
  /// - Throws: ``ExchangeError`` with code `journal`.
  public func keepUpJournal(now: Timestamp = .now) async throws(ExchangeError) -> JournalUpkeep {
    var forgotten = 0
    if let keep = settings.keep {
      forgotten = try await journal.forget(endedBefore: now.earlier(by: keep))
      if forgotten > 0 {
        logger.info(
          "journal: \(forgotten) deliveries and arrivals that ended more than \(DurationText.format(keep)) ago are forgotten"
        )
      }
    }
    let anchor = try await journal.anchor()
    logger.info("journal: anchor \(anchor)")
    return JournalUpkeep(forgotten: forgotten, anchor: anchor)
  }
}
