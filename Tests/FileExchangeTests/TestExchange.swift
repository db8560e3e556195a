import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import Logging
import PlatformFixture
import SystemPackage
import TriggerFiles

@testable import FileExchange

/// An exchange over a real server, whose IN and OUT the test plays the platform in.
struct TestExchange {
  static let infRef = "FagsystemdefineredeDataRefGDPR1203_1"
  static let senderSystem = "11111111-1111-4111-8111-111111111111"
  static let recipientSystem = "22222222-2222-4222-8222-222222222222"
  static let senderAuthority = "99000101"
  static let recipientAuthority = "99000461"

  /// The time at which every sender made its trigger, so that the metadata of a transfer is the same each time it
  /// comes.
  static let sentAt = XMLDateTime(secondsSince1970: 1_700_000_000)

  let server: TestServer
  let folder: FilePath
  /// The exchange's journal; the test looks at it.
  let journal: Journal
  let exchange: Exchange

  var outbox: FilePath { server.outbox }
  var incoming: FilePath { server.inbox }
  var inbox: FilePath { exchange.settings.inbox.appending("account") }

  static func with<Result: Sendable>(
    _ adjust: @Sendable (inout ExchangeSettings) -> Void = { _ in },
    _ body: @Sendable (TestExchange) async throws -> Result
  ) async throws -> Result {
    try await with(nil, adjust, body)
  }

  /// The same with its journal in a database of that kind.
  static func with<Result: Sendable>(
    on database: JournalDatabase, _ adjust: @Sendable (inout ExchangeSettings) -> Void = { _ in },
    _ body: @Sendable (TestExchange) async throws -> Result
  ) async throws -> Result {
    try await database.withPlace { place in
      try await with(
        nil,
        { settings in
          settings.journalServer = place.address.map { JournalServer(address: $0) }
          adjust(&settings)
        }, body)
    }
  }

  /// The same over a server that the test has, where it has one.
  static func with<Result: Sendable>(
    _ server: TestServer?, _ adjust: @Sendable (inout ExchangeSettings) -> Void = { _ in },
    _ body: @Sendable (TestExchange) async throws -> Result
  ) async throws -> Result {
    guard let server else { return try await withTestServer { try await with($0, adjust, body) } }
    return try await withScratchFolder { folder in
      var settings = try Self.settings(server, folder)
      adjust(&settings)
      return try await body(try await TestExchange(settings, server: server, folder: folder))
    }
  }

  /// The exchange again, as another process would open it; with other settings where given.
  func reopened(_ adjust: (inout ExchangeSettings) -> Void = { _ in }) async throws -> TestExchange {
    var settings = exchange.settings
    adjust(&settings)
    return try await TestExchange(settings, server: server, folder: folder)
  }

  private init(_ settings: ExchangeSettings, server: TestServer, folder: FilePath) async throws {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let journal = try await Journal.open(of: settings)
    var exchange = Exchange(settings: settings, journal: journal, logger: logger)
    exchange.patience.settle = .milliseconds(300)
    exchange.patience.receiptPoll = .milliseconds(200)
    exchange.patience.connectionAttempts = 2
    exchange.patience.retry.backoff.first = .milliseconds(50)
    self.server = server
    self.folder = folder
    self.journal = journal
    self.exchange = exchange
  }

  private static func settings(_ server: TestServer, _ folder: FilePath) throws -> ExchangeSettings {
    let account = Account(
      name: "account", host: server.host, port: server.port, user: server.user.name, key: server.user.keyFile,
      hostKeys: .pinned([server.fingerprint]))
    let addressing = Addressing(
      infRef: InfRef(unchecked: infRef), senderITSystem: try SystemID(senderSystem),
      senderAuthority: try CVRNumber(senderAuthority),
      recipientAuthority: try CVRNumber(recipientAuthority))
    let recipient = try SystemID(recipientSystem)
    return ExchangeSettings(
      source: folder.appending("filsluse.yaml"), accounts: [account],
      routes: [
        Route(
          name: "flis", account: "account", kind: .explicit(addressing, recipientITSystem: recipient),
          municipality: "0461"),
        Route(
          name: "lis", account: "account", kind: .explicit(addressing, recipientITSystem: recipient),
          municipality: "0461"),
        Route(name: "direct", account: "account", kind: .direct(recipients: ["flis"])),
      ],
      arrivals: [
        ArrivalRoute(
          name: "extracts", account: "account", infRef: InfRef(unchecked: infRef),
          senderITSystems: [try SystemID(senderSystem)],
          recipientAuthorities: [try CVRNumber(recipientAuthority)])
      ],
      journal: folder.appending("journal.sqlite"), inbox: folder.appending("inbox"))
  }

  /// A local file with content.
  @discardableResult
  func file(_ name: String, _ content: String = "indhold æøå\n") throws -> FilePath {
    try write(Data(content.utf8), to: folder.appending(name))
  }

  @discardableResult
  func write(_ data: Data, to path: FilePath) throws -> FilePath {
    try data.write(to: URL(filePath: path.string))
    return path
  }

  func read(_ path: FilePath) throws -> Data { try Data(contentsOf: URL(filePath: path.string)) }

  /// The names in a folder, sorted, without the folder of unfinished files.
  func names(in folder: FilePath) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.string).filter { $0 != ".unfinished" }.sorted()
  }

  // The platform's part.

  /// Takes a pair from OUT as the platform does, and writes a receipt where one is wanted.
  func take(_ name: String, receipt: TechnicalReceipt.Outcome?) throws {
    let trigger = try Trigger(reading: [UInt8](try read(outbox.appending(name + ".trigger"))))
    try remove(outbox.appending(name + ".trigger"))
    try remove(outbox.appending(name))
    if let receipt { try writeReceipt(name, sendersFileID: trigger.fileDescriptor.sendersFileID, receipt) }
  }

  func writeReceipt(_ name: String, sendersFileID: String?, _ outcome: TechnicalReceipt.Outcome) throws {
    let receipt = try TechnicalReceipt(
      fileTransferUUID: "f-1", sendersFileID: sendersFileID, outcome: outcome)
    try write(Data(receipt.xml()), to: incoming.appending(name + ".sftpreceipt"))
  }

  /// Takes every pair that comes to OUT and sends a receipt of success, until cancelled.
  func acceptEverything() async {
    while !Task.isCancelled {
      for name in (try? names(in: outbox)) ?? [] where name.hasSuffix(".trigger") {
        try? take(String(name.dropLast(".trigger".count)), receipt: .receipt(message: "SUCCESS"))
      }
      try? await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Metadata as the platform writes it.
  func metadata(
    _ name: String, size: Int, uuid: String = UUID().uuidString.lowercased(), infRef: String = infRef,
    recipientAuthority: String = recipientAuthority
  ) throws -> FileMetadata {
    try Self.metadata(
      name, size: size, uuid: uuid, infRef: infRef, recipientAuthority: recipientAuthority, recipient: server.user.name)
  }

  /// The same for any recipient.
  static func metadata(
    _ name: String, size: Int, uuid: String, infRef: String = infRef, recipientAuthority: String = recipientAuthority,
    recipient: String
  ) throws -> FileMetadata {
    try FileMetadata(
      fileTransferUUID: uuid,
      fileDescriptor: DataFileDescriptor(
        fileName: name, sizeInBytes: UInt64(size), sender: "fagsystem", recipients: [recipient]),
      fileContentDescriptor: .routing(
        RoutingInfo(
          infRef: InfRef(unchecked: infRef), senderITSystem: SystemID(Self.senderSystem),
          senderAuthority: CVRNumber(Self.senderAuthority),
          transactionID: (try? TransactionID(uuid)) ?? .random(), senderTimestamp: Self.sentAt,
          recipientITSystem: SystemID(Self.recipientSystem),
          recipientAuthority: CVRNumber(recipientAuthority))))
  }

  /// Puts data with metadata into IN, as the platform does.
  @discardableResult
  func arrive(_ name: String, _ content: String = "indhold æøå\n", uuid: String = UUID().uuidString.lowercased()) throws
    -> FileMetadata
  {
    let metadata = try metadata(name, size: content.utf8.count, uuid: uuid)
    try write(Data(content.utf8), to: incoming.appending(name))
    try write(Data(metadata.xml()), to: incoming.appending(name + ".metadata"))
    return metadata
  }

  func remove(_ path: FilePath) throws { try FileManager.default.removeItem(atPath: path.string) }
}

extension TestExchange {
  /// Runs `body` over a server of its own that refuses these requests.
  ///
  /// - Parameter refused: the names of SFTP's requests, with commas.
  static func with(
    serverRefusing refused: String, _ body: @Sendable (TestExchange, SSHUser) async throws -> Void
  ) async throws {
    try await withOwnTestServer { _ in
      ["ForceCommand internal-sftp -d %d -P \(refused)"]
    } _: { server, _ in
      try await with(server, { _ in }) { test in try await body(test, server.user) }
    }
  }
}
