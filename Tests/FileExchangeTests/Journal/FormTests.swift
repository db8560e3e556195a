import FilsluseSystem
import Foundation
import GRDB
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

@Suite struct FormTests {
  static let forms = ["form-1.sqlite", "form-4.sqlite", "form-5.sqlite", "form-6.sqlite"]

  /// A copy of a kept form, to be opened by the code of today.
  private func copy(_ form: String, into folder: FilePath) throws -> FilePath {
    let path = folder.appending("journal.sqlite")
    try FileManager.default.copyItem(atPath: JournalForms.folder.appending(form).string, toPath: path.string)
    return path
  }

  @Test("nothing is lost on the way to the present form", arguments: forms) func nothingIsLostOnTheWayToThePresentForm(
    form: String
  ) async throws {
    try await withScratchFolder { folder in
      let path = try copy(form, into: folder)
      let before = try await rows(of: path)
      let journal = try await Journal.open(path)
      let deliveries = try await journal.deliveries()
      let arrivals = try await journal.arrivals()
      #expect(Set(deliveries.map(\.state)).isSuperset(of: before.deliveryStates))
      #expect(Set(arrivals.map(\.state)).isSuperset(of: before.arrivalStates))
      #expect(deliveries.map(\.trigger) == before.triggers)
      #expect(deliveries.map(\.receipt) == before.receipts)
      #expect(arrivals.map(\.metadata) == before.metadata)
      let entries = try await journal.entries().map { "\($0.number) \($0.at) \($0.state)" }
      #expect(Array(entries.prefix(before.entries.count)) == before.entries)
      #expect(entries.dropFirst(before.entries.count).allSatisfy { $0.hasSuffix(" sealed") })
      #expect(try await journal.check() == [])
    }
  }

  @Test("recognises sent deliveries and continues begun ones", arguments: forms)
  func whatWasSentIsKnownAgainAndWhatWasBegunGoesOn(form: String) async throws {
    try await withScratchFolder { folder in
      let journal = try await Journal.open(try copy(form, into: folder))
      for delivery in try await journal.deliveries() where delivery.state != .cancelled && delivery.ordinal == 1 {
        let staging = try await journal.stage(JournalForms.again(delivery), again: false)
        guard case .known(let known) = staging else {
          Issue.record("\(delivery.wireName) would be sent twice: \(staging)")
          continue
        }
        #expect(known.state == delivery.state)
      }
      for arrival in try await journal.arrivals() {
        #expect(try await journal.see(JournalForms.again(arrival)) == arrival)
      }
      var open = try #require(try await journal.deliveries().first { $0.state == .triggered })
      open.state = .taken
      _ = try await journal.record(open)
      #expect(try await journal.entries(about: .delivery(open.id)).last?.state == "taken")
      #expect(try await journal.check() == [])
    }
  }

  private struct Rows {
    let deliveryStates: Set<DeliveryState>
    let arrivalStates: Set<ArrivalState>
    let triggers: [[UInt8]]
    let receipts: [[UInt8]?]
    let metadata: [[UInt8]]
    let entries: [String]
  }

  /// What a file holds, read without the journal's code. From form 2 on the documents lie in tables of their own.
  private func rows(of path: FilePath) async throws -> Rows {
    try await DatabaseQueue(path: path.string).read { database in
      let areApart = try database.tableExists("delivery_document")
      let deliveries = areApart ? "delivery JOIN delivery_document ON delivery = id" : "delivery"
      let arrivals = areApart ? "arrival JOIN arrival_document ON arrival = id" : "arrival"
      return Rows(
        deliveryStates: Set(
          try String.fetchAll(database, sql: "SELECT state FROM delivery").compactMap(DeliveryState.init)),
        arrivalStates: Set(
          try String.fetchAll(database, sql: "SELECT state FROM arrival").compactMap(ArrivalState.init)),
        triggers: try Data.fetchAll(database, sql: "SELECT trigger_xml FROM \(deliveries) ORDER BY id").map {
          [UInt8]($0)
        },
        receipts: try Data?.fetchAll(database, sql: "SELECT receipt_xml FROM \(deliveries) ORDER BY id").map {
          $0.map { [UInt8]($0) }
        },
        metadata: try Data.fetchAll(database, sql: "SELECT metadata_xml FROM \(arrivals) ORDER BY id").map {
          [UInt8]($0)
        },
        entries: try Row.fetchAll(database, sql: "SELECT number, at, state FROM entry ORDER BY number").map {
          "\($0["number"] as Int64) \(Timestamp(millisecondsSince1970: $0["at"])) \($0["state"] as String)"
        })
    }
  }
}
