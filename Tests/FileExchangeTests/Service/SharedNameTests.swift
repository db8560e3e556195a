import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Watched folders of two routes of one account, and files of one name in both.
@Suite("Watched folders that share names", .timeLimit(.minutes(25))) struct SharedNameTests {
  private static func second(_ settings: ExchangeSettings) -> WatchedFolder {
    WatchedFolder(
      path: settings.source.removingLastComponent().appending("ud-lis"), settledFor: .milliseconds(150))
  }

  private func put(_ name: String, _ content: String, into folder: FilePath, of running: RunningExchange) throws {
    let draft = running.test.folder.appending("draft")
    try running.test.write(Data(content.utf8), to: draft)
    try FileManager.default.moveItem(atPath: draft.string, toPath: folder.appending(name).string)
  }

  @Test("the second waits for the first, with an alert when that takes too long; then it goes by itself")
  func waits() async throws {
    try await RunningExchange.with({
      $0.routes[1].outgoing = Self.second($0)
      $0.accounts[0].receiptWithin = .milliseconds(300)
    }) { running in
      let test = running.test
      let other = test.folder.appending("ud-lis")
      try await eventually("the folders are there") { FileManager.default.fileExists(atPath: other.string) }
      try running.put("a.csv", "første")
      try await eventually("the first is out") { try test.names(in: test.outbox).contains("a.csv.trigger") }
      try put("a.csv", "anden", into: other, of: running)
      try await eventually("a person is told") { running.attentions.contains { $0.kind == .nameTaken } }
      let told = try #require(running.attentions.first { $0.kind == .nameTaken })
      #expect(told.message.contains("delivery D1 by route flis holds this name"), "\(told.message)")
      #expect(told.message.contains("a.csv by lis has waited"), "\(told.message)")
      #expect(try await test.journal.deliveries().count == 1)
      try test.take("a.csv", receipt: .receipt(message: "SUCCESS"))
      try await eventually("the second goes") {
        let count = try await test.journal.deliveries().count
        return try count == 2 && test.names(in: test.outbox).contains("a.csv.trigger")
      }
      try await eventually("the wait is over, whose receipt is to come") {
        running.resolved.contains { $0.kind == .nameTaken }
      }
      try test.take("a.csv", receipt: .receipt(message: "SUCCESS"))
      try await eventually("both are sent") { running.names(other.appending(".taken")).isEmpty }
      #expect(try await test.journal.deliveries().map(\.route) == ["flis", "lis"])
    }
  }

  @Test("with a name: of their own both go at once, and are waited for by the name in OUT")
  func ownNames() async throws {
    try await RunningExchange.with({
      $0.routes[1].outgoing = Self.second($0)
      for index in [0, 1] { $0.routes[index].wireName = try? WireNameTemplate("{stem}.{route}{ext}") }
    }) { running in
      let test = running.test
      let other = test.folder.appending("ud-lis")
      try await eventually("the folders are there") { FileManager.default.fileExists(atPath: other.string) }
      try running.put("a.csv", "første")
      try put("a.csv", "anden", into: other, of: running)
      try await eventually("both are out") {
        Set(try test.names(in: test.outbox)).isSuperset(of: ["a.flis.csv.trigger", "a.lis.csv.trigger"])
      }
      // The next of that name waits for the first one's end.
      try running.put("a.csv", "tredje")
      for name in ["a.flis.csv", "a.lis.csv"] { try test.take(name, receipt: .receipt(message: "SUCCESS")) }
      try await eventually("they lie in sent under their own names") {
        running.names(running.sent).contains("a.csv")
      }
      try await eventually("the third is out") { try test.names(in: test.outbox).contains("a.flis.csv.trigger") }
      try test.take("a.flis.csv", receipt: .receipt(message: "SUCCESS"))
      try await eventually("all are sent") { running.takenNames().isEmpty }
    }
  }

  @Test("a file whose name its route's rule makes unfit for the wire is set aside, with an alert")
  func unfit() async throws {
    try await RunningExchange.with({
      $0.routes[0].wireName = try? WireNameTemplate("{stem}.\(String(repeating: "x", count: 200)){ext}")
    }) { running in
      try running.put(String(repeating: "a", count: 60) + ".csv")
      try await eventually("it is told") { running.attentions.contains { $0.kind == .setAside } }
      #expect(running.attentions.first { $0.kind == .setAside }?.message.contains("cannot go on the wire") == true)
      #expect(try running.test.names(in: running.test.outbox).isEmpty)
    }
  }
}
