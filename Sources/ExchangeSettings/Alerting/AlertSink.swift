public import SystemPackage

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

  /// The log, and at which level it is told.
  public struct LogTarget: Sendable, Hashable {
    /// A level of the log.
    public enum Level: String, Sendable, Hashable, CaseIterable {
      /// As grave as the alert is: `warning` for a warning, `error` for what is critical, `notice` when it is over.
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
    /// How long it may run.
    public var timeout: Duration

    /// Describes the program.
    public init(command: [String], timeout: Duration = usualTimeout) {
      self.command = command
      self.timeout = timeout
    }
  }

  /// Somebody's mailbox.
  public struct MailTarget: Sendable, Hashable {
    /// Whom the mail goes to.
    public var to: [String]
    /// Whom it comes from; the part after the @ also stands in its Message-ID.
    public var from: String
    /// The program that takes the mail, called with `-t -i`.
    public var sendmail: FilePath
    /// How long it may take.
    public var timeout: Duration

    /// Where Debian's mail programs put it.
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
    /// What is posted.
    public enum Form: String, Sendable, Hashable, CaseIterable {
      /// The alert as one JSON object, the same that a command gets.
      case json
      /// What `POST /api/v2/alerts` of Prometheus Alertmanager takes.
      case alertmanager
    }

    /// The address, http or https; it may hold a secret and is not logged.
    public var url: String
    /// A file whose only line is sent as `Authorization: Bearer …`; read anew for each notice.
    public var tokenFile: FilePath?
    /// What is posted.
    public var form: Form
    /// How long an answer may take.
    public var timeout: Duration

    /// Describes an address.
    public init(url: String, tokenFile: FilePath? = nil, form: Form = .json, timeout: Duration = usualTimeout) {
      self.url = url
      self.tokenFile = tokenFile
      self.form = form
      self.timeout = timeout
    }
  }

  /// How long a sink may take for one notice unless the settings say otherwise.
  public static let usualTimeout = Duration.seconds(30)
}
