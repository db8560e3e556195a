import ExchangeSettings
import SystemPackage
import Testing
import TriggerFiles

@Suite struct ReadingTests {
  @Test("reads an account with its defaults")
  func readsAnAccountWithItsDefaults() throws {
    let settings = try ExchangeSettings.parse(SettingsText.account, source: "/etc/filsluse/filsluse.yaml")
    let account = try #require(settings.account(named: "fagsystem"))
    #expect(account.host == "127.0.0.1")
    #expect(account.port == 22)
    #expect(account.user == "fagsystem")
    #expect(account.keys == [.file("/etc/filsluse/keys/fagsystem")])
    #expect(account.hostKeys == .pinned([SettingsText.fingerprint]))
    #expect(account.folders == RemoteFolders(in: "IN", out: "OUT"))
    #expect(account.suffixes == .default)
    #expect(account.itSystem?.rawValue == SettingsText.system)
    #expect(account.authority?.digits == "12345678")
    #expect(account.passphrase == nil)
    #expect(settings.journal == "/etc/filsluse/journal.sqlite")
    #expect(settings.inbox == "/etc/filsluse/inbox")
    #expect(settings.warnings.isEmpty)
  }

  @Test("reads routes of every kind")
  func readsRoutesOfEveryKind() throws {
    let settings = try ExchangeSettings.parse(
      SettingsText.account + """
        infrefs: [Finansbilag_1]
        routes:
          flis-0101:
            account: fagsystem
            infref: \(SettingsText.infRef)
            kind: explicit
            recipient-it-system: \(SettingsText.otherSystem)
            recipient-authority: "87654321"
            sender-authority: 11223344
            municipality: 0101
          bilag: { account: fagsystem, infref: Finansbilag_1, kind: implicit, recipient-authority: 87654321 }
          nabo: { account: fagsystem, kind: direct, recipients: [system-b, system-c] }
        """, source: "f.yaml")
    let explicit = try #require(settings.route(named: "flis-0101"))
    #expect(explicit.municipality == "0101")
    #expect(explicit.recipientITSystem?.rawValue == SettingsText.otherSystem)
    #expect(explicit.addressing?.senderITSystem.rawValue == SettingsText.system)
    #expect(explicit.addressing?.senderAuthority.digits == "11223344")
    #expect(explicit.recipients == ["ROUTING_V1_0_0"])
    let implicit = try #require(settings.route(named: "bilag"))
    #expect(implicit.recipientITSystem == nil)
    #expect(implicit.addressing?.senderAuthority.digits == "12345678")
    let direct = try #require(settings.route(named: "nabo"))
    #expect(direct.kind == .direct(recipients: ["system-b", "system-c"]))
    #expect(direct.addressing == nil)
    #expect(direct.recipients == ["system-b", "system-c"])
  }

  @Test(
    "reads a municipality's code of three digits as the one of four", arguments: ["101", "\"101\"", "0101", "'0101'"])
  func threeDigits(code: String) throws {
    let settings = try ExchangeSettings.parse(
      SettingsText.account + """
        infrefs: [X_1]
        routes:
          r: { account: fagsystem, infref: X_1, kind: implicit, recipient-authority: 87654321, municipality: \(code) }
        watch:
          - { account: fagsystem, infref: X_1, expect: daily by 06:00, one-per-municipality: [\(code)] }
        """, source: "f.yaml")
    #expect(settings.routes.first?.municipality == "0101")
    #expect(settings.watch.infRefRules.first?.expected?.municipalities == [.code("0101")])
  }

  @Test("reads arrivals and rules")
  func readsArrivalsAndRules() throws {
    let settings = try ExchangeSettings.parse(
      SettingsText.account + """
        arrivals:
          sortiment:
            account: fagsystem
            infref: SortimentOverfør_1
            senders: fk-kla
            sender-authorities: [11111111, "22222222"]
        watch:
          - { account: fagsystem, infref: SF7002, pick-up-within: 4h }
          - account: fagsystem
            infref: \(SettingsText.infRef)
            pick-up-within: 1h30m
        """, source: "f.yaml")
    let arrival = try #require(settings.arrivals.first)
    #expect(arrival.senders == ["fk-kla"])
    #expect(arrival.senderAuthorities?.map(\.digits) == ["11111111", "22222222"])
    #expect(arrival.senderITSystems == nil)
    #expect(arrival.recipientAuthorities == nil)
    #expect(settings.watch.infRefRules.map(\.infRef?.name) == ["SF7002", SettingsText.infRef])
    #expect(settings.watch.infRefRules.map(\.pickUp?.within.duration) == [.seconds(14_400), .seconds(5400)])
    #expect(settings.watch.infRefRules.map(\.line.number) == [16, 17])
  }

  @Test("starts relative paths at the folder of the settings file")
  func startsRelativePathsAtTheFilesFolder() throws {
    let text = """
      journal: ../state/journal.sqlite
      inbox: /srv/inbox
      accounts:
        a:
          host: sftp.example.dk
          user: a
          key: ~/.ssh/a
          known-hosts: ./hosts/known_hosts
          passphrase: { file: a.pass }
        b: { host: "::1", user: b, key: b, known-hosts: k, passphrase: { environment: B_PASS } }
      """
    let settings = try ExchangeSettings.parse(text, source: "/etc/filsluse/f.yaml")
    #expect(settings.journal == "/etc/filsluse/../state/journal.sqlite")
    #expect(settings.inbox == "/srv/inbox")
    #expect(settings.accounts.first?.hostKeys == .knownHosts("/etc/filsluse/hosts/known_hosts"))
    #expect(settings.accounts.first?.passphrase == .file("/etc/filsluse/a.pass"))
    #expect(settings.accounts.first?.keys.first?.file?.string.hasSuffix("/.ssh/a") == true)
    #expect(settings.accounts.last?.passphrase == .environment("B_PASS"))
    #expect(try ExchangeSettings.parse(text, source: "f.yaml").accounts.last?.keys == [.file("b")])
  }

  @Test("reads the address of a journal on a server, and writes it as short as it can be")
  func readsJournalsOnServers() throws {
    func journal(_ value: String) throws -> (file: FilePath, server: JournalServer?, written: String) {
      let settings = try ExchangeSettings.parse("journal: \(value)\n" + SettingsText.account, source: "/etc/f/f.yaml")
      let again = try ExchangeSettings.parse(settings.yaml(), source: settings.source)
      #expect(again == settings)
      return (settings.journal, settings.journalServer, settings.yaml())
    }
    let address = "postgresql://filsluse@db.example.dk/filsluse?sslmode=verify-full"
    let short = try journal("\"\(address)\"")
    #expect(short.file == "/etc/f/journal")
    #expect(short.server == JournalServer(address: address))
    #expect(short.written.hasPrefix("journal: \"\(address)\"\n"))
    let long = try journal("{ postgresql: \"\(address)\", password-file: pw, local-files: /var/lib/filsluse/journal }")
    #expect(long.file == "/var/lib/filsluse/journal")
    #expect(long.server == JournalServer(address: address, passwordFile: "/etc/f/pw"))
    let several = try journal("{ postgresql: \"\(address)\", machines: several }")
    #expect(several.server == JournalServer(address: address, machines: .several))
    #expect(several.written.contains("machines: several"))
    let shared = try journal("{ postgresql: \"\(address)\", machines: several, outgoing-folders: shared }")
    #expect(shared.server == JournalServer(address: address, machines: .several, outgoingFolders: .shared))
    #expect(short.server?.machines == .one)
    #expect(try journal("j.sqlite").server == nil)
    for name in ["postgres.sqlite", "dbname=j"] { #expect(try journal("./\(name)").file == FilePath("/etc/f/\(name)")) }
  }

  @Test("reads the retention time of the journal")
  func readsHowLongTheJournalKeepsWhatHasEnded() throws {
    #expect(try ExchangeSettings.parse(SettingsText.account, source: "f.yaml").keep == nil)
    let kept = try ExchangeSettings.parse(SettingsText.account + "keep: 30d\n", source: "f.yaml").keep
    #expect(kept == .seconds(30 * 86_400))
    for text in ["29d23h", "0s", "400", "ever"] {
      #expect(SettingsText.codes(in: SettingsText.account + "keep: \(text)\n") == ["9:7 bad-value keep"])
    }
  }

  @Test("reads a file that begins with a byte order mark and ends lines as windows does")
  func readsAFileThatBeginsWithAByteOrderMarkAndEndsLinesAsWindowsDoes() throws {
    let text = "\u{FEFF}" + SettingsText.account.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
    #expect(try ExchangeSettings.parse(text, source: "f.yaml").accounts.count == 1)
  }
}
