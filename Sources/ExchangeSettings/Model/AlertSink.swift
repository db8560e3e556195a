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

  /// The log, and the level of the log lines.
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
    /// Whom the mail goes to.
    public var to: [String]
    /// Whom it comes from; the part after the @ also stands in its Message-ID.
    public var from: String
    /// The program that takes the mail, called with `-t -i`.
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
    /// A file whose only line is sent as `Authorization: Bearer …`; it is read again for each notification.
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
