import ExchangeSettings
import FileExchange
import FilsluseBase
import FilsluseStore
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// The events of an alert, kept in the transactions of its changes.
@Suite struct AlertLifeTests {
  private let settings = AlertSettings(language: .english, repeatEvery: .seconds(3600))

  private func withStore(_ body: (WatchDatabase) async throws -> Void) async throws {
    try await withScratchFolder { folder in
      try await body(try await WatchDatabase.open(folder.appending("watch.sqlite")))
    }
  }

  private func take(_ look: AlertLook, in store: WatchDatabase, sinks: [String] = ["x"]) async throws {
    _ = try await store.take(look, settings: settings, sinks: sinks)
  }

  /// Has a sink take what is due to it.
  private func send(to sink: String = "x", at minute: Int, in store: WatchDatabase) async throws {
    let entry = try await store.due(to: sink, at: Given.minute(minute), longestPause: .seconds(900))
    try await store.noteSent(try #require(entry), to: sink, at: Given.minute(minute))
  }

  private func events(of alert: Int64 = 1, in store: WatchDatabase) async throws -> [AlertLifeEvent] {
    try #require(try await store.life(ofAlert: alert)).events
  }

  private func count(_ table: String, in store: WatchDatabase) async throws -> Int64? {
    try await store.read("test") { try $0.int("SELECT count(*) FROM \(table)") }
  }

  @Test("leads to the file of a finding without a transfer, by the place and the name in the inbox of the alert")
  func fileByName() async throws {
    try await withStore { store in
      let names = ["anden.xml", "anden.xml.csv", "udtræk_010190-1234.xml", "0101901234"].map { Array($0.utf8) }
      let all = names + [[0x61, 0xFF, 0x62]]
      for account in ["fagsystem", "b"] {
        let look = try await store.begin(account, at: Given.minute(0))
        let entries = [ObservedFile.Place.inbox, .outbox].flatMap { place in
          all.map { ListingEntry(place: place, part: .data, name: $0, size: 1, modified: nil) }
        }
        try await store.note(entries, in: look)
        try await store.finish(look, longestPause: .seconds(180), difference: nil)
      }
      let files = try await store.observations(of: "fagsystem")
      #expect(files.count == 2 * all.count)
      // Findings about half a pair may name the file that is there, the metadata or the trigger.
      let findings = files.enumerated().map { index, file in
        let name = file.name + (index.isMultiple(of: 2) ? [] : Array(".metadata".utf8))
        return Finding(
          kind: .dataWithoutMetadata, severity: .warning, account: "fagsystem", subject: file.subject,
          fileName: Masked.name(String(decoding: name, as: UTF8.self)), since: Given.minute(0))
      }
      _ = try await store.take(Given.look(1, findings), settings: AlertSettings(groupAbove: 100), sinks: [])
      for (finding, file) in zip(findings, files) {
        let alerts = try await store.alerts(of: "fagsystem", about: [finding.subject])
        let number = try #require(alerts.first?.id)
        let life = try await store.life(ofAlert: number)
        #expect(life?.file == file.id, "\(finding.fileName ?? "")")
      }
      let unknown = Finding(
        kind: .dataWithoutMetadata, severity: .warning, account: "b", subject: "name-0", fileName: "anden.xml")
      _ = try await store.take(
        AlertLook(account: "b", at: Given.minute(1), findings: [unknown]), settings: settings, sinks: [])
      let alerts = try await store.alerts(of: "b", about: ["name-0"])
      let number = try #require(alerts.first?.id)
      let life = try #require(try await store.life(ofAlert: number))
      #expect(life.file == nil)
    }
  }

  @Test("holds what looks showed, what sinks took and what persons did, in order")
  func wholeLife() async throws {
    try await withStore { store in
      let warning = Given.finding("a", severity: .warning)
      try await take(Given.look(0, [warning]), in: store)
      for (minute, next) in [(1, 2), (2, 3)] {
        let entry = try await store.due(to: "x", at: Given.minute(minute), longestPause: .seconds(900))
        try await store.noteFailure(
          try #require(entry), to: "x", at: Given.minute(minute), reason: "no", nextTry: Given.minute(next))
      }
      try await send(at: 5, in: store)
      try await take(Given.look(10, [Given.finding("a")]), in: store)
      try await send(at: 11, in: store)
      _ = try await store.acknowledge(.alerts([1]), Act(by: "vagten", why: "på vej", at: Given.minute(12)))
      _ = try await store.undoAcknowledgement(.alerts([1]), Act(by: "lederen", at: Given.minute(13)))
      let answer = try await store.silence(
        Silence.Matcher(kind: "pick-up-late"), until: Given.minute(60),
        Act(by: "drift", why: "flytning", at: Given.minute(14)))
      guard case .done(let silenced) = answer else {
        Issue.record("\(answer)")
        return
      }
      _ = try await store.endSilence(silenced.silence.id, Act(by: "drift", at: Given.minute(20)))
      let ending = FindingEnding(da: "Filen blev hentet.", en: "the file was fetched")
      try await take(
        AlertLook(account: "fagsystem", at: Given.minute(30), findings: [], endings: [warning.id: ending]), in: store)
      try await send(at: 31, in: store)

      let events = try await events(in: store)
      #expect(
        events.map(\.what) == [
          .seen, .fired, .notTaken, .sent, .worse, .sent, .acknowledged, .undone, .silenced, .silenceEnded, .resolved,
          .sent,
        ])
      #expect(events.map(\.at) == [0, 0, 1, 5, 10, 11, 12, 13, 14, 20, 30, 31].map(Given.minute))
      #expect(events.compactMap(\.reason) == [.fired, .fired, .escalated, .resolved])
      #expect(Set(events.compactMap(\.sink)) == ["x"])
      #expect(events.compactMap(\.by) == ["vagten", "lederen", "drift", "drift"])
      #expect(events[6].why?.en == "på vej" && events[10].why == ending.why)
      #expect(events[8].silence == silenced.silence.id && events[9].silence == silenced.silence.id)
    }
  }

  @Test("counts the repetitions that a sink took in one event")
  func repetitions() async throws {
    try await withStore { store in
      for hour in 0...5 {
        try await take(Given.look(hour * 60, [Given.finding("a")]), in: store, sinks: ["x", "y"])
        try await send(to: "x", at: hour * 60, in: store)
        try await send(to: "y", at: hour * 60 + 1, in: store)
      }
      let events = try await events(in: store)
      #expect(events.map(\.what) == [.seen, .fired, .sent, .sent, .sent, .sent])
      #expect(events.map(\.times) == [1, 1, 1, 1, 5, 5])
      #expect(events[4].last == Given.minute(300) && events[5].last == Given.minute(301))
    }
  }

  @Test("says that a silence covers it once, and once that it does not any more")
  func silenceThatEnds() async throws {
    try await withStore { store in
      _ = try await store.silence(
        Silence.Matcher(account: "fagsystem"), from: Given.minute(0), until: Given.minute(5), by: "drift", why: "prøve")
      for minute in 1..<4 { try await take(Given.look(minute, [Given.finding("a")]), in: store) }
      #expect(try await store.alert(1)?.silencedBy == 1)
      #expect(try await store.life(ofAlert: 1)?.silence?.by == "drift")
      for minute in 5..<8 { try await take(Given.look(minute, [Given.finding("a")]), in: store) }
      let events = try await events(in: store)
      #expect(events.map(\.what) == [.seen, .fired, .silenced, .silenceEnded])
      #expect(events.map(\.at) == [1, 1, 1, 5].map(Given.minute))
      #expect(try await store.alert(1)?.silencedBy == nil)
    }
  }

  @Test("names the group that an alert joined, and the file that it is about")
  func groupAndFile() async throws {
    try await withStore { store in
      let files = (0..<20).map { Given.finding("f\($0)", since: $0) }
      try await take(Given.look(0, files), in: store)
      let group = try #require(try await store.alerts().first { $0.group != nil })
      let member = try #require(try await store.alerts().first { $0.groupedInto == group.id })
      let joined = try await events(of: member.id, in: store).first { $0.what == .grouped }
      #expect(joined?.group == group.id)
      #expect(try await store.life(ofAlert: member.id)?.file == nil)
      #expect(try await store.members(of: group.id, PageNumber(1, size: 7)).items.count == 7)
      #expect(try await store.members(of: group.id, PageNumber(1, size: 7)).total == 20)
    }
  }

  @Test("is deleted with the alert, and with the acts that no other alert names")
  func retention() async throws {
    try await withStore { store in
      try await take(Given.look(0, [Given.finding("a"), Given.finding("b")]), in: store)
      _ = try await store.acknowledge(.alerts([1]), Act(by: "vagten", at: Given.minute(1)))
      _ = try await store.acknowledge(.alerts([2]), Act(by: "vagten", at: Given.minute(1)))
      try await take(Given.look(2, [Given.finding("b")]), in: store)
      #expect(try await store.forget(endedBefore: Given.minute(3)) == 1)
      #expect(try await store.life(ofAlert: 1) == nil)
      #expect(try await events(of: 2, in: store).map(\.what) == [.seen, .fired, .acknowledged])
      #expect(try await count("act", in: store) == 1)
      #expect(try await count("alert_event", in: store) == 3)
    }
  }

  @Test("an alert that was pending and ended leaves nothing behind")
  func pending() async throws {
    try await withStore { store in
      let late = AlertSettings(fireAfter: .seconds(600))
      _ = try await store.take(Given.look(0, [Given.finding("a")]), settings: late, sinks: ["x"])
      #expect(try await events(in: store).map(\.what) == [.seen])
      _ = try await store.take(Given.look(1, []), settings: late, sinks: ["x"])
      #expect(try await store.life(ofAlert: 1) == nil)
      #expect(try await count("alert_event", in: store) == 0)
    }
  }
}
