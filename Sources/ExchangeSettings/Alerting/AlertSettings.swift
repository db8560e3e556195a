public import FilsluseSystem

/// How the watcher tells people what it finds: in which language, how soon, how often, and where to.
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
  /// The clock on the wall that times are told and windows kept by: with ``WatchSettings`` always that of their time zone.
  public var wallClock: WallClock
  /// How long a thing must have been seen before it is told; zero for the look that finds it.
  public var fireAfter: Duration
  /// How often an alert that nobody has acknowledged is told again.
  public var repeatEvery: Duration
  /// How many new alerts of one inbox a single look may bring before they are folded into one.
  public var foldAbove: Int
  /// Hours in which nothing new is told, by ``wallClock``; what is still so when they end is told then.
  public var maintenance: [WeeklyHours]
  /// Where alerts are sent, in the order of the file.
  public var sinks: [AlertSink]

  /// How often alerts are repeated unless the settings say otherwise.
  public static let usualRepetition = Duration.seconds(4 * 3600)
  /// How many new alerts of a look are told one by one unless the settings say otherwise.
  public static let usualFold = 10

  /// Describes how people are told; without sinks, alerts are kept and listed but sent nowhere.
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
