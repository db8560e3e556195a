public import FilsluseSystem
public import TriggerFiles

/// The watcher's knowledge at one moment: the content of the status page, the metrics and `/api/status.json`.
///
/// The names of the properties are the keys of the JSON, and stay. Texts from outside (names of files and senders) may
/// hold anything; CPR-like numbers in them are masked when the snapshot is taken.
public struct WatchStatus: Sendable, Hashable, Codable {
  /// The form of the JSON; it rises when a key changes its meaning or goes.
  public private(set) var form = 1
  /// The version of Filsluse.
  public var version: String
  /// The time of the snapshot.
  public var taken: Timestamp
  /// The time at which the watcher began.
  public var started: Timestamp
  /// The zone of the clock that the page shows, such as `Europe/Copenhagen`.
  public var timeZone: String
  /// The interval between two looks into each inbox, in seconds.
  public var lookEverySeconds: Int
  /// The reason why the stored state cannot be read or written; `nil` when it can.
  public var storeTrouble: String?
  /// The sinks that failed three times and more.
  public var sinkTroubles: [SinkTrouble]
  /// The InfRefs that the settings name. Metrics put files of any other under one label.
  public var infRefs: [String]
  /// The accounts that are watched, in the order of the settings.
  public var inboxes: [InboxStatus]
  /// The pick-up times, day by day.
  public var pickUps: [PickUpSeries]
  /// The files expected, and those that came.
  public var expected: [ExpectedSeries]
  /// The alerts that are open, and those that were over lately.
  public var alerts: [AlertStatus]
  /// The last deliveries and arrivals, the latest first.
  public var exchanges: [ExchangeStatus]
  /// The monitoring gaps, the latest first.
  public var gaps: [WatchGap]

  /// Describes a moment; what is not given is empty.
  public init(
    version: String, taken: Timestamp, started: Timestamp, timeZone: String = "Europe/Copenhagen",
    lookEverySeconds: Int = 60, storeTrouble: String? = nil, sinkTroubles: [SinkTrouble] = [],
    infRefs: [String] = [], inboxes: [InboxStatus] = [], pickUps: [PickUpSeries] = [], expected: [ExpectedSeries] = [],
    alerts: [AlertStatus] = [],
    exchanges: [ExchangeStatus] = [], gaps: [WatchGap] = []
  ) {
    self.version = version
    self.taken = taken
    self.started = started
    self.timeZone = timeZone
    self.lookEverySeconds = lookEverySeconds
    self.storeTrouble = storeTrouble
    self.sinkTroubles = sinkTroubles
    self.infRefs = infRefs
    self.inboxes = inboxes
    self.pickUps = pickUps
    self.expected = expected
    self.alerts = alerts
    self.exchanges = exchanges
    self.gaps = gaps
  }
}

/// A monitoring gap: the page makes no claim about punctuality in it.
public struct WatchGap: Sendable, Hashable, Codable {
  /// The last moment before it at which the watcher is known to have watched.
  public var from: Timestamp
  /// The end of the gap; `nil` while it lasts.
  public var until: Timestamp?
  /// The account that it is about; `nil` for all of them.
  public var account: String?
  /// The reason, where it is known.
  public var reason: LocalizedText?

  /// Describes a gap.
  public init(from: Timestamp, until: Timestamp?, account: String? = nil, reason: LocalizedText? = nil) {
    self.from = from
    self.until = until
    self.account = account
    self.reason = reason
  }
}
