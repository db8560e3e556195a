import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

@Suite("Journal search") struct JournalSearchTests {
  /// A journal with deliveries and arrivals in three states each, and three deliveries by other names.
  private static func with(
    on database: JournalDatabase, _ body: (Journal, ExchangeSettings) async throws -> Void
  ) async throws {
    try await database.withPlace { place in
      let journal = try await place.open()
      for state in [DeliveryState.staged, .accepted, .refused] { try await SampleJournal.add(state, to: journal) }
      for state in arrivals { try await SampleJournal.add(state, to: journal) }
      for name in ["100%_løn_å.csv", "UDBETALING-2026.csv", "udbetaling-a\u{30A}r.csv"] {
        try await SampleJournal.add(.staged, to: journal, named: name)
      }
      let addressing = Addressing(
        infRef: InfRef(unchecked: TestExchange.infRef), senderITSystem: try SystemID(TestExchange.senderSystem),
        senderAuthority: try CVRNumber(TestExchange.senderAuthority),
        recipientAuthority: try CVRNumber(TestExchange.recipientAuthority))
      let route = Route(
        name: "flis-0101", account: "fagsystem",
        kind: .explicit(addressing, recipientITSystem: try SystemID(TestExchange.recipientSystem)), municipality: "0751"
      )
      try await body(
        journal, ExchangeSettings(source: place.folder.appending("filsluse.yaml"), routes: [route]))
    }
  }

  /// The states of the arrivals A1 to A3.
  private static let arrivals: [ArrivalState] = [.seen, .fetched, .quarantined]

  /// The numbers found, by way of the newest deliveries and by way of the indices: both find the same.
  private static func numbers(
    _ text: String, _ journal: Journal, _ settings: ExchangeSettings, limit: Int = 50
  ) async throws -> [String] {
    let search = JournalSearch(text, settings: settings)
    let found = try await journal.find(search, limit: limit)
    let byIndex = try await journal.find(search, limit: limit, recent: 0)
    #expect(found.lines == byIndex.lines && found.hasMore == byIndex.hasMore, "\(text)")
    #expect(found.lines.map(\.begun) == found.lines.map(\.begun).sorted(by: >), "\(text)")
    return found.lines.map(\.subject.number)
  }

  @Test("finds a delivery or an arrival by its number", arguments: JournalDatabase.here)
  func byNumber(on database: JournalDatabase) async throws {
    try await Self.with(on: database) { journal, settings in
      let delivery = try await Self.numbers("D3", journal, settings)
      #expect(delivery == ["D3"])
      #expect(try await Self.numbers(" a3 ", journal, settings) == ["A3"])
      #expect(try await Self.numbers("D999", journal, settings) == [])
      #expect(try await Self.numbers("D0", journal, settings) == [])
    }
  }

  @Test(
    "finds by a part of the name, whatever its capitals, and takes every letter for itself",
    arguments: JournalDatabase.here)
  func byName(on database: JournalDatabase) async throws {
    try await Self.with(on: database) { journal, settings in
      let staged = try #require(try await journal.deliveries().last)
      #expect(try await Self.numbers("UdBetaling", journal, settings) == ["D\(staged.id)", "D\(staged.id - 1)"])
      #expect(try await Self.numbers("100%_l", journal, settings) == ["D\(staged.id - 2)"])
      #expect(try await Self.numbers("1%n", journal, settings) == [])
      #expect(try await Self.numbers("svar_quarantined", journal, settings) == [])
      #expect(try await Self.numbers("svar quarantined", journal, settings).count == 1)
      // The å of either spelling finds both.
      #expect(try await Self.numbers("år.csv", journal, settings) == ["D\(staged.id)"])
      #expect(try await Self.numbers("a\u{30A}.csv", journal, settings) == ["D\(staged.id - 2)"])
      #expect(try await Self.numbers("nowhere", journal, settings) == [])
    }
  }

  @Test(
    "finds by the id of a transfer, of a transmission and of the sender, and by the receiver's in an answer",
    arguments: JournalDatabase.here)
  func byID(on database: JournalDatabase) async throws {
    try await Self.with(on: database) { journal, settings in
      let deliveries = try await journal.deliveries()
      let accepted = try #require(deliveries.first { $0.state == .accepted })
      let transfer = try #require(accepted.fileTransferUUID)
      #expect(try await Self.numbers(transfer, journal, settings) == ["D\(accepted.id)"])
      #expect(try await Self.numbers(transfer.uppercased(), journal, settings) == ["D\(accepted.id)"])
      #expect(try await Self.numbers(accepted.sendersFileID, journal, settings) == ["D\(accepted.id)"])
      let transmission = try #require(accepted.transactionID)
      #expect(try await Self.numbers(transmission, journal, settings) == ["D\(accepted.id)"])
      let arrival = try #require(try await journal.arrival(2))
      #expect(try await Self.numbers(arrival.fileTransferUUID, journal, settings) == ["A2"])
      let metadata = try FileMetadata(reading: arrival.metadata)
      let sent = try #require(metadata.fileContentDescriptor.routingInfo?.transactionID.rawValue)
      #expect(try await Self.numbers(sent, journal, settings) == ["A2"])
      try await journal.note(
        BusinessReceipt(
          fileTransferUUID: "7d0d1d49-5b29-4f37-9d21-b7a6ee4b6f10", fileName: "fil.csv", recipient: "flis",
          fileAcceptance: .accepted, reason: nil), cameAs: 3)
      #expect(try await Self.numbers("7d0d1d49-5b29-4f37-9d21-b7a6ee4b6f10", journal, settings) == ["A3"])
    }
  }

  @Test("finds by SHA-256 or its first eight digits, not by fewer", arguments: JournalDatabase.here)
  func byContent(on database: JournalDatabase) async throws {
    try await Self.with(on: database) { journal, settings in
      let delivery = try #require(try await journal.delivery(3))
      let hex = delivery.sha256.hex
      for text in [hex, String(hex.prefix(8)), String(hex.prefix(20)).uppercased()] {
        #expect(try await Self.numbers(text, journal, settings) == ["D3"], "\(text)")
      }
      #expect(try await Self.numbers(String(hex.prefix(7)), journal, settings) == [])
      let arrival = try #require(try await journal.arrivals(of: nil).last { $0.sha256 != nil })
      #expect(
        try await Self.numbers(try #require(arrival.sha256).hex, journal, settings) == ["A\(arrival.id)"])
    }
  }

  @Test("finds nothing by a text with a zero byte", arguments: JournalDatabase.here)
  func zeroByte(on database: JournalDatabase) async throws {
    try await Self.with(on: database) { journal, settings in
      for text in ["\0", "\0csv", "csv\0"] {
        let numbers = try await Self.numbers(text, journal, settings)
        #expect(numbers == [], "\(text.debugDescription)")
      }
    }
  }

  @Test(
    "finds by municipality and by CVR number what their routes carried, and what came for them",
    arguments: JournalDatabase.here)
  func byAuthority(on database: JournalDatabase) async throws {
    try await Self.with(on: database) { journal, settings in
      let deliveries = try await journal.deliveries().map { "D\($0.id)" }
      for text in ["0751", "751", "Aarhus"] {
        #expect(Set(try await Self.numbers(text, journal, settings)) == Set(deliveries), "\(text)")
      }
      #expect(try await Self.numbers("0461", journal, settings) == [])
      let arrivals = Self.arrivals.indices.map { "A\($0 + 1)" }
      #expect(
        Set(try await Self.numbers(TestExchange.recipientAuthority, journal, settings)) == Set(deliveries + arrivals))
      var former = settings
      former.routes = []
      #expect(try await Self.numbers("0751", journal, former) == [])
    }
  }

  @Test("shows the newest, and says that there are more", arguments: JournalDatabase.here)
  func limit(on database: JournalDatabase) async throws {
    try await Self.with(on: database) { journal, settings in
      let last = try #require(try await journal.deliveries().last)
      let found = try await journal.find(JournalSearch("csv", settings: settings), limit: 2)
      #expect(found.lines.map(\.subject) == [.delivery(last.id), .delivery(last.id - 1)] && found.hasMore)
      let all = try await journal.find(JournalSearch("udbetaling", settings: settings), limit: 2)
      #expect(all.lines.count == 2 && !all.hasMore)
    }
  }

  @Test("keeps who was shown which names, masked and chained", arguments: JournalDatabase.here)
  func shownNames(on database: JournalDatabase) async throws {
    try await Self.with(on: database) { journal, settings in
      try await journal.noteShownNames(
        [.delivery(3), .arrival(2)], to: "anna", searchingFor: "udtræk 010190-1234")
      let entry = try #require(try await journal.entries(about: .journal).last)
      #expect(entry.state == "names-shown")
      #expect(entry.detail == "to anna, who looked for “udtræk ******-****”: D3, A2")
      // Each of many numbers is kept, in entries of a hundred.
      try await journal.noteShownNames((1...150).map { .delivery($0) }, to: "anna", searchingFor: "csv")
      let last = try await journal.entries(about: .journal).suffix(2).compactMap(\.detail)
      #expect(last.first?.hasSuffix(", D99, D100") == true && last.last?.hasSuffix("csv”: D101, D102") == false)
      #expect(last.last?.hasSuffix(", D149, D150") == true, "\(last)")
      try await journal.noteShownNames(to: "anna", by: "journal list --route 010190-1234 --unmasked")
      let listed = try #require(try await journal.entries(about: .journal).last)
      #expect(listed.state == "names-shown")
      #expect(listed.detail == "to anna, by journal list --route ******-**** --unmasked")
      #expect(try await journal.verify().findings == [])
    }
  }

  @Test(
    "finds a file by its local path too, where other files have the text in their names",
    arguments: JournalDatabase.here)
  func localPath(on database: JournalDatabase) async throws {
    try await Self.with(on: database) { journal, settings in
      try await SampleJournal.add(.triggered, to: journal, named: "srv.csv")
      let all = try await journal.deliveries()
      let found = try await Self.numbers("srv", journal, settings)
      #expect(Set(found) == Set(all.map { "D\($0.id)" }))
    }
  }
}
