internal import ExchangeSettings
public import FilsluseBase
internal import Logging
internal import TriggerFiles

extension Exchange {
  /// The result of looking after the journal.
  public struct JournalUpkeep: Sendable {
    /// The number of deliveries and arrivals removed because they ended longer ago than the settings keep them.
    public let forgotten: Int
    /// The time of the last entry from before yesterday, where that is more than a month ago by the clock. The clock
    /// may be wrong, so nothing was removed; 26 hours later it will be.
    public let doubtfulSince: Timestamp?
    /// The last entry's number and hash. They are also in the log, which is kept apart from the journal.
    public let anchor: JournalAnchor
  }

  /// Does the daily maintenance of the journal: removes deliveries and arrivals that ended longer ago than `keep:` of
  /// the settings (none without that, and none while the clock is in doubt), and logs the chain's anchor.
  ///
  /// - Throws: ``ExchangeError`` with code `journal`.
  public func keepUpJournal(now: Timestamp = .now) async throws(ExchangeError) -> JournalUpkeep {
    var forgotten = 0
    var doubtfulSince: Timestamp?
    if settings.keep != nil || settings.routes.contains(where: { $0.outgoing?.keepSent != nil }) {
      doubtfulSince = try await journal.noteClockDoubt(at: now)
    }
    if let doubtfulSince {
      let (clock, last) = (WallClock.denmark.stamp(at: now), WallClock.denmark.stamp(at: doubtfulSince))
      logger.say(
        .error,
        LocalizedText(
          "journal: by the clock it is \(clock), and the last entry from before yesterday is of \(last); nothing is forgotten for a day: see whether the clock is right",
          "journalen: uret siger \(clock), og den sidste post fra før i går er fra \(last); intet glemmes i et døgn: se efter, om uret går rigtigt"
        ))
    } else if let keep = settings.keep {
      forgotten = try await journal.forget(endedBefore: now.earlier(by: keep))
      if forgotten > 0 {
        logger.say(
          .info,
          LocalizedText(
            "journal: forgot \(forgotten.counted("delivery or arrival", "deliveries and arrivals")) that ended more than \(DurationText.format(keep)) ago",
            "journalen: glemte \(forgotten.counted("levering eller modtagelse", "leveringer og modtagelser")), som sluttede for mere end \(DurationText.format(keep)) siden"
          ))
      }
    }
    let anchor = try await journal.anchor()
    logger.say(.info, LocalizedText("journal: anchor \(anchor)", "journalen: anker \(anchor)"))
    return JournalUpkeep(forgotten: forgotten, doubtfulSince: doubtfulSince, anchor: anchor)
  }
}
