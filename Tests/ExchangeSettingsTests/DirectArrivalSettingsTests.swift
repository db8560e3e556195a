import ExchangeSettings
import SystemPackage
import Testing
import TriggerFiles

/// Arrivals of kind direct, bare files, and the rules that name them.
@Suite("Direct arrivals and bare files in the settings") struct DirectArrivalSettingsTests {
  private static let account = SettingsText.account.replacing(
    "    authority: 12345678\n", with: "    authority: 12345678\n    bare-files: [\"SF2900_*.xml\", \"kopi-?.txt\"]\n")

  private static func text(_ arrivals: String, rules: String = "") -> String {
    account + "infrefs: [X_1]\narrivals:\n\(arrivals)\n" + (rules.isEmpty ? "" : "watch:\n\(rules)\n")
  }

  private static let direct = "  nabo: { account: fagsystem, kind: direct, senders: [nabosystem, anden] }"

  @Test("reads an arrival of kind direct with its senders")
  func direct() throws {
    let settings = try ExchangeSettings.parse(
      Self.text(
        "  nabo: { account: fagsystem, kind: direct, senders: [a], hook: { run: [tag] }, business-receipts: true }"),
      source: "f.yaml")
    let arrival = try #require(settings.arrivals.first)
    #expect(arrival.isDirect && arrival.infRef == nil && arrival.senders == ["a"])
    #expect(arrival.hook?.command == ["tag"] && arrival.businessReceipts)
    let routed = try ExchangeSettings.parse(
      Self.text("  x: { account: fagsystem, kind: routed, infref: X_1 }"), source: "f.yaml")
    #expect(routed.arrivals.first?.isDirect == false)
  }

  @Test(
    "reports each mistake in a direct arrival, with its place",
    arguments: [
      ("kind: direct", "missing-key arrivals.in.senders"),
      ("kind: direct, senders: []", "bad-value arrivals.in.senders"),
      ("kind: direct, senders: [a], infref: X_1", "conflict arrivals.in.infref"),
      ("kind: direct, senders: [a], sender-authorities: [\"12345678\"]", "conflict arrivals.in.sender-authorities"),
      (
        "kind: direct, senders: [a], recipient-authorities: [\"12345678\"]",
        "conflict arrivals.in.recipient-authorities"
      ),
      ("kind: direct, senders: [a], sender-it-systems: [x]", "conflict arrivals.in.sender-it-systems"),
      ("kind: explicit, infref: X_1", "bad-value arrivals.in.kind"), ("senders: [a]", "missing-key arrivals.in.infref"),
    ])
  func problems(arrival: String, problem: String) {
    let problems = SettingsText.codes(in: Self.text("  in: { account: fagsystem, \(arrival) }"))
    #expect(problems.map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == [problem])
  }

  @Test("refuses a sender that two direct arrivals of an account name")
  func doubledSender() {
    let text = Self.text(Self.direct + "\n  to: { account: fagsystem, kind: direct, senders: [anden] }")
    #expect(SettingsText.problems(in: text).count == 1)
    #expect(SettingsText.problems(in: text).first?.contains("nabo expects already") == true)
  }

  @Test("reads rules about a direct arrival and about bare files, and writes them back")
  func rules() throws {
    let text = Self.text(
      Self.direct,
      rules: """
          - { account: fagsystem, arrival: nabo, pick-up-within: 4h, expect: daily by 06:00, one-per-municipality: ["0101"] }
          - { account: fagsystem, bare-files: "SF2900_*.xml", pick-up-within: 1d, warn-at: 50% }
        """)
    let settings = try ExchangeSettings.parse(text, source: "/f/f.yaml")
    #expect(
      settings.watch.infRefRules.map(\.subject) == [
        .direct(arrival: "nabo", senders: ["nabosystem", "anden"]), .bare(try FileNamePattern("SF2900_*.xml")),
      ])
    #expect(settings.watch.infRefRules.map(\.infRef) == [nil, nil])
    #expect(settings.watch.infRefRules.last?.pickUp?.warnAt == 50)
    #expect(try ExchangeSettings.parse(settings.yaml(), source: settings.source) == settings)
  }

  @Test(
    "reports each mistake in such a rule, with its place",
    arguments: [
      ("arrival: ukendt, pick-up-within: 1h", "unknown-reference watch[0].arrival"),
      ("arrival: rute, pick-up-within: 1h", "conflict watch[0].arrival"),
      ("arrival: nabo", "missing-key watch[0].pick-up-within"),
      ("arrival: nabo, infref: X_1, pick-up-within: 1h", "conflict watch[0]"),
      ("arrival: nabo, bare-files: \"SF2900_*.xml\", pick-up-within: 1h", "conflict watch[0]"),
      ("arrival: nabo, business-answer-within: 1h", "conflict watch[0].business-answer-within"),
      ("arrival: nabo, most-files: 3", "conflict watch[0].most-files"),
      (
        "arrival: nabo, expect: daily by 06:00, one-per-municipality: [\"12345678\"]",
        "conflict watch[0].one-per-municipality"
      ),
      ("bare-files: \"andet*\", pick-up-within: 1h", "unknown-reference watch[0].bare-files"),
      ("bare-files: \"*\", pick-up-within: 1h", "bad-value watch[0].bare-files"),
      ("bare-files: \"SF2900_*.xml\", expect: daily by 06:00", "conflict watch[0].expect"),
      ("bare-files: \"SF2900_*.xml\"", "missing-key watch[0].pick-up-within"),
    ])
  func ruleProblems(rule: String, problem: String) {
    let arrivals = Self.direct + "\n  rute: { account: fagsystem, infref: X_1 }"
    let problems = SettingsText.codes(in: Self.text(arrivals, rules: "  - { account: fagsystem, \(rule) }"))
    #expect(problems.map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == [problem])
  }

  @Test("names bare files by patterns, and reads the longest FileTransferUUID")
  func accounts() throws {
    let account = try #require(try ExchangeSettings.parse(Self.account, source: "f.yaml").accounts.first)
    #expect(account.bareFiles.map(\.description) == ["SF2900_*.xml", "kopi-?.txt"])
    #expect(account.longestTransferID == 255)
    #expect(account.isBare(Array("SF2900_7.xml".utf8)) && account.isBare(Array("kopi-1.txt".utf8)))
    #expect(!account.isBare(Array("andet.xml".utf8)))
    let long = SettingsText.account + "    longest-transfer-id: 1024\n"
    #expect(try ExchangeSettings.parse(long, source: "f.yaml").accounts.first?.longestTransferID == 1024)
  }

  @Test("never calls metadata, a trigger or a receipt bare, whatever a pattern fits")
  func suffixesAreNeverBare() throws {
    let text = SettingsText.account + "    bare-files: [\"SF2900_*\"]\n"
    let account = try #require(try ExchangeSettings.parse(text, source: "f.yaml").accounts.first)
    #expect(account.isBare(Array("SF2900_a.xml".utf8)))
    for suffix in account.suffixes.all { #expect(!account.isBare(Array("SF2900_a.xml\(suffix)".utf8))) }
  }

  @Test(
    "refuses patterns that fit every name or nothing but small files, with their place",
    arguments: [
      ("bare-files: \"*\"", "bad-value accounts.fagsystem.bare-files"),
      ("bare-files: [\"SF*\", \"**\"]", "bad-value accounts.fagsystem.bare-files[1]"),
      ("bare-files: \"*.*\"", "bad-value accounts.fagsystem.bare-files"),
      ("bare-files: \"SF*.metadata\"", "conflict accounts.fagsystem.bare-files"),
      ("bare-files: \"SF*.sftpreceipt\"", "conflict accounts.fagsystem.bare-files"),
      ("bare-files: \"SF[0-9].xml\"", "bad-value accounts.fagsystem.bare-files"),
      ("bare-files: []", "bad-value accounts.fagsystem.bare-files"),
      ("longest-transfer-id: 0", "bad-value accounts.fagsystem.longest-transfer-id"),
      ("longest-transfer-id: 4097", "bad-value accounts.fagsystem.longest-transfer-id"),
    ])
  func patternProblems(line: String, problem: String) {
    let problems = SettingsText.codes(in: SettingsText.account + "    \(line)\n")
    #expect(problems.map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == [problem])
  }
}
