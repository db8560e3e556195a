import ExchangeSettings
import FilsluseBase
import SystemPackage
import Testing
import TriggerFiles

@Suite struct WatchSettingsTests {
  private static let prefix = SettingsText.account + "infrefs: [Finansbilag_1, Svar_1]\n"

  private static func watch(_ text: String) throws -> WatchSettings {
    try ExchangeSettings.parse(prefix + text, source: "/etc/filsluse/f.yaml").watch
  }

  @Test("has defaults for everything but rules")
  func hasDefaultsForEverythingButRules() throws {
    for text in ["", "watch: { look-every: 60s }\n"] {
      let watch = try Self.watch(text)
      #expect(watch.database == "/etc/filsluse/watch.sqlite")
      #expect(watch.lookEvery == .seconds(60))
      #expect(watch.timeZone == "Europe/Copenhagen")
      #expect(watch.businessHours.map(\.description) == ["mon-fri 08:00-16:00"])
      #expect(watch.daysOff.isEmpty && watch.isEmpty && watch.accounts.isEmpty)
    }
  }

  @Test("reads rules about files")
  func readsRulesAboutFiles() throws {
    let watch = try Self.watch(
      """
      watch:
        time-zone: UTC
        days-off: [2026-05-15, 12-24]
        rules:
          - account: fagsystem
            infref: SF7002
            pick-up-within: 4h business
            warn-at: 50%
          - accounts: [fagsystem]
            infref: \(SettingsText.infRef)
            expect: weekly mon by 06:00
            grace: 10m
            files: 2
            one-per-municipality: all
          - { account: fagsystem, infref: Finansbilag_1, business-answer-by: 06:00, answer: Svar_1 }
          - { account: fagsystem, infref: Finansbilag_1, business-answer-within: 2d }
      """)
    #expect(watch.daysOff == [.once(try #require(CivilDay("2026-05-15"))), .yearly(month: 12, day: 24)])
    let rules = watch.infRefRules
    #expect(rules.map(\.line.number) == [14, 18, 24, 25])
    #expect(
      rules[0].pickUp == PickUpLimit(within: RulePeriod(.seconds(14_400), isBusinessTime: true), warnAt: 50))
    #expect(rules[1].pickUp == nil)
    #expect(rules[1].expected?.rhythm == Rhythm(.weekly(.mon), byMinute: 360))
    #expect(rules[1].expected?.municipalities?.count == 98)
    #expect(rules[1].expected?.files == 2)
    #expect(rules[1].expected?.grace == .seconds(600))
    #expect(rules[2].answer == AwaitedAnswer(limit: .by(minute: 360), infRef: InfRef(unchecked: "Svar_1")))
    #expect(rules[3].answer == AwaitedAnswer(limit: .within(RulePeriod(.seconds(172_800)))))
    #expect(watch.accounts == ["fagsystem"])
  }

  @Test("reads a rule about an account")
  func readsARuleAboutAnAccount() throws {
    let watch = try Self.watch(
      """
      watch:
        - account: fagsystem
          platform-takes-within: 15m
          receipt-within: 30m
          half-pair-after: 5m
          stalled-after: 7m
          clean-up-after: 30d
          warn-at: 90%
          most-files: 500
          most-bytes: 20GB
      """)
    let rule = watch.accountRule(for: "fagsystem")
    #expect(
      rule
        == AccountRule(
          accounts: ["fagsystem"], platformTakesWithin: .seconds(900), receiptWithin: .seconds(1800),
          halfPairAfter: .seconds(300), stalledAfter: .seconds(420), cleanUpAfter: .seconds(2_592_000), warnAt: 90,
          mostFiles: 500, mostBytes: 20_000_000_000))
    #expect(rule.line.number == 11)
    #expect(watch.accountRule(for: "andet") == AccountRule(accounts: ["andet"]))
  }

  @Test("a rule without a period is refused with the reason")
  func aRuleWithoutAPeriodIsRefusedWithTheReason() throws {
    let problems = SettingsText.problems(
      in: Self.prefix + """
        watch:
          - { account: fagsystem, infref: SF7002 }
          - { account: fagsystem, infref: SF7002, warn-at: 75% }
          - { account: fagsystem, infref: SF7002, pick-up-within: }
          - { account: fagsystem }
        """)
    #expect(problems.count == 4)
    #expect(problems.prefix(2).allSatisfy { $0.contains("stands in no document of KOMBIT's") }, "\(problems)")
    #expect(problems[0].hasPrefix("11:5: error: watch[0].pick-up-within: the rule asks for nothing"))
    #expect(problems[1].hasPrefix("12:") && problems[1].contains("add pick-up-within: with the period"))
    #expect(problems[2].contains("watch[2].pick-up-within: found nothing, expected a period such as 4h"))
    #expect(problems[3].contains("a rule about pickup needs a period"))
  }

  @Test(
    "refuses a text that is no rule",
    arguments: [
      ("pick-up-within: 4 h", "bad-value"), ("pick-up-within: 2d business", "bad-value"),
      ("pick-up-within: 0h", "bad-value"), ("pick-up-within: 1001h business", "bad-value"),
      ("pick-up-within: 4h Business", "bad-value"), ("pick-up-within: [4h]", "wrong-type"),
      ("expect: daily", "bad-value"), ("expect: daily by 24:00", "bad-value"), ("expect: weekly by 06:00", "bad-value"),
      ("expect: weekly Mon by 06:00", "bad-value"), ("expect: monthly 32 by 06:00", "bad-value"),
      ("expect: monthly 0 by 06:00", "bad-value"), ("expect: monthly ٣ by 06:00", "bad-value"),
      ("expect: dayly by 06:00", "bad-value"), ("files: 2", "missing-key"), ("grace: 10m", "missing-key"),
      ("business-answer-by: 6", "bad-value"), ("answer: Svar_1", "missing-key"),
      ("most-files: 3", "conflict"), ("half-pair-after: 10m", "conflict"), ("pickup-within: 4h", "unknown-key"),
    ])
  func refusesWhatIsNoRule(text: String, code: String) throws {
    let codes = SettingsText.codes(
      in: Self.prefix + "watch:\n  - account: fagsystem\n    infref: SF7002\n    \(text)\n")
    let key = text.prefix { $0 != ":" }
    let place = code == "unknown-key" ? "13:5" : "13:\(key.count + 7)"
    #expect(codes.contains("\(place) \(code) watch[0].\(key)"), "\(codes)")
  }

  @Test(
    "refuses a text that is no expectation",
    arguments: [
      ("files: 0", "bad-value"), ("files: 1e3", "bad-value"), ("files: -1", "bad-value"),
      ("one-per-municipality: []", "bad-value"), ("one-per-municipality: [0100]", "bad-value"),
      ("one-per-municipality: [0752]", "bad-value"), ("one-per-municipality: [0101, 101]", "bad-value"),
      ("one-per-municipality: everybody", "bad-value"), ("grace: soon", "bad-value"),
    ])
  func refusesWhatIsNoExpectation(text: String, code: String) throws {
    let codes = SettingsText.codes(
      in: Self.prefix
        + "watch:\n  - account: fagsystem\n    infref: SF7002\n    expect: daily by 06:00\n    \(text)\n")
    #expect(codes.count == 1 && codes[0].contains(" \(code) watch[0].\(text.prefix { $0 != ":" })"), "\(codes)")
  }

  @Test(
    "refuses an unknown setting",
    arguments: [
      ("database: 3/\u{1}", "unacceptable"), ("look-every: 1s", "bad-value"), ("look-every: 2d", "bad-value"),
      ("time-zone: CET", "bad-value"), ("time-zone: Europe/Kobenhavn", "bad-value"),
      ("time-zone: ../../etc/passwd", "bad-value"), ("business-hours: always", "bad-value"),
      ("days-off: [2026-02-30]", "bad-value"), ("days-off: [02-30]", "bad-value"), ("days-off: [5. juni]", "bad-value"),
      ("rules: {}", "wrong-type"), ("rules: []", "bad-value"), ("rule: []", "unknown-key"),
    ])
  func refusesWhatIsNoSetting(text: String, code: String) {
    let codes = SettingsText.codes(in: Self.prefix + "watch:\n  \(text)\n")
    #expect(codes.count == 1 && codes[0].contains(code), "\(codes)")
  }

  @Test("names the nearest key account and spelling")
  func namesTheNearestKeyAccountAndSpelling() {
    let problems = SettingsText.problems(
      in: Self.prefix + """
        watch:
          look-evry: 60s
          rules:
            - { account: fagsistem, infref: SF7002, pick-up-within: 4h }
            - { account: fagsystem, infref: SortimentOverfoer_1, pick-up-within: 4h }
            - { account: fagsystem, platform-take-within: 15m }
            - { account: fagsystem, most-files: 5 }
            - { accounts: [fagsystem], most-bytes: 5GB }
            - { accounts: [fagsystem, fagsystem], most-bytes: 5GB, account: fagsystem }
        """)
    let expected = [
      "did you mean “look-every”?", "did you mean “fagsystem”?", "write SortimentOverfør_1",
      "did you mean “platform-takes-within”?", "found a second rule without infref",
      "found both account and accounts",
      "found an account twice",
    ]
    for text in expected { #expect(problems.contains { $0.contains(text) }, "\(text): \(problems)") }
  }

  @Test(
    "reads amounts of bytes",
    arguments: [("1B", 1), ("999kB", 999_000), ("20GB", 20_000_000_000), ("9TB", 9_000_000_000_000)]
      as [(String, UInt64)])
  func readsAmountsOfBytes(text: String, bytes: UInt64) {
    #expect(ByteCountText.parse(text) == bytes)
    #expect(ByteCountText.parse(ByteCountText.format(bytes)) == bytes)
  }

  @Test(
    "refuses a text that is no amount", arguments: ["", "0B", "10", "10 GB", "10gb", "1.5GB", "-1B", "999999999999TB"])
  func refusesWhatIsNoAmount(text: String) { #expect(ByteCountText.parse(text) == nil) }
}
