internal import ExchangeSettings
internal import FilsluseBase
internal import Logging
package import TriggerFiles

/// Sends notifications to one place.
protocol AlertSender: Sendable {
  /// Its name in the store and in the log: the same for the same settings, and without secrets.
  var name: String { get }

  /// Sends a notification; returns when the other side has it. Never takes longer than it may, and stops when
  /// cancelled.
  func send(_ notification: AlertNotification) async throws(SendingFailure)
}

/// The names of sinks as people read them; the database and JSON keep the English ones.
package enum SinkName {
  private static let kinds = [
    LocalizedText("log at ", "log på niveau "), LocalizedText("command ", "program "),
    LocalizedText("mail to ", "mail til "),
  ]

  /// Returns a sink's name in both languages.
  package static func title(of name: String) -> LocalizedText {
    guard let kind = kinds.first(where: { name.hasPrefix($0.en) }) else { return LocalizedText(name) }
    return LocalizedText(name, kind.da + name.dropFirst(kind.en.count))
  }
}

/// The reason why a notification could not be sent, in words that are safe to log.
struct SendingFailure: Error, CustomStringConvertible {
  /// The reason in both languages.
  let text: LocalizedText
  /// The pause that the other side asks for, if any.
  let retryAfter: Duration?

  init(_ text: LocalizedText, retryAfter: Duration? = nil) {
    self.text = text
    self.retryAfter = retryAfter
  }

  init(_ english: String, _ danish: String) { self.init(LocalizedText(english, danish)) }

  /// The reason in English.
  var description: String { text.en }
}

extension AlertSink {
  /// Creates the sender of the sink.
  ///
  /// - Parameter withheld: the environment variables that no program may get.
  func sender(withholding withheld: Set<String>, repeatEvery: Duration, logger: Logger) -> any AlertSender {
    switch self {
    case .log(let target): LogSender(target, logger: logger)
    case .command(let target): CommandSender(target, withheld: withheld)
    case .mail(let target): MailSender(target, withheld: withheld)
    case .webhook(let target): WebhookSender(target, withheld: withheld, repeatEvery: repeatEvery)
    }
  }

  /// Returns a mark that distinguishes two sinks of one form; an address may hold a secret, so only its digest is
  /// shown.
  static func mark(_ parts: [String]) -> String {
    var digest = SHA256()
    digest.update(Array(parts.joined(separator: "\0").utf8))
    return "#\(digest.finish().hex.prefix(8))"
  }
}

extension AlertNotification {
  /// The notification as JSON on one line.
  func json() throws(SendingFailure) -> String {
    do { return try JSONText().text(self) } catch {
      throw SendingFailure(
        "the notification cannot be written as JSON: \(error)", "beskeden kan ikke skrives som JSON: \(error)")
    }
  }
}
