package import FilsluseBase
package import TriggerFiles

/// The watcher's knowledge at one moment: the content of the status page, the metrics and `/api/status.json`.
///
/// The names of the properties are the keys of the JSON, and stay. Texts from outside (names of files and senders) may
/// hold anything; CPR-like numbers in them are masked when the snapshot is taken.
package struct WatchStatus: Sendable, Hashable, Encodable {
  /// The form of the JSON; it rises when a key changes its meaning or goes.
  package let form = 1
  /// The version of Filsluse.
  package var version: String
  /// The time of the snapshot.
  package var taken: Timestamp
  /// The time of the watcher's start.
  package var started: Timestamp
  /// The time zone of the page's clock, such as `Europe/Copenhagen`.
  package var timeZone = "Europe/Copenhagen"
  /// The interval between two looks into each inbox, in seconds.
  package var lookEverySeconds = 60
  /// The reason why the stored state cannot be read or written; `nil` when it can.
  package var storeTrouble: StoreTrouble?
  /// The sinks that failed three times and more.
  package var sinkTroubles: [SinkTrouble] = []
  /// The InfRefs that the settings name. Metrics put files of any other under one label.
  package var infRefs: [ShownInfRef] = []
  /// The accounts that are watched, in the order of the settings.
  package var inboxes: [InboxStatus] = []
  /// The pick-up times, day by day.
  package var pickUps: [PickUpSeries] = []
  /// The expected files, and their outcome.
  package var expected: [ExpectedSeries] = []
  /// The open alerts, and those resolved lately.
  package var alerts: [Alert] = []
  /// The last deliveries and arrivals, the latest first.
  package var exchanges: [ExchangeStatus] = []
  /// The monitoring gaps, the latest first.
  package var gaps: [WatchGap] = []
  /// The reason why acknowledging and silencing are refused: it is not known which machine leads the watch. `nil` if
  /// they are allowed.
  package var refusalOfActs: LocalizedText?
  /// The notice that another machine leads the watch, and what that means for acknowledging and silencing; `nil` if
  /// this one does, or it is not known.
  package var standby: LocalizedText?

  /// True while the watcher starts or takes up new settings: its database is not open then.
  package var isStarting: Bool { storeTrouble == .starting }

  /// All properties except the alerts, which the JSON words as the page does, and those for the pages only.
  private enum CodingKeys: CodingKey {
    case form, version, taken, started, timeZone, lookEverySeconds, storeTrouble, sinkTroubles, infRefs, inboxes
    case pickUps, expected, exchanges, gaps
  }
}

/// The reason why the stored state cannot be read or written. In JSON it is its text.
package enum StoreTrouble: Sendable, Hashable, Encodable {
  /// The watcher starts or takes up new settings.
  case starting
  /// The database fails, with the text of the error.
  case failing(String)

  /// The reason in words.
  package var text: String {
    switch self {
    case .starting: "the watcher is starting"
    case .failing(let text): text
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// A monitoring gap: the page makes no claim about punctuality in it.
package struct WatchGap: Sendable, Hashable, Codable {
  /// The last time before the gap that the watcher is known to have watched.
  package var from: Timestamp
  /// The end of the gap; `nil` while it lasts.
  package var until: Timestamp?
  /// The account of the gap; `nil` for all of them.
  package var account: String?
  /// The reason, where it is known.
  package var reason: LocalizedText?
}
