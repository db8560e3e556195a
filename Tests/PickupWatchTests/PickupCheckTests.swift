import ExchangeSettings
import FileExchange
import FilsluseSFTP
import FilsluseSystem
import FoundationEssentials
import LocalPlatform
import Logging
import PickupWatch
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@Suite(.timeLimit(.minutes(2))) struct PickupCheckTests {
  private static let extract = "FagsystemdefineredeDataRefGDPR1203_1"
  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Settings that watch the test user's inbox.
  private static func settings(for server: TestServer) -> ExchangeSettings {
    let account = Account(
      name: "a", host: server.host, port: server.port, user: server.user.name, key: server.user.keyFile,
      hostKeys: .pinned([server.fingerprint]))
    return ExchangeSettings(
      source: "filsluse.yaml", accounts: [account],
      pickupRules: [
        PickupRule(account: "a", infRef: "SF7002", pickUpWithin: .seconds(3600), line: 3),
        PickupRule(account: "a", infRef: extract, pickUpWithin: .seconds(7200), line: 4),
      ])
  }

  /// A check whose clock is so far ahead of the server's.
  private static func check(_ server: TestServer, ahead: Duration) -> PickupCheck {
    let milliseconds = ahead.components.seconds * 1000
    var check = PickupCheck(
      settings: settings(for: server),
      clock: { Timestamp(millisecondsSince1970: Timestamp.now.millisecondsSince1970 + milliseconds) }, logger: quiet)
    check.confirmation = .milliseconds(50)
    return check
  }

  private static func write(_ bytes: [UInt8], to path: FilePath) throws {
    let file = try SystemPackage.FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite])
    _ = try file.closeAfter { try file.writeAll(bytes) }
  }

  private static func metadata(_ name: String, size: Int, infRef: String) throws -> [UInt8] {
    let file = try descriptor(name, size: size)
    let routing = try RoutingInfo(
      infRef: infRef, senderITSystem: .random(), senderAuthority: CVRNumber("99000101"), transactionID: .random(),
      senderTimestamp: .now(), recipientITSystem: .random(), recipientAuthority: CVRNumber("99000101"))
    return try FileMetadata(
      fileTransferUUID: SystemID.random().rawValue, fileDescriptor: file, fileContentDescriptor: .routing(routing)
    ).xml()
  }

  private static func descriptor(_ name: String, size: Int) throws -> TriggerFiles.FileDescriptor {
    try TriggerFiles.FileDescriptor(
      fileName: name, sizeInBytes: UInt64(size), sender: "afsender", recipients: ["ROUTING_V1_0_0"])
  }

  /// Puts a pair into the inbox.
  private static func put(_ name: String, infRef: String, in server: TestServer) throws {
    try write(Array("data".utf8), to: server.inbox.appending(name))
    try write(try metadata(name, size: 4, infRef: infRef), to: server.inbox.appending("\(name).metadata"))
  }

  @Test func findsWhatLiesPastItsRuleByTheServersClock() async throws {
    try await withTestServer { server in
      try Self.put("sortiment_æøå.xml", infRef: "SortimentOverfør_2", in: server)
      try Self.put("udtræk_0101.csv", infRef: Self.extract, in: server)
      let reports = await Self.check(server, ahead: .seconds(3700)).run()
      #expect(reports.map(\.waiting) == [2])
      let findings = reports.flatMap(\.findings)
      #expect(findings.map(\.fileName) == ["sortiment_æøå.xml"])
      #expect(findings.map(\.kind) == [.overdue])
      #expect(findings.first?.infRef == "SortimentOverfør_2")
      #expect(findings.first?.sender == "afsender")
      #expect(findings.first?.size == 4)
      #expect(findings.first?.ruleLine == 3)
      let later = await Self.check(server, ahead: .seconds(7300)).run()
      #expect(later.flatMap(\.findings).count == 2)
      let now = await Self.check(server, ahead: .zero).run()
      #expect(now.flatMap(\.findings).isEmpty)
      #expect(now.compactMap(\.failure).isEmpty)
    }
  }

  @Test func reportsHalfPairsAndMetadataThatCannotBeRead() async throws {
    try await withTestServer { server in
      try Self.write([1], to: server.inbox.appending("alene.csv"))
      try Self.write(
        try Self.metadata("væk.csv", size: 4, infRef: Self.extract), to: server.inbox.appending("væk.csv.metadata"))
      try Self.write([1], to: server.inbox.appending("skadet.csv"))
      try Self.write(Array("<no".utf8), to: server.inbox.appending("skadet.csv.metadata"))
      try Self.write([1], to: server.inbox.appending("stor.csv"))
      try Self.write([UInt8](repeating: 0x20, count: 2 << 20), to: server.inbox.appending("stor.csv.metadata"))
      try Self.write([1], to: server.inbox.appending("gammel.csv.sftpreceipt"))
      let findings = await Self.check(server, ahead: .seconds(100)).run().flatMap(\.findings)
      #expect(
        Set(findings.map { "\($0.kind.rawValue) \($0.fileName)" }) == [
          "data-without-metadata alene.csv", "metadata-without-data væk.csv.metadata",
          "metadata-unreadable skadet.csv.metadata", "metadata-unreadable stor.csv.metadata",
        ])
      #expect(findings.filter { $0.kind == .metadataUnreadable }.allSatisfy { $0.detail?.isEmpty == false })
    }
  }

  @Test func changesNothingOnTheServer() async throws {
    try await withTestServer { server in
      try Self.put("udtræk_0101.csv", infRef: Self.extract, in: server)
      let before = try Self.contents(of: server)
      let reports = await Self.check(server, ahead: .seconds(8000)).run()
      #expect(reports.flatMap(\.findings).map(\.kind) == [.overdue])
      #expect(try Self.contents(of: server) == before)
    }
  }

  /// Every file below the user's folder with its bytes.
  private static func contents(of server: TestServer) throws -> [String: Data] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: server.folder.string)
    return try Dictionary(
      uniqueKeysWithValues: paths.compactMap { path in
        let full = server.folder.pushing(FilePath(path)).string
        var isFolder = false
        guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder), !isFolder else { return nil }
        return (path, try Data(contentsOf: URL(filePath: full)))
      })
  }

  @Test func saysWhyAnInboxCouldNotBeLookedInto() async throws {
    try await withTestServer { server in
      var check = Self.check(server, ahead: .zero)
      let wrong = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      check.settings.accounts[0].hostKeys = .pinned([wrong])
      var closed = check.settings.accounts[0]
      closed.name = "b"
      closed.folders = RemoteFolders(in: "NOT-THERE")
      closed.hostKeys = .pinned([server.fingerprint])
      check.settings.accounts.append(closed)
      check.settings.pickupRules.append(PickupRule(account: "b", infRef: "SF7002", pickUpWithin: .seconds(1)))
      let reports = await check.run()
      #expect(reports.map { $0.failure?.transfer?.code } == [.hostKeyMismatch, .noSuchFile])
      #expect(reports[0].failure?.description.contains(wrong) == true)
    }
  }

  @Test func looksThroughManyFiles() async throws {
    try await withTestServer { server in
      for number in 1...300 { try Self.put("fil_\(number).xml", infRef: "SortimentOverfør_1", in: server) }
      let reports = await Self.check(server, ahead: .seconds(4000)).run()
      #expect(reports.first?.findings.count == 300)
    }
  }

  @Test func looksTwiceAtHalfPairs() async throws {
    try await withTestServer { server in
      let removed = server.inbox.appending("hentet.csv.metadata")
      let completed = server.inbox.appending("skrives.csv")
      let completion = try Self.metadata("skrives.csv", size: 1, infRef: Self.extract)
      try Self.write(try Self.metadata("hentet.csv", size: 1, infRef: Self.extract), to: removed)
      try Self.write([1], to: completed)
      try Self.write([1], to: server.inbox.appending("alene.csv"))
      var check = Self.check(server, ahead: .seconds(100))
      check.confirmation = .seconds(5)
      async let reports = check.run()
      // Between the two looks one is picked up and the other one becomes whole.
      try await Task.sleep(for: .seconds(3))
      try FileManager.default.removeItem(atPath: removed.string)
      try Self.write(completion, to: server.inbox.appending("skrives.csv.metadata"))
      #expect(await reports.flatMap(\.findings).map(\.fileName) == ["alene.csv"])
    }
  }
}
