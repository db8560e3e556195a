import ExchangeSettings
import FilsluseBase
import Foundation
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Other content in IN under the id, name and size of a fetched file: it is never removed.
@Suite(.timeLimit(.minutes(25))) struct OtherContentTests {
  private static let uuid = "00000000-0000-4000-8000-000000000001"

  /// The other content's modification time: that of the fetched content, or another one.
  enum Time: CaseIterable, Sendable { case its, another }

  /// Puts other content in the place of the data in IN.
  private static func replace(_ test: TestExchange, with content: String, _ time: Time, former: FileTimes) throws {
    let data = test.incoming.appending("a.csv")
    try test.write(Data(content.utf8), to: data)
    switch time {
    case .its: try former.set(on: data)
    case .another: try FileTimes(secondsAgo: 3_600).set(on: data)
    }
  }

  private func collect(_ test: TestExchange, verifying: Bool = false) async -> CollectionReport {
    var options = Exchange.CollectionOptions()
    options.verifiesRepeats = verifying
    return await test.exchange.collect("account", options: options)
  }

  private func details(_ test: TestExchange) async throws -> [String] {
    try await test.journal.entries(about: .arrival(1)).compactMap(\.detail)
  }

  /// Expects that nothing reads the data in IN again while `body` runs.
  private func expectUnread(_ test: TestExchange, _ body: () async throws -> Void) async throws {
    let data = test.incoming.appending("a.csv")
    var times = try FileTimes(of: data)
    times.accessed.tv_sec = 1
    try times.set(on: data)
    try await body()
    #expect(try FileTimes(of: data).accessed.tv_sec == 1)
  }

  // MARK: A repeat

  @Test(
    "Other content under an old id, name and size stays in IN, whatever its time and however often it is looked at",
    arguments: Time.allCases, [false, true])
  func aRepeat(time: Time, verifying: Bool) async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      let former = try FileTimes(of: test.incoming.appending("a.csv"))
      #expect(await collect(test).collected.count == 1)
      try test.arrive("a.csv", "4567", uuid: Self.uuid)
      try Self.replace(test, with: "4567", time, former: former)
      let first = await collect(test, verifying: verifying)
      #expect(first.problems.map(\.code) == [.remoteDiffers] && first.repeated.isEmpty)
      // Neither a plain run nor another one that verifies removes it, or reads it again.
      try await expectUnread(test) {
        for verifying in [false, true, false] {
          let later = await collect(try await test.reopened(), verifying: verifying)
          #expect(later.problems.map(\.code) == [.remoteDiffers] && later.repeated.isEmpty)
          #expect(later.problems.first?.message.contains("another content") == true)
        }
      }
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
      #expect(try test.read(test.inbox.appending("a.csv")) == Data("0123".utf8))
      #expect(try await details(test).count { $0.contains("another content") } == 1)
      #expect(try await test.journal.check() == [])
    }
  }

  @Test("Other content that comes when retention has forgotten all but the key of a transfer stays in IN")
  func aRepeatOfWhatWasForgotten() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      #expect(await collect(test).collected.count == 1)
      #expect(try await test.journal.forget(endedBefore: .now.later(by: .seconds(60))) == 1)
      try test.arrive("a.csv", "4567", uuid: Self.uuid)
      #expect(await collect(test).problems.map(\.code) == [.remoteDiffers])
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
    }
  }

  @Test(
    "A run that goes on reports that other content came, alerts, and leaves it in IN", arguments: Time.allCases)
  func aRepeatDuringARun(time: Time) async throws {
    try await RunningExchange.with { running in
      let test = running.test
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      let former = try FileTimes(of: test.incoming.appending("a.csv"))
      try await eventually("collecting it") { try test.names(in: test.incoming).isEmpty }
      let draft = test.folder.appending("draft")
      try test.write(Data("4567".utf8), to: draft)
      if time == .its { try former.set(on: draft) }
      try FileManager.default.moveItem(atPath: draft.string, toPath: test.incoming.appending("a.csv").string)
      try test.write(
        Data(try test.metadata("a.csv", size: 4, uuid: Self.uuid).xml()), to: test.incoming.appending("a.csv.metadata"))
      try await eventually("telling it") { running.attentions.contains { $0.kind == .different } }
      let told = try #require(running.attentions.first { $0.kind == .different })
      #expect(told.message.contains("another content") && told.key.account == "account")
      #expect(try await test.journal.arrivals().first?.reason?.description.contains("another content") == true)
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
    }
  }

  @Test("A repeat with other metadata stays in IN, and so does its data")
  func otherMetadata() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      #expect(await collect(test).collected.count == 1)
      let metadata = try test.arrive("a.csv", "0123", uuid: Self.uuid)
      try test.write(
        Data("\(String(decoding: metadata.xml(), as: UTF8.self))<!-- another -->".utf8),
        to: test.incoming.appending("a.csv.metadata"))
      for _ in 1...2 { #expect(await collect(test).problems.map(\.code) == [.remoteDiffers]) }
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
      #expect(try await details(test).count { $0.contains("its metadata in IN is not the one") } == 1)
      // Left alone by its data, it is still another one.
      try test.remove(test.incoming.appending("a.csv"))
      #expect(await collect(test).problems.map(\.code) == [.remoteDiffers])
      #expect(try test.names(in: test.incoming) == ["a.csv.metadata"])
      try test.write(Data(metadata.xml()), to: test.incoming.appending("a.csv.metadata"))
      #expect(await collect(test).problems.isEmpty)
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }

  // MARK: While it is handed over

  @Test("Data and metadata that change while the hook runs stay in IN", arguments: ["data", "time kept", "metadata"])
  func whileTheHookRuns(what: String) async throws {
    let change =
      switch what {
      case "data": "printf 4567 >\"$in/a.csv\""
      case "time kept":
        "touch -r \"$in/a.csv\" \"$1/ref\"; printf 4567 >\"$in/a.csv\"; touch -r \"$1/ref\" \"$in/a.csv\""
      default: "printf '<!-- another -->' >>\"$in/a.csv.metadata\""
      }
    try await TestExchange.withProgram("in=$(cat \"$1/in\"); echo x >>\"$log\"; \(change)") { test in
      try test.file("in", test.incoming.string)
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      for _ in 1...2 {
        let report = await collect(test)
        #expect(report.problems.map(\.code) == [.remoteDiffers] && report.collected.isEmpty)
      }
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
      #expect(try test.read(test.inbox.appending("a.csv")) == Data("0123".utf8))
      #expect(try await test.journal.arrivals().map(\.state) == [.handedOver])
      #expect(try test.log().count == 1)
      // A person takes it away.
      for name in try test.names(in: test.incoming) { try test.remove(test.incoming.appending(name)) }
      #expect(await collect(test).problems.isEmpty)
      #expect(try await test.journal.arrivals().map(\.state) == [.removed])
    }
  }

  @Test("Longer data, which is not read again beside its metadata, stays as well")
  func longData() async throws {
    try await TestExchange.withProgram("in=$(cat \"$1/in\"); printf x >>\"$in/../x\"; cat \"$1/other\" >\"$in/a.csv\"")
    { test in
      try test.file("in", test.incoming.string)
      try test.file("other", String(repeating: "4567", count: 50_000))
      try test.arrive("a.csv", String(repeating: "0123", count: 50_000), uuid: Self.uuid)
      for _ in 1...2 { #expect(await collect(test).problems.map(\.code) == [.remoteDiffers]) }
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
    }
  }

  @Test("Data that takes the place of a file that is gone is not removed with the old metadata")
  func dataInPlaceOfWhatIsGone() async throws {
    try await TestExchange.withProgram("true") { test in
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      var options = Exchange.CollectionOptions()
      options.keepsRemote = true
      #expect(await test.exchange.collect("account", options: options).kept.count == 1)
      try test.remove(test.incoming.appending("a.csv"))
      #expect(await collect(test).problems.isEmpty)
      #expect(try test.names(in: test.incoming).isEmpty)
      #expect(try await test.journal.arrivals().map(\.state) == [.removed])
    }
  }
}
