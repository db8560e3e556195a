import ExchangeSettings
import FileExchange
import FilsluseBase
import PickupWatch
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

/// Looks into real folders with direct transmissions and bare files in them.
@Suite("Looks at direct transmissions and bare files", .timeLimit(.minutes(25))) struct OtherKindsLookTests {
  private static func putDirect(_ name: String, from sender: String, to watched: WatchedServer) throws {
    let metadata = try FileMetadata(
      fileTransferUUID: SystemID.random().rawValue,
      fileDescriptor: DataFileDescriptor(fileName: name, sizeInBytes: 4, sender: sender, recipients: ["a"]),
      fileContentDescriptor: .empty)
    try WatchedServer.write(Array("data".utf8), to: watched.inbox.appending(name))
    try WatchedServer.write(metadata.xml(), to: watched.inbox.appending("\(name).metadata"))
  }

  @Test("bare files are neither judged nor counted, until a rule asks for their pick-up")
  func bare() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      let pattern = try FileNamePattern("SF2900_*.xml")
      watched.settings.watch.accountRules = [
        AccountRule(
          accounts: ["a"], halfPairAfter: .seconds(60), cleanUpAfter: .seconds(600), mostFiles: 1, mostBytes: 10)
      ]
      for name in ["SF2900_1.xml", "SF2900_2.xml"] {
        try WatchedServer.write(Array("sagsdokument".utf8), to: watched.inbox.appending(name))
        try WatchedServer.write(Array("sagsdokument".utf8), to: watched.outbox.appending(name))
      }
      _ = try await watched.look()
      watched.ahead = .seconds(3600)
      let unnamed = Set(try await watched.look().flatMap(\.findings).map(\.kind))
      #expect(unnamed == [.dataWithoutMetadata, .dataWithoutTrigger, .tooManyFiles, .tooManyBytes])
      watched.settings.accounts[0].bareFiles = [pattern]
      #expect(try await watched.look().flatMap(\.findings).isEmpty)
      watched.settings.watch.infRefRules.append(
        InfRefRule(accounts: ["a"], about: .bare(pattern), pickUp: PickUpLimit(within: RulePeriod(.seconds(1800)))))
      let asked = try await watched.look().flatMap(\.findings)
      #expect(
        asked.map { "\($0.kind.rawValue) \($0.severity) \($0.fileName ?? "")" }.sorted() == [
          "pick-up-late critical SF2900_1.xml", "pick-up-late critical SF2900_2.xml",
        ])
    }
  }

  @Test("a direct transmission is judged by the rule that names its arrival, and counts as expected")
  func direct() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      watched.settings.arrivals = [ArrivalRoute(name: "nabo", account: "a", infRef: nil, senders: ["nabosystem"])]
      watched.settings.watch.infRefRules = [
        InfRefRule(
          accounts: ["a"], about: .direct(arrival: "nabo", senders: ["nabosystem"]),
          pickUp: PickUpLimit(within: RulePeriod(.seconds(1800))))
      ]
      _ = try await watched.look()
      try Self.putDirect("fra nabo.csv", from: "nabosystem", to: watched)
      try Self.putDirect("fra anden.csv", from: "anden", to: watched)
      #expect(
        try await watched.look().flatMap(\.findings).map { "\($0.kind.rawValue) \($0.fileName ?? "")" }
          == ["unknown-sender fra anden.csv"])
      watched.ahead = .seconds(3600)
      let late = try await watched.look().flatMap(\.findings)
      #expect(
        Set(late.map { "\($0.kind.rawValue) \($0.fileName ?? "") \($0.rule?.en ?? "")" }) == [
          "unknown-sender fra anden.csv ",
          "pick-up-late fra nabo.csv arrival: nabo, pick-up-within: 30m",
        ])
    }
  }
}
