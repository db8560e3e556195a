import ExchangeSettings
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Direct transmissions (contract section 3): known by their sender alone.
@Suite("Direct arrivals", .timeLimit(.minutes(25))) struct DirectArrivalTests {
  private static let nabo = ArrivalRoute(name: "nabo", account: "account", infRef: nil, senders: ["nabosystem"])

  /// Puts a direct transmission into IN, as the platform does.
  private static func arrive(
    _ name: String, in test: TestExchange, from sender: String = "nabosystem", to recipients: [String]? = nil,
    content: FileContentDescriptor = .empty, data: String = "indhold æøå\n"
  ) throws {
    let metadata = try FileMetadata(
      fileTransferUUID: UUID().uuidString.lowercased(),
      fileDescriptor: DataFileDescriptor(
        fileName: name, sizeInBytes: UInt64(data.utf8.count), sender: sender,
        recipients: recipients ?? [test.server.user.name]), fileContentDescriptor: content)
    try test.write(Data(data.utf8), to: test.incoming.appending(name))
    try test.write(Data(metadata.xml()), to: test.incoming.appending(name + ".metadata"))
  }

  @Test("collects what an expected sender sent directly, and runs the hook without variables for InfRef and authority")
  func collected() async throws {
    try await TestExchange.with({ settings in
      settings.arrivals.append(Self.nabo)
      settings.arrivals[1].hook = ArrivalHook(
        command: [
          "/bin/sh", "-c", "env | grep ^FILSLUSE_ | sort > \"$1/env\"; cat > \"$1/json\"", "sh",
          settings.source.removingLastComponent().string,
        ])
    }) { test in
      try Self.arrive("fra nabo.csv", in: test)
      let report = await test.exchange.collect("account")
      #expect(report.problems.isEmpty && report.quarantined.isEmpty)
      let arrival = try #require(report.collected.first)
      #expect(arrival.infRef == nil && arrival.route == "nabo" && arrival.sender == "nabosystem")
      #expect(try test.names(in: test.incoming).isEmpty)
      let environment = String(decoding: try test.read(test.folder.appending("env")), as: UTF8.self)
        .split(separator: "\n").compactMap { $0.split(separator: "=").first.map(String.init) }
        // Variables of the tests' own, which the program inherits.
        .filter { ProcessInfo.processInfo.environment[$0] == nil }
      #expect(
        environment == [
          "FILSLUSE_ACCOUNT", "FILSLUSE_ARRIVAL", "FILSLUSE_FILE_TRANSFER_UUID", "FILSLUSE_METADATA_PATH",
          "FILSLUSE_NAME", "FILSLUSE_PATH", "FILSLUSE_ROUTE", "FILSLUSE_SENDER", "FILSLUSE_SHA256", "FILSLUSE_SIZE",
          "FILSLUSE_TRY",
        ])
      let json = try test.read(test.folder.appending("json"))
      let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
      #expect(
        object["infRef"] == nil && object["recipientAuthority"] == nil && object["sender"] as? String == "nabosystem")
      // It is found for the watcher by its sender.
      let since = arrival.seenAt
      let found = try await test.journal.arrivals(of: "account", sentDirectlyBy: ["nabosystem"], since: since)
      #expect(found.map(\.wireName) == ["fra nabo.csv"] && found.first?.infRef == nil)
      #expect(try await test.journal.arrivals(of: "account", sentDirectlyBy: ["anden"], since: since).isEmpty)
    }
  }

  @Test("takes one that carries elements of another namespace: they stand in the metadata for the receiver")
  func foreignContent() async throws {
    let foreign = try ForeignContent([ForeignElement(namespace: "urn:nabo", name: "Sag")])
    try await TestExchange.with({ $0.arrivals.append(Self.nabo) }) { test in
      try Self.arrive("a.csv", in: test, content: .foreign(foreign))
      #expect(await test.exchange.collect("account").collected.count == 1)
      let kept = [UInt8](try test.read(test.inbox.appending("a.csv.metadata")))
      #expect(try FileMetadata(reading: kept).fileContentDescriptor == .foreign(foreign))
    }
  }

  @Test("leaves what no arrival permits in IN with the remedy, and takes it once the settings permit it")
  func quarantinedUntilPermitted() async throws {
    try await TestExchange.with { test in
      try Self.arrive("a.csv", in: test)
      let before = await test.exchange.collect("account")
      let reason = try #require(before.quarantined.first?.reason?.description)
      #expect(reason.contains("no routing info") && reason.contains("kind: direct"))
      #expect(reason.contains("senders: [nabosystem]"))
      #expect(try test.names(in: test.incoming).count == 2)
      let permitted = try await test.reopened { $0.arrivals.append(Self.nabo) }
      #expect(await permitted.exchange.collect("account").collected.map(\.id) == before.quarantined.map(\.id))
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }

  @Test("quarantines another sender, recipients that do not name this account's user, and the router's name")
  func refused() async throws {
    try await TestExchange.with({ $0.arrivals.append(Self.nabo) }) { test in
      let user = test.server.user.name
      try Self.arrive("sender.csv", in: test, from: "Nabosystem")
      try Self.arrive("part.csv", in: test, to: [user + "x", String(user.dropLast())])
      try Self.arrive("nobody.csv", in: test, to: ["nabosystem"])
      try Self.arrive("router.csv", in: test, to: ["ROUTING_V1_0_0"])
      try Self.arrive("mixed.csv", in: test, to: [user, "ROUTING_V1_0_0"])
      try Self.arrive("two.csv", in: test, to: ["another", user])
      let report = await test.exchange.collect("account")
      #expect(report.collected.map(\.wireName) == ["two.csv"])
      let reasons = Dictionary(
        uniqueKeysWithValues: report.quarantined.map { ($0.wireName.string, $0.reason?.description ?? "") })
      #expect(Set(reasons.keys) == ["sender.csv", "part.csv", "nobody.csv", "router.csv", "mixed.csv"])
      #expect(reasons["sender.csv"]?.contains("sender Nabosystem is not permitted by nabo") == true)
      for name in ["part.csv", "nobody.csv"] { #expect(reasons[name]?.contains("do not name \(user)") == true) }
      for name in ["router.csv", "mixed.csv"] { #expect(reasons[name]?.contains("ROUTING_V1_0_0") == true) }
      #expect(try test.names(in: test.incoming).count == 10)
    }
  }

  @Test("a routed file from a sender of a direct arrival still needs an arrival for its InfRef")
  func routedFromTheSameSender() async throws {
    try await TestExchange.with({ $0.arrivals = [Self.nabo] }) { test in
      try test.arrive("a.csv")
      let report = await test.exchange.collect("account")
      #expect(report.quarantined.first?.reason?.description.contains("not expected by account") == true)
    }
  }
}
