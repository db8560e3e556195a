import ExchangeSettings
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

  @Test(arguments: names) func readsBackEveryName(name: String) throws {
    let settings = ExchangeSettings(
      source: "/etc/filsluse.yaml",
      accounts: [Account(name: name, host: "h", user: "u", key: "/k", hostKeys: .pinned([SettingsText.fingerprint]))],
      routes: [Route(name: name, account: name, kind: .direct(recipients: ["a"]))])
    let read = try ExchangeSettings.parse(settings.yaml(), source: settings.source)
    #expect(read == settings)
    #expect(read.accounts.first.map { Array($0.name.utf8) } == Array(name.utf8))
  }

  @Test(arguments: [
    FilePath("/var/lib/filsluse/filsluse.yaml"), "filsluse.yaml", "/filsluse.yaml", "a/b/filsluse.yaml",
  ])
  func readsBackEverySetting(source: FilePath) throws {
    let folder = source.removingLastComponent()
    let sender = try SystemID(SettingsText.system)
    let recipient = try SystemID(SettingsText.otherSystem)
    let authority = try CVRNumber("12345678")
    let other = try CVRNumber("87654321")
    let addressing = Addressing(
      infRef: SettingsText.infRef, senderITSystem: sender, senderAuthority: authority, recipientAuthority: other)
    let declared = Addressing(
      infRef: "Finansbilag_1", senderITSystem: sender, senderAuthority: authority, recipientAuthority: other)
    let settings = ExchangeSettings(
      source: source,
      accounts: [
        Account(
          name: "a", host: "sftp.example.dk", port: 2222, user: "a", key: folder.appending("keys/æ: ø"),
          passphrase: .file(folder.appending("~pass")), hostKeys: .pinned([SettingsText.fingerprint]),
          folders: RemoteFolders(in: "/ind/IN", out: "ud"), itSystem: sender, authority: authority,
          poll: .seconds(90), receiptWithin: .seconds(7200),
          maintenance: [
            try #require(WeeklyHours("sun 02:00-06:00")), try #require(WeeklyHours("mon-fri,sun 23:00-01:00")),
          ],
          bandwidth: [
            Bandwidth(hours: WeeklyHours("daily 07:00-24:00"), bytesPerSecond: 2_000_000),
            Bandwidth(bytesPerSecond: 1234), Bandwidth(bytesPerSecond: nil),
          ]),
        Account(
          name: "b", host: "::1", user: "b", key: "/elsewhere/b", passphrase: .environment("B_PASS"),
          hostKeys: .knownHosts(folder.appending("known_hosts")),
          suffixes: WireSuffixes(trigger: ".t", metadata: ".m", receipt: ".r")),
      ],
      routes: [
        Route(
          name: "flis-0101", account: "a", kind: .explicit(addressing, recipientITSystem: recipient),
          municipality: "0101",
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
          name: "sortiment", account: "a", infRef: "SortimentOverfør_1", senders: ["fk-kla"],
          senderITSystems: [sender, recipient], senderAuthorities: [authority],
          recipientAuthorities: [other, authority]),
        ArrivalRoute(
          name: "alt", account: "b", infRef: "SortimentOverfør_2", senders: ["fk-kla"],
          hook: ArrivalHook(
            command: [folder.appending("bin/tag imod").string, "--til", "æ: ø", ""], timeout: .seconds(90), tries: 3,
            answerBy: "bilag"), businessReceipts: true),
        ArrivalRoute(
          name: "path", account: "b", infRef: "Andet_2", hook: ArrivalHook(command: ["take-over", "./x"])),
      ],
      register: ["Finansbilag_1", "Andet_2"],
      pickupRules: [
        PickupRule(account: "a", infRef: "SF7002", pickUpWithin: .seconds(5400)),
        PickupRule(account: "b", infRef: SettingsText.infRef, pickUpWithin: .seconds(172_800)),
      ],
      journal: folder.appending("state/journal.sqlite"), keep: .seconds(400 * 86_400), inbox: "/srv/inbox",
      alert: AlertCommand(command: ["/usr/bin/tell", "a: b", "-x"], timeout: .seconds(5)))
    #expect(try ExchangeSettings.parse(settings.yaml(), source: source) == settings)
  }
}
