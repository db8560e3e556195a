internal import SystemPackage
internal import Yams

extension AlertSettings {
  fileprivate static let table = KeyTable("Alerts", blank: AlertSettings()) { table in
    table.key(
      "language", \.language, .word("da or en", remedy: "da is Danish, en is English"),
      "The language that alerts are worded in.")
    table.key(
      "fire-after", \.fireAfter,
      .period(
        "a period up to 7d such as 5m, or 0s", from: .zero, to: .seconds(7 * 86_400),
        remedy: "0s tells at the look that finds it"),
      "How long a problem must last before its alert is sent; 2m lets short breaks pass.")
    table.key(
      "repeat-every", \.repeatEvery,
      .period("a period from 1m to 30d such as 4h", from: .seconds(60), to: .seconds(30 * 86_400)),
      "How often an alert is sent again, until somebody says: filsluse alerts ack NUMBER.")
    table.key(
      "group-above", \.groupAbove,
      .number(upTo: 10_000, remedy: "so many new alerts of one scan are sent one by one"),
      "More new alerts of an inbox in one look are sent as one.")
    table.key(
      "maintenance", \.maintenance, .list(of: .hours, "hours"),
      "Hours in which no new alert is sent; those that still hold are sent after it.")
    table.optional(
      "console", \.console, .consoleAddress,
      "The address of the console, which alerts link to.")
    table.key(
      "sinks", \.sinks, .sinks, "Where alerts are sent: log, command, mail or webhook, an entry of its own for each.")
  }
}

extension ValueType<AlertSettings> {
  static var alerts: Self { .section(AlertSettings.table) }
}

/// A sink as the file writes it.
private struct SinkForm {
  var log: AlertSink.LogTarget?
  var command: [String]?
  var mail: AlertSink.MailTarget?
  var webhook: AlertSink.WebhookTarget?
  var timeout: Duration?

  static let table = KeyTable("Sinks of alerts", blank: SinkForm()) { table in
    table.optional(
      "log", \.log, .logTarget, unless: "another sink",
      "The watcher's own log, and the level of its lines; severity is as grave as the alert.")
    table.optional(
      "command", \.command, .command, unless: "another sink",
      "A program that finds the alert as a JSON object on its standard input; no shell.")
    table.optional(
      "mail", \.mail, .section(AlertSink.MailTarget.table), unless: "another sink",
      "E-mail by the machine's own sendmail.")
    table.optional(
      "webhook", \.webhook, .section(AlertSink.WebhookTarget.table) { $0.checkToken() }, unless: "another sink",
      "An address that takes JSON, posted to by the program curl.")
    table.optional(
      "timeout", \.timeout, .sinkTimeout, standard: AlertSink.usualTimeout,
      "The time limit of the command.")
  }

  static var sinks: [PartialKeyPath<SinkForm>] { [\.log, \.command, \.mail, \.webhook] }

  init() {}

  init(_ sink: AlertSink) {
    switch sink {
    case .log(let target): log = target
    case .command(let target): (command, timeout) = (target.command, target.timeout)
    case .mail(let target): mail = target
    case .webhook(let target): webhook = target
    }
  }
}

extension ValueType<[AlertSink]> {
  fileprivate static var sinks: Self {
    let expected = "a list of sinks: log, command, mail or webhook"
    let list = ValueType.list(of: .sink, expected)
    return Self(
      expected: expected,
      read: { entry, reader in
        guard let sinks = list.read(entry, reader) else { return nil }
        for (index, sink) in sinks.enumerated() where sinks[..<index].contains(sink) {
          entry.list(expected)?[index].report(
            .conflict, "found the same sink twice, expected each once", remedy: "remove one of the two")
        }
        return sinks
      }, write: list.write, nested: list.nested)
  }
}

extension ValueType<AlertSink> {
  fileprivate static var sink: Self {
    let mapping = ValueType.section(SinkForm.table, form: { SinkForm($0) }) { $0.readSink() }
    return Self(
      expected: mapping.expected,
      read: { entry, reader in
        entry.node.scalar?.string == "log" ? .log(AlertSink.LogTarget()) : mapping.read(entry, reader)
      }, write: mapping.write, nested: mapping.nested)
  }
}

extension SectionFields<SinkForm> {
  fileprivate mutating func readSink() -> AlertSink? {
    let found = present(SinkForm.sinks)
    guard found.count == 1, let sink = found.first else {
      report(
        .conflict,
        "found \(found.isEmpty ? "none" : found.joined(separator: " and ")), expected one of "
          + SinkForm.sinks.map { name($0) }.joined(separator: ", "),
        remedy: "write an entry of its own for each sink")
      return nil
    }
    if self[\.timeout] != nil, self[\.command] == nil {
      refuse(
        [\.timeout], { "found a \($0) beside \(sink), expected it beside a command only" },
        remedy: self[\.log] != nil ? "remove it" : "write it inside \(sink)", code: .unknownKey)
      return nil
    }
    readRest()
    guard isSound else { return nil }
    if let command = form.command {
      return .command(AlertSink.CommandTarget(command: command, timeout: form.timeout ?? AlertSink.usualTimeout))
    }
    return form.log.map { .log($0) } ?? form.mail.map { .mail($0) } ?? form.webhook.map { .webhook($0) }
  }
}

// MARK: Mail and webhook

extension AlertSink.MailTarget {
  fileprivate static let table = KeyTable("Mail", blank: AlertSink.MailTarget(to: [], from: "")) { table in
    table.required(
      "to", \.to, .list(of: .mailAddress, "e-mail addresses"), missing: "the addresses that mail goes to",
      "The addresses that mail goes to.")
    table.required(
      "from", \.from, .mailAddress, missing: "the address that mail comes from", "The address that it comes from.")
    table.key("sendmail", \.sendmail, .path, "The program that takes the mail, called with -t -i.")
    table.key("timeout", \.timeout, .sinkTimeout, "The time limit for one mail.")
  }
}

extension AlertSink.WebhookTarget {
  fileprivate static let table = KeyTable("Webhooks", blank: AlertSink.WebhookTarget(url: "")) { table in
    table.required("url", \.url, .webAddress, missing: "the address to post to", "The address, http or https.")
    table.optional(
      "token-file", \.tokenFile, .path,
      "A file whose only line is sent as a bearer token; its owner alone may read it.")
    table.key(
      "form", \.form, .word("json or alertmanager"),
      "json: the object that a command gets; alertmanager: as Prometheus Alertmanager takes it.")
    table.key("timeout", \.timeout, .sinkTimeout, "The time limit for an answer.")
  }
}

extension SectionFields<AlertSink.WebhookTarget> {
  fileprivate mutating func checkToken() {
    if form.tokenFile != nil, let address = WebAddress(form.url), !address.isEncrypted, !address.isLocal {
      warn(
        .badValue, at: \.tokenFile,
        "the token goes over the network for anybody to read, expected an https address", remedy: "use https")
    }
  }
}

// MARK: Values of a sink

extension ValueType<AlertSink.LogTarget> {
  fileprivate static var logTarget: Self {
    let levels = AlertSink.LogTarget.Level.allCases.map(\.rawValue).joined(separator: ", ")
    return .text(
      "one of \(levels)", remedy: "severity is as grave as the alert",
      { AlertSink.LogTarget.Level(rawValue: $0).map { AlertSink.LogTarget(level: $0) } },
      write: { .plain($0.level.rawValue) })
  }
}

extension ValueType<Duration> {
  fileprivate static var sinkTimeout: Self {
    .period("a period from 1s to 10m", from: .seconds(1), to: .seconds(600))
  }
}

extension ValueType<String> {
  fileprivate static var mailAddress: Self {
    .text("an e-mail address such as drift@example.dk", remedy: "write the address alone, without a name") {
      MailAddress.isSound($0)
    }
  }

  /// The address of the console; a link is the address with the page's path behind it.
  fileprivate static var consoleAddress: Self {
    address(
      "an http or https address such as https://filsluse.example.dk",
      remedy: "no user names or passwords and no question mark in it, ASCII only"
    ) { !$0.contains("?") }
  }

  fileprivate static var webAddress: Self {
    address(
      "an http or https address", example: "https://alerts.example.dk/hook",
      remedy: "no user names or passwords in it, ASCII only; a token belongs into token-file")
  }

  /// An address may hold a secret: a message never shows it.
  private static func address(
    _ expected: String, example: String? = nil, remedy: String,
    where fits: @escaping @Sendable (String) -> Bool = { _ in true }
  ) -> Self {
    Self(expected: expected) { entry, _ in
      guard let text = entry.text(expected) else { return nil }
      guard let address = WebAddress(text), fits(text) else {
        let wanted = example.map { "one such as \($0)" } ?? expected
        entry.report(
          .badValue, "found an address that cannot be used, expected \(wanted)", remedy: remedy)
        return nil
      }
      return address.text
    } write: { address, _ in
      .text(address)
    }
  }
}
