import ExchangeSettings
import SystemPackage
import Testing

/// The settings of alerts: the section `alerts` of `watch`.
@Suite struct AlertSettingsTests {
  private func text(_ lines: String) -> String {
    let indented = lines.split(separator: "\n").map { "    \($0)\n" }.joined()
    return SettingsText.account + "watch:\n  alerts:\n" + indented
  }

  private func read(_ lines: String) throws -> AlertSettings {
    try ExchangeSettings.parse(text(lines), source: "/etc/filsluse/f.yaml").watch.alerts
  }

  /// The line on which what `text(_:)` was given begins.
  private static let first = 11

  private static let everything = """
    language: en
    fire-after: 5m
    repeat-every: 2h
    group-above: 25
    maintenance: ["sun 02:00-06:00", "daily 23:30-00:30"]
    console: "https://drift.example.dk:8443/"
    sinks:
      - log
      - log: critical
      - command: [./tell, --now]
        timeout: 10s
      - mail: { to: [drift@example.dk, vagt+sftp@sub.example.dk], from: filsluse@example.dk }
      - mail: { to: root@localhost, from: filsluse@example.dk, sendmail: /opt/mail/sendmail, timeout: 1m }
      - webhook: { url: "https://alerts.example.dk:8443/hook?x=1", token-file: keys/token }
      - webhook: { url: "http://127.0.0.1:9093/api/v2/alerts", form: alertmanager, timeout: 5s }
    """

  @Test("reads every setting of alerts")
  func readsEverything() throws {
    let alerts = try read(Self.everything)
    #expect(alerts.language == .english)
    #expect(alerts.fireAfter == .seconds(300))
    #expect(alerts.repeatEvery == .seconds(7200))
    #expect(alerts.groupAbove == 25)
    #expect(alerts.maintenance.map(\.description) == ["sun 02:00-06:00", "daily 23:30-00:30"])
    #expect(alerts.console == "https://drift.example.dk:8443/")
    #expect(
      alerts.sinks == [
        .log(AlertSink.LogTarget()), .log(AlertSink.LogTarget(level: .critical)),
        .command(AlertSink.CommandTarget(command: ["/etc/filsluse/tell", "--now"], timeout: .seconds(10))),
        .mail(AlertSink.MailTarget(to: ["drift@example.dk", "vagt+sftp@sub.example.dk"], from: "filsluse@example.dk")),
        .mail(
          AlertSink.MailTarget(
            to: ["root@localhost"], from: "filsluse@example.dk", sendmail: "/opt/mail/sendmail", timeout: .seconds(60))),
        .webhook(
          AlertSink.WebhookTarget(
            url: "https://alerts.example.dk:8443/hook?x=1", tokenFile: "/etc/filsluse/keys/token")),
        .webhook(
          AlertSink.WebhookTarget(
            url: "http://127.0.0.1:9093/api/v2/alerts", form: .alertmanager, timeout: .seconds(5))),
      ])
  }

  @Test("written settings read back the same")
  func whatIsWrittenReadsBackTheSame() throws {
    let settings = try ExchangeSettings.parse(text(Self.everything), source: "/etc/filsluse/f.yaml")
    #expect(try ExchangeSettings.parse(settings.yaml(), source: "/etc/filsluse/f.yaml") == settings)
  }

  @Test("settings left out have their defaults")
  func whatIsLeftOutIsAsUsual() throws {
    #expect(try read("language: da") == AlertSettings())
    #expect(AlertSettings().repeatEvery == .seconds(4 * 3600))
    #expect(AlertSettings().fireAfter == .zero)
    #expect(try read("fire-after: 0s").fireAfter == .zero)
    #expect(try ExchangeSettings.parse(SettingsText.account, source: "f.yaml").watch.alerts == AlertSettings())
  }

  @Test("every problem has its place and a remedy")
  func everyProblemHasItsPlaceAndARemedy() {
    let problems = SettingsText.problems(
      in: text(
        """
        language: dk
        fire-after: 8d
        repeat-every: 59s
        group-above: 0
        maintenance: [sundays]
        sinks:
          - logg
          - log: loud
          - { log: severity, timeout: 5s }
          - { log: severity, command: [x] }
          - command: "tell me"
          - mail: { to: [] , from: a@b.dk }
          - mail: { from: "Drift <a@b.dk>" }
          - webhook: { url: "ftp://x.dk" }
          - webhook: { url: "https://x.dk", form: xml, timeout: 1h }
          - {}
        """))
    let keys = problems.map { $0.split(separator: " ").dropFirst().prefix(2).joined(separator: " ") }
    let first = Self.first
    #expect(
      problems.map { Int($0.prefix { $0 != ":" }) ?? 0 }
        == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 12, 13, 14, 14, 15].map { $0 + first },
      "\(problems.joined(separator: "\n"))")
    #expect(keys.allSatisfy { $0.hasPrefix("error: watch.alerts.") }, "\(keys)")
    #expect(problems[0].contains("da or en"))
    #expect(
      problems[6].contains("log, command, mail or webhook") || problems[5].contains("log, command, mail, webhook"))
    for problem in problems { #expect(problem.contains("expected"), "\(problem)") }
  }

  @Test(
    "refuses addresses that are none",
    arguments: [
      "a@b@c.dk", "a b@c.dk", "@c.dk", "a@", "a@-c.dk", "a@c..dk", "a..b@c.dk", ".a@c.dk", "a@c.dk\\nBcc: x@y.dk",
      "a@c.dk\\r\\n", "ø@c.dk", "a@ø.dk", "a,b@c.dk", "<a@c.dk>", "\\\"a b\\\"@c.dk", "a@c.dk (x)",
    ])
  func refusesAddressesThatAreNone(address: String) {
    let codes = SettingsText.codes(
      in: text("sinks:\n  - mail: { to: [\"\(address)\"], from: filsluse@example.dk }"))
    #expect(codes.count == 1 && codes[0].contains("bad-value watch.alerts.sinks[0].mail.to[0]"), "\(codes)")
  }

  @Test(
    "refuses addresses of a console that no link can be made of, and never shows them",
    arguments: [
      "drift.example.dk", "http://u:hemmelig@x.dk/", "https://x.dk/?side=", "ftp://x.dk", "https://x.dk/#a", "",
      "https://x.dk?side=", "https://x.dk/filsluse", "https://x.dk:8443/filsluse/", "https://x.dk//",
    ])
  func refusesConsoles(address: String) {
    let problems = SettingsText.problems(in: text("console: \"\(address)\""))
    #expect(problems.count == 1 && problems[0].contains("watch.alerts.console"), "\(problems)")
    #expect(!problems.joined().contains("hemmelig"))
    // Pages name each other from the root: a proxy that puts a path before them would show the first page alone.
    #expect(
      address.isEmpty || problems.joined().contains("give it a host name or a port of its own at the proxy"),
      "\(problems)")
  }

  @Test("takes addresses of a console with a port and a slash", arguments: ["https://x.dk", "http://x.dk:8650/"])
  func takesConsoles(address: String) throws {
    #expect(try read("console: \"\(address)\"").console == address)
  }

  @Test(
    "refuses invalid web addresses and never shows them",
    arguments: [
      "https://", "https:///x", "http://u:hemmelig@x.dk/", "https://x.dk:0/", "https://x.dk:70000", "https://x .dk",
      "https://x.dk/\\r\\nHost: y", "file:///etc/passwd", "https://x.dk/#a", "HTTPS://x.dk", "https://-x.dk",
      "https://ø.dk", "https://[zz]/", "x.dk/hook", "https://x.dk/ø",
    ])
  func refusesAddressesOfTheWebThatAreNoneAndNeverShowsThem(address: String) {
    let problems = SettingsText.problems(in: text("sinks:\n  - webhook: { url: \"\(address)\" }"))
    #expect(problems.count == 1 && problems[0].contains("watch.alerts.sinks[0].webhook.url"), "\(problems)")
    #expect(!problems.joined().contains("hemmelig"))
  }

  @Test("a token in the clear is warned of")
  func aTokenInTheClearIsWarnedOf() throws {
    func warnings(_ url: String) throws -> Int {
      let lines = "sinks:\n  - webhook: { url: \"\(url)\", token-file: token }"
      return try ExchangeSettings.parse(text(lines), source: "f.yaml").warnings.count
    }
    #expect(try warnings("http://alerts.example.dk/") == 1)
    #expect(try warnings("https://alerts.example.dk/") == 0)
    #expect(try warnings("http://127.0.0.1:9093/") == 0)
    #expect(try warnings("http://[::1]:9093/") == 0)
    #expect(try warnings("http://127.example.dk/") == 1)
  }

  @Test("the same sink twice is a conflict")
  func theSameSinkTwiceIsAConflict() {
    let codes = SettingsText.codes(in: text("sinks:\n  - log\n  - log: severity"))
    #expect(codes == ["\(Self.first + 2):9 conflict watch.alerts.sinks[1]"])
  }
}
