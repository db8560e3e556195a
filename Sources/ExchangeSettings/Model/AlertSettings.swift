public import FilsluseBase
public import SystemPackage

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
  /// The least duration of a problem before an alert is sent; zero sends it with the scan that finds it.
  public var fireAfter: Duration
  /// The repeat interval of an alert that is not acknowledged.
  public var repeatEvery: Duration
  /// The number of new alerts of one inbox in one look above which they are grouped into one.
  public var groupAbove: Int
  /// Hours without new alerts, by ``wallClock``; alerts still firing at the end are sent then.
  public var maintenance: [WeeklyHours]
  /// The console's address for links in notifications; `nil` for no links.
  public var console: String?
  /// The sinks of alerts, in the order of the file.
  public var sinks: [AlertSink]

  /// The default repeat interval.
  public static let defaultRepetition = Duration.seconds(4 * 3600)
  /// The default number of new alerts of a look that are sent one by one.
  public static let defaultGroupAbove = 10

  /// Creates settings for alerts; without sinks, alerts are kept and listed but sent nowhere.
  public init(
    language: Language = .danish, wallClock: WallClock = .denmark, fireAfter: Duration = .zero,
    repeatEvery: Duration = defaultRepetition, groupAbove: Int = defaultGroupAbove, maintenance: [WeeklyHours] = [],
    console: String? = nil, sinks: [AlertSink] = []
  ) {
    self.language = language
    self.wallClock = wallClock
    self.fireAfter = fireAfter
    self.repeatEvery = repeatEvery
    self.groupAbove = groupAbove
    self.maintenance = maintenance
    self.console = console
    self.sinks = sinks
  }
}

/// A place that alerts are sent to.
public enum AlertSink: Sendable, Hashable {
  /// The watcher's own log.
  case log(LogTarget)
  /// A program that finds the alert as JSON on its standard input.
  case command(CommandTarget)
  /// E-mail by the machine's own sendmail.
  case mail(MailTarget)
  /// An HTTP address that takes JSON; the program curl posts to it.
  case webhook(WebhookTarget)

  /// The log, and the level of the log lines.
  public struct LogTarget: Sendable, Hashable {
    /// A level of the log.
    public enum Level: String, Sendable, Hashable, CaseIterable {
      /// By the alert's severity: `warning` for a warning, `error` for a critical one, `notice` for a resolution.
      case severity
      /// Always at this level.
      case info, notice, warning, error, critical
    }

    /// The level.
    public var level: Level

    /// Describes the log.
    public init(level: Level = .severity) { self.level = level }
  }

  /// A program that is run for each notice, without a shell.
  public struct CommandTarget: Sendable, Hashable {
    /// The program and its arguments.
    public var command: [String]
    /// The time limit for one run.
    public var timeout: Duration

    /// Describes the program.
    public init(command: [String], timeout: Duration = usualTimeout) {
      self.command = command
      self.timeout = timeout
    }
  }

  /// A mailbox.
  public struct MailTarget: Sendable, Hashable {
    /// The recipients of the mail.
    public var to: [String]
    /// The sender of the mail; its part after the @ is also used in the Message-ID.
    public var from: String
    /// The program that sends the mail, called with `-t -i`.
    public var sendmail: FilePath
    /// The time limit for one mail.
    public var timeout: Duration

    /// The path of `sendmail` in Debian's mail programs.
    public static let usualSendmail = FilePath("/usr/sbin/sendmail")

    /// Describes a mailbox.
    public init(
      to: [String], from: String, sendmail: FilePath = usualSendmail, timeout: Duration = usualTimeout
    ) {
      self.to = to
      self.from = from
      self.sendmail = sendmail
      self.timeout = timeout
    }
  }

  /// An HTTP address.
  public struct WebhookTarget: Sendable, Hashable {
    /// The format of the body.
    public enum Form: String, Sendable, Hashable, CaseIterable {
      /// The alert as one JSON object, the same that a command gets.
      case json
      /// The format of `POST /api/v2/alerts` of Prometheus Alertmanager.
      case alertmanager
    }

    /// The address, http or https; it may hold a secret and is not logged.
    public var url: String
    /// A file with a single line, which is sent as `Authorization: Bearer …`; the file is read for each notification.
    public var tokenFile: FilePath?
    /// The format of the body.
    public var form: Form
    /// The time limit for an answer.
    public var timeout: Duration

    /// Describes an address.
    public init(url: String, tokenFile: FilePath? = nil, form: Form = .json, timeout: Duration = usualTimeout) {
      self.url = url
      self.tokenFile = tokenFile
      self.form = form
      self.timeout = timeout
    }
  }

  /// The default time limit of a sink for one notification.
  public static let usualTimeout = Duration.seconds(30)
}
