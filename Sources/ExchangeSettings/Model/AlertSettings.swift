public import FilsluseSystem

/// Settings for the watcher's alerts: language, delay, repetition, and sinks.
public struct AlertSettings: Sendable, Hashable {
  /// The language that alerts are worded in.
  public enum Language: String, Sendable, Hashable, CaseIterable {
    /// Danish.
    case danish = "da"
    /// English.
    case english = "en"
  }

  /// The language.
  public var language: Language
  /// The local clock for times in alerts and for maintenance windows; with ``WatchSettings`` always that of their time
  /// zone.
  public var wallClock: WallClock
  /// The time for which a problem must last before an alert is sent; zero sends it with the look that finds it.
  public var fireAfter: Duration
  /// The repeat interval of an alert that is not acknowledged.
  public var repeatEvery: Duration
  /// The number of new alerts of one inbox in one look above which they are grouped into one.
  public var foldAbove: Int
  /// Hours in which no new alerts are sent, by ``wallClock``; alerts still firing when the window ends are sent then.
  public var maintenance: [WeeklyHours]
  /// The sinks of alerts, in the order of the file.
  public var sinks: [AlertSink]

  /// The default repeat interval.
  public static let usualRepetition = Duration.seconds(4 * 3600)
  /// The default number of new alerts of a look that are sent one by one.
  public static let usualFold = 10

  /// Creates settings for alerts; without sinks, alerts are kept and listed but sent nowhere.
  public init(
    language: Language = .danish, wallClock: WallClock = .denmark, fireAfter: Duration = .zero,
    repeatEvery: Duration = usualRepetition, foldAbove: Int = usualFold, maintenance: [WeeklyHours] = [],
    sinks: [AlertSink] = []
  ) {
    self.language = language
    self.wallClock = wallClock
    self.fireAfter = fireAfter
    self.repeatEvery = repeatEvery
    self.foldAbove = foldAbove
    self.maintenance = maintenance
    self.sinks = sinks
  }
}
