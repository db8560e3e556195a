import ExchangeSettings
import FilsluseBase
import SystemPackage
import Testing
import TriggerFiles

@Suite struct RoundTripTests {
  private static let names = [
    "fagsystem", "Rødovre æøå ÆØÅ", "a: b", "# no comment", "- item", "*star", "&anchor", "yes", "null", "~", "0101",
    "1e3", "0x1F", "\"quoted\"", "it's", "back\\slash", " leading and trailing ", "{a}", "[b]", "!tag", "%x", "@y",
    "`z",
    "?", "|", ">", "=", "<<", "å\u{030A}", "a\u{0301}", "🚰", "12:30:45", "2026-11-21", "true", ".inf",
  ]

  @Test("reads back every name", arguments: names) func readsBackEveryName(name: String) throws {
    let settings = ExchangeSettings(
      source: "/etc/filsluse.yaml",
      accounts: [Account(name: name, host: "h", user: "u", key: "/k", hostKeys: .pinned([SettingsText.fingerprint]))],
      routes: [Route(name: name, account: name, kind: .direct(recipients: ["a"]))])
    let read = try ExchangeSettings.parse(settings.yaml(), source: settings.source)
    #expect(read == settings)
    #expect(read.accounts.first.map { Array($0.name.utf8) } == Array(name.utf8))
  }

  @Test(
    "reads back every setting",
    arguments: [
      FilePath("/var/lib/filsluse/filsluse.yaml"), "filsluse.yaml", "/filsluse.yaml", "a/b/filsluse.yaml",
    ])
  func readsBackEverySetting(source: FilePath) throws {
    let folder = source.removingLastComponent()
    let sender = try SystemID(SettingsText.system)
    let recipient = try SystemID(SettingsText.otherSystem)
    let authority = try CVRNumber("12345678")
    let other = try CVRNumber("87654321")
    let addressing = Addressing(
      infRef: InfRef(unchecked: SettingsText.infRef), senderITSystem: sender, senderAuthority: authority,
      recipientAuthority: other)
    let declared = Addressing(
      infRef: InfRef(unchecked: "Finansbilag_1"), senderITSystem: sender, senderAuthority: authority,
      recipientAuthority: other)
    let settings = ExchangeSettings(
      source: source,
      accounts: [
        Account(
          name: "a", host: "sftp.example.dk", port: 2222, user: "a", key: folder.appending("keys/æ: ø"),
          passphrase: .file(folder.appending("~pass")), hostKeys: .pinned([SettingsText.fingerprint]),
          folders: RemoteFolders(in: "/ind/IN", out: "ud"),
          bareFiles: [try FileNamePattern("SF2900_*.xml"), try FileNamePattern("a b: *?")],
          longestTransferID: 4096, itSystem: sender, authority: authority,
          poll: .seconds(90), receiptWithin: .seconds(7200),
          maintenance: [
            try #require(WeeklyHours("sun 02:00-06:00")), try #require(WeeklyHours("mon-fri,sun 23:00-01:00")),
          ],
          bandwidth: [
            Bandwidth(hours: WeeklyHours("daily 07:00-24:00"), bytesPerSecond: 2_000_000),
            Bandwidth(bytesPerSecond: 1234), Bandwidth(bytesPerSecond: nil),
          ], mostConnections: 7, bulkConnections: 3, bulkFrom: 20_000_000,
          listing: ListingLimits(names: 20_000, bytes: 5_000_000, duration: .seconds(45))),
        Account(
          name: "b", host: "::1", user: "b", key: "/elsewhere/b", passphrase: .environment("B_PASS"),
          hostKeys: .knownHosts(folder.appending("known_hosts")),
          suffixes: WireSuffixes(trigger: ".t", metadata: ".m", receipt: ".r")),
      ],
      routes: [
        Route(
          name: "flis-0101", account: "a", kind: .explicit(addressing, recipientITSystem: recipient),
          municipality: "0101", notMunicipalities: ["Vejen", "0400", "400", "Århus"],
          outgoing: WatchedFolder(
            path: folder.appending("ud/æ: ø"), settledFor: .milliseconds(1500), readyMarker: ".klar",
            whenAccepted: .remove)),
        Route(
          name: "bilag", account: "b", kind: .implicit(declared),
          outgoing: WatchedFolder(path: "/srv/outgoing/bilag", keepSent: .seconds(86_400 * 30))),
        Route(name: "direkte", account: "a", kind: .direct(recipients: ["b", "c"])),
      ],
      arrivals: [
        ArrivalRoute(
          name: "sortiment", account: "a", infRef: InfRef(unchecked: "SortimentOverfør_1"), senders: ["fk-kla"],
          senderITSystems: [sender, recipient], senderAuthorities: [authority],
          recipientAuthorities: [other, authority], municipalities: [other: "0751", authority: "0101"]),
        ArrivalRoute(
          name: "alt", account: "b", infRef: InfRef(unchecked: "SortimentOverfør_2"), senders: ["fk-kla"],
          hook: ArrivalHook(
            command: [folder.appending("bin/tag imod").string, "--til", "æ: ø", ""], timeout: .seconds(90), tries: 3,
            answerBy: "bilag"), businessReceipts: true),
        ArrivalRoute(name: "direkte", account: "a", infRef: nil, senders: ["b", "c:d"]),
        ArrivalRoute(
          name: "path", account: "b", infRef: InfRef(unchecked: "Andet_2"),
          hook: ArrivalHook(command: ["take-over", "./x"])),
      ],
      register: ["Finansbilag_1", "Andet_2"],
      watch: try Self.watch(beside: folder),
      journal: folder.appending("state/journal.sqlite"), keep: .seconds(400 * 86_400), inbox: "/srv/inbox",
      alert: AlertCommand(command: ["/usr/bin/tell", "a: b", "-x"], timeout: .seconds(5)))
    #expect(try ExchangeSettings.parse(settings.yaml(), source: source) == settings)
  }

  private static func watch(beside folder: FilePath) throws -> WatchSettings {
    WatchSettings(
      database: folder.appending("state/set: æ.sqlite"), lookEvery: .seconds(90), timeZone: "America/New_York",
      businessHours: [
        try #require(WeeklyHours("mon-thu 07:30-15:30")), try #require(WeeklyHours("fri 22:00-02:00")),
      ],
      daysOff: [try #require(DayOff("2026-05-15")), try #require(DayOff("12-24")), try #require(DayOff("02-29"))],
      infRefRules: [
        InfRefRule(
          accounts: ["a"], infRef: .sf7002, pickUp: PickUpLimit(within: RulePeriod(.seconds(5400)))),
        InfRefRule(
          accounts: ["b", "a"], infRef: InfRef(unchecked: SettingsText.infRef),
          pickUp: PickUpLimit(within: RulePeriod(.seconds(30 * 3600 + 61), isBusinessTime: true), warnAt: 9),
          expected: ExpectedFiles(
            rhythm: Rhythm(.weekly(.mon), byMinute: 0), files: 3, municipalities: [.code("0101"), .cvr("01234567")],
            grace: .seconds(600)),
          answer: AwaitedAnswer(
            limit: .within(RulePeriod(.seconds(172_800))), infRef: InfRef(unchecked: "Finansbilag_1"))),
        InfRefRule(
          accounts: ["a"], infRef: InfRef(unchecked: "Andet_2"),
          expected: ExpectedFiles(rhythm: Rhythm(.monthly(31), byMinute: 1439)),
          answer: AwaitedAnswer(limit: .by(minute: 360))),
        InfRefRule(
          accounts: ["a"], infRef: InfRef(unchecked: "Andet_2"),
          expected: ExpectedFiles(rhythm: Rhythm(.weekdays, byMinute: 61))),
        InfRefRule(
          accounts: ["a"], about: .direct(arrival: "direkte", senders: ["b", "c:d"]),
          pickUp: PickUpLimit(within: RulePeriod(.seconds(60)))),
        InfRefRule(
          accounts: ["a"], about: .bare(try FileNamePattern("a b: *?")),
          pickUp: PickUpLimit(within: RulePeriod(.seconds(60)))),
      ],
      accountRules: [
        AccountRule(accounts: ["a"], platformTakesWithin: .seconds(900)),
        AccountRule(
          accounts: ["b"], receiptWithin: .seconds(1800), halfPairAfter: .seconds(1), stalledAfter: .seconds(2),
          cleanUpAfter: .seconds(30 * 86_400), warnAt: 99, mostFiles: 1_000, mostBytes: 20_000_000_000),
      ])
  }
}
