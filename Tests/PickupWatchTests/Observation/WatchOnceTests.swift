import ExchangeSettings
import FileExchange
import FilsluseSFTP
import FilsluseBase
import FoundationEssentials
import PickupWatch
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@Suite(.timeLimit(.minutes(25))) struct WatchOnceTests {
  @Test("finds late files by both clocks")
  func findsWhatLiesTooLongByBothClocks() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      try watched.put("sortiment_æøå.xml", infRef: "SortimentOverfør_2")
      try watched.put("udtræk_010190-1234.csv", infRef: WatchedServer.extract)
      let now = try await watched.look()
      #expect(now.map(\.findings) == [[]])
      #expect(now.first?.state?.files == 2)

      // Three quarters of an hour: a warning for the sortiment.
      watched.ahead = .seconds(2750)
      let early = try await watched.look().flatMap(\.findings)
      #expect(
        early.map { "\($0.kind.rawValue) \($0.severity) \($0.fileName ?? "")" } == [
          "pick-up-late warning sortiment_æøå.xml"
        ])

      watched.ahead = .seconds(7300)
      let late = try await watched.look()
      #expect(late.map(\.severity) == [.critical])
      let findings = late.flatMap(\.findings)
      #expect(Set(findings.compactMap(\.fileName)) == ["sortiment_æøå.xml", "udtræk_******-****.csv"])
      let first = try #require(findings.first { $0.infRef == "SortimentOverfør_2" })
      #expect(
        first.sender == "afsender" && first.size == 4 && first.ruleLine == 3
          && first.authority == "99000101")
      #expect(first.rule?.en == "pick-up-within: 1h")
      #expect(first.due?.since(try #require(first.since)) == .seconds(3600))
      // It was there at the first look: the server's time stamp was used, and says so.
      #expect(first.ageBasis == .server || first.ageBasis == .serverUnmeasured)
      // The identity holds from look to look.
      #expect(early.map(\.id) == [first.id])
    }
  }

  @Test("finds half pairs and unreadable metadata")
  func findsHalfPairsAndWhatCannotBeRead() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      try WatchedServer.write([1], to: watched.inbox.appending("alene.csv"))
      try WatchedServer.write(
        try WatchedServer.metadata("væk.csv", size: 4, infRef: WatchedServer.extract),
        to: watched.inbox.appending("væk.csv.metadata"))
      for (name, content) in [
        ("skadet.csv", Array("<no".utf8)), ("stor.csv", [UInt8](repeating: 0x20, count: 2 << 20)),
      ] {
        try WatchedServer.write([1], to: watched.inbox.appending(name))
        try WatchedServer.write(content, to: watched.inbox.appending("\(name).metadata"))
      }
      try watched.put("halv.csv", infRef: WatchedServer.extract, size: 5)
      try WatchedServer.write([1], to: watched.outbox.appending("sendes.csv"))
      try WatchedServer.write([1], to: watched.outbox.appending("ligger.csv"))
      try WatchedServer.write([1], to: watched.outbox.appending("ligger.csv.trigger"))
      try WatchedServer.write(Array("<x/>".utf8), to: watched.inbox.appending("sær.csv.sftpreceipt"))
      let errors = try TechnicalReceipt(
        fileTransferUUID: "u-1",
        outcome: .errors([try ReceiptError(code: 7, codeDescription: "Ukendt rute", description: "til 010190-1234")]))
      try WatchedServer.write(errors.xml(), to: watched.inbox.appending("afvist.csv.sftpreceipt"))
      watched.settings.watch.accountRules = [AccountRule(accounts: ["a"], platformTakesWithin: .seconds(900), line: 9)]
      let early = try await watched.look().flatMap(\.findings)
      #expect(Set(early.map(\.kind)) == [.metadataUnreadable, .receiptError])
      watched.ahead = .seconds(901)
      let findings = try await watched.look().flatMap(\.findings)
      #expect(
        Set(findings.map { "\($0.kind.rawValue) \($0.fileName ?? "")" }) == [
          "data-without-metadata alene.csv", "metadata-without-data væk.csv.metadata",
          "metadata-unreadable skadet.csv.metadata", "metadata-unreadable stor.csv.metadata",
          "stopped-growing halv.csv",
          "data-without-trigger sendes.csv", "not-taken-from-out ligger.csv", "metadata-unreadable sær.csv.sftpreceipt",
          "receipt-error afvist.csv",
        ])
      #expect(
        findings.filter { $0.kind == .metadataUnreadable }.allSatisfy {
          $0.detail?.en.isEmpty == false
        })
      #expect(
        findings.first { $0.kind == .receiptError }?.detail?.en == "7 Ukendt rute: til ******-****")
      #expect(
        findings.first { $0.kind == .stoppedGrowing }?.detail?.en
          == "4 bytes lie there, the metadata says 5")
      #expect(findings.first { $0.kind == .notTakenFromOut }?.ruleLine == 9)
    }
  }

  @Test("reports unknown InfRefs, unknown senders and full folders")
  func tellsUnknownInfRefsAndSendersAndFullFolders() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      watched.settings.arrivals = [
        ArrivalRoute(name: "s", account: "a", infRef: InfRef(unchecked: "SortimentOverfør_1"), senders: ["fk-kla"])
      ]
      try watched.put("rigtig.xml", infRef: "SortimentOverfør_1", sender: "fk-kla")
      try watched.put("falsk.xml", infRef: "SortimentOverfør_1", sender: "hvem")
      try watched.put("ukendt.xml", infRef: "Ukendt_1")
      try watched.put("kendt.csv", infRef: WatchedServer.extract)
      watched.settings.watch.accountRules = [AccountRule(accounts: ["a"], mostFiles: 3, mostBytes: 15)]
      let findings = try await watched.look().flatMap(\.findings)
      #expect(
        Set(findings.map { "\($0.kind.rawValue) \($0.severity) \($0.fileName ?? "-")" }) == [
          "unknown-sender warning falsk.xml", "unknown-infref warning ukendt.xml", "too-many-files warning -",
          "too-many-bytes warning -",
        ])
    }
  }

  @Test("says why an account cannot be looked into and holds up no other")
  func saysWhyAnAccountCannotBeLookedIntoAndHoldsUpNoOther() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      try watched.put("sortiment.xml", infRef: "SortimentOverfør_1")
      let account = watched.settings.accounts[0]
      let wrong = KeyFingerprint(of: [])
      func also(_ name: String, _ change: (inout Account) -> Void) {
        var other = account
        other.name = name
        change(&other)
        watched.settings.accounts.append(other)
        watched.settings.watch.infRefRules[0].accounts.append(name)
      }
      also("key") { $0.hostKeys = .pinned([wrong]) }
      also("folder") { $0.folders = RemoteFolders(in: "NOT-THERE") }
      also("port") { $0.port = 1 }
      also("login") { $0.user = "nobody-we-know" }
      also("passphrase") { $0.passphrase = .environment("FILSLUSE_NO_SUCH_VARIABLE") }
      _ = try await watched.look()
      watched.ahead = .seconds(4000)
      let reports = try await watched.look()
      #expect(reports.map(\.account) == ["a", "key", "folder", "port", "login", "passphrase"])
      #expect(reports[0].findings.map(\.kind) == [.pickUpLate])
      #expect(
        reports.dropFirst().map { $0.findings.map(\.kind.rawValue).joined(separator: ",") } == [
          "host-key-changed", "listing-failed", "server-unreachable", "login-failed", "login-failed",
        ])
      #expect(reports.dropFirst().allSatisfy { $0.severity == .critical && $0.failure != nil })
      #expect(reports[1].findings.first?.detail?.en.contains(wrong.description) == true)
      // It is the same failure, since the same moment, at the next look.
      let since = reports.map { $0.findings.first?.since }
      let again = try await watched.look()
      #expect(again.dropFirst().map { $0.findings.first?.since } == Array(since.dropFirst()))
    }
  }

  @Test("a late file stays late while the inbox cannot be seen")
  func whatWasLateStaysSoWhileNothingCanBeSeen() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      try watched.put("sen.xml", infRef: "SortimentOverfør_1")
      try watched.put("snart.csv", infRef: WatchedServer.extract)
      _ = try await watched.look()
      watched.ahead = .seconds(4000)
      let late = try await watched.look()
      #expect(late.flatMap(\.findings).map(\.kind) == [.pickUpLate])
      watched.settings.accounts[0].port = 1
      watched.ahead = .seconds(20_000)
      let blind = try await watched.look()[0]
      // The extract would be late by now, but it is not known whether it is still there.
      #expect(Set(blind.findings.map(\.kind)) == [.serverUnreachable, .pickUpLate])
      #expect(blind.findings.first { $0.kind == .pickUpLate }?.fileName == "sen.xml")
    }
  }
}
