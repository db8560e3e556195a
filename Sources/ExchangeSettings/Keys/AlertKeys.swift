internal import SystemPackage
internal import TriggerFiles
internal import Yams

extension AlertSettings {
  fileprivate static let table = KeyTable("Alerts", blank: AlertSettings()) { table in
    table.key(
      "language", \.language,
      .word(
        LocalizedText("da or en", "da eller en"),
        remedy: LocalizedText("da is Danish, en is English", "da er dansk, en er engelsk")),
      "The language that alerts are worded in.")
    table.key(
      "fire-after", \.fireAfter,
      .period(
        LocalizedText("a period up to 7d such as 5m, or 0s", "et tidsrum på højst 7d som 5m, eller 0s"), from: .zero,
        to: .seconds(7 * 86_400),
        remedy: LocalizedText("0s tells at the look that finds it", "0s melder det, så snart det er set")),
      "How long a problem must last before its alert is sent; 2m lets short breaks pass.")
    table.key(
      "repeat-every", \.repeatEvery,
      .period(
        LocalizedText("a period from 1m to 30d such as 4h", "et tidsrum fra 1m til 30d som 4h"), from: .seconds(60),
        to: .seconds(30 * 86_400)),
      "How often an alert is sent again, until somebody says: filsluse alerts ack NUMBER.")
    table.key(
      "group-above", \.groupAbove,
      .number(
        upTo: 10_000,
        remedy: LocalizedText(
          "so many new alerts of one scan are sent one by one", "så mange nye alarmer fra et gennemløb sendes enkeltvis"
        )),
      "More new alerts of an inbox in one look are sent as one.")
    table.key(
      "maintenance", \.maintenance, .list(of: .hours, LocalizedText("hours", "tidsrum")),
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
    let expected = LocalizedText(
      "a list of sinks: log, command, mail or webhook", "en liste over kanaler: log, command, mail eller webhook")
    let list = ValueType.list(of: .sink, expected)
    return Self(
      expected: expected,
      read: { entry, reader in
        guard let sinks = list.read(entry, reader) else { return nil }
        for (index, sink) in sinks.enumerated() where sinks[..<index].contains(sink) {
          entry.list(expected)?[index].report(
            .conflict,
            LocalizedText(
              "found the same sink twice, expected each once", "fandt samme kanal to gange, forventede hver én gang"),
            remedy: LocalizedText("remove one of the two", "fjern den ene"))
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
    let all = SinkForm.sinks.map { name($0) }.joined(separator: ", ")
    guard found.count == 1, let sink = found.first else {
      report(
        .conflict,
        .found(
          found.isEmpty
            ? LocalizedText("none", "ingen")
            : LocalizedText(found.joined(separator: " and "), found.joined(separator: " og ")),
          expected: LocalizedText("one of \(all)", "en af \(all)")),
        remedy: LocalizedText("write an entry of its own for each sink", "skriv hver kanal som sit eget led"))
      return nil
    }
    if self[\.timeout] != nil, self[\.command] == nil {
      refuse(
        [\.timeout],
        { timeout in
          LocalizedText(
            "found a \(timeout) beside \(sink), expected it beside a command only",
            "fandt \(timeout) ved siden af \(sink), forventede den kun ved en command")
        },
        remedy: self[\.log] != nil
          ? LocalizedText("remove it", "fjern den")
          : LocalizedText("write it inside \(sink)", "skriv den under \(sink)"),
        code: .unknownKey)
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
      "to", \.to, .list(of: .mailAddress, LocalizedText("e-mail addresses", "mailadresser")),
      missing: LocalizedText("the addresses that mail goes to", "de adresser, som mail sendes til"),
      "The addresses that mail goes to.")
    table.required(
      "from", \.from, .mailAddress,
      missing: LocalizedText("the address that mail comes from", "den adresse, som mail kommer fra"),
      "The address that it comes from.")
    table.key("sendmail", \.sendmail, .path, "The program that takes the mail, called with -t -i.")
    table.key("timeout", \.timeout, .sinkTimeout, "The time limit for one mail.")
  }
}

extension AlertSink.WebhookTarget {
  fileprivate static let table = KeyTable("Webhooks", blank: AlertSink.WebhookTarget(url: "")) { table in
    table.required(
      "url", \.url, .webAddress, missing: LocalizedText("the address to post to", "den adresse, der sendes til"),
      "The address, http or https.")
    table.optional(
      "token-file", \.tokenFile, .path,
      "A file whose only line is sent as a bearer token; its owner alone may read it.")
    table.key(
      "form", \.form, .word(LocalizedText("json or alertmanager", "json eller alertmanager")),
      "json: the object that a command gets; alertmanager: as Prometheus Alertmanager takes it.")
    table.key("timeout", \.timeout, .sinkTimeout, "The time limit for an answer.")
  }
}

extension SectionFields<AlertSink.WebhookTarget> {
  fileprivate mutating func checkToken() {
    if form.tokenFile != nil, let address = WebAddress(form.url), !address.isEncrypted, !address.isLocal {
      warn(
        .badValue, at: \.tokenFile,
        LocalizedText(
          "the token goes over the network for anybody to read, expected an https address",
          "tokenet går læseligt for alle over nettet, forventede en https-adresse"),
        remedy: LocalizedText("use https", "brug https"))
    }
  }
}

// MARK: Values of a sink

extension ValueType<AlertSink.LogTarget> {
  fileprivate static var logTarget: Self {
    let levels = AlertSink.LogTarget.Level.allCases.map(\.rawValue).joined(separator: ", ")
    return .text(
      LocalizedText("one of \(levels)", "en af \(levels)"),
      remedy: LocalizedText("severity is as grave as the alert", "severity er lige så alvorlig som alarmen"),
      { AlertSink.LogTarget.Level(rawValue: $0).map { AlertSink.LogTarget(level: $0) } },
      write: { .plain($0.level.rawValue) })
  }
}

extension ValueType<Duration> {
  fileprivate static var sinkTimeout: Self {
    .period(LocalizedText("a period from 1s to 10m", "et tidsrum fra 1s til 10m"), from: .seconds(1), to: .seconds(600))
  }
}

extension ValueType<String> {
  fileprivate static var mailAddress: Self {
    .text(
      LocalizedText("an e-mail address such as drift@example.dk", "en mailadresse som drift@example.dk"),
      remedy: LocalizedText("write the address alone, without a name", "skriv adressen alene, uden navn")
    ) {
      MailAddress.isSound($0)
    }
  }

  /// The address of the console; a link is the address with the page's path behind it. Pages name each other from the
  /// root, so that the console cannot be below a path.
  fileprivate static var consoleAddress: Self {
    address(
      LocalizedText(
        "an http or https address without a path such as https://filsluse.example.dk",
        "en http- eller https-adresse uden sti som https://filsluse.example.dk"),
      like: "https://filsluse.example.dk",
      remedy: LocalizedText(
        "the console cannot be below a path: give it a host name or a port of its own at the proxy, and write no path, no question mark, no user name and no password here, ASCII only",
        "konsollen kan ikke ligge under en sti: giv den sit eget værtsnavn eller sin egen port i proxyen, og skriv ingen sti, intet spørgsmålstegn, intet brugernavn og ingen adgangskode her, kun ASCII"
      )
    ) { $0.hasNoPath }
  }

  fileprivate static var webAddress: Self {
    address(
      LocalizedText("an http or https address", "en http- eller https-adresse"),
      like: "https://alerts.example.dk/hook",
      remedy: LocalizedText(
        "no user names or passwords in it, ASCII only; a token belongs into token-file",
        "ingen brugernavne eller adgangskoder i den, kun ASCII; et token hører til i token-file"))
  }

  /// An address may hold a secret: a message never shows it.
  private static func address(
    _ expected: LocalizedText, like example: String, remedy: LocalizedText,
    where fits: @escaping @Sendable (WebAddress) -> Bool = { _ in true }
  ) -> Self {
    Self(expected: expected) { entry, _ in
      guard let text = entry.text(expected) else { return nil }
      guard let address = WebAddress(text), fits(address) else {
        entry.report(
          .badValue,
          LocalizedText(
            "found an address that cannot be used, expected one such as \(example)",
            "fandt en adresse, der ikke kan bruges, forventede en som \(example)"), remedy: remedy)
        return nil
      }
      return address.text
    } write: { address, _ in
      .text(address)
    }
  }
}
