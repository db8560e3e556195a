import ExchangeSettings
import FilsluseBase
import FilsluseStore
import Foundation
import Logging
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange
@testable import PickupWatch

/// The watch of several machines with one journal on a server: one of them alerts people.
@Suite(.timeLimit(.minutes(25))) struct WatchLeadTests {
  private func withTwoDatabases(_ body: (WatchDatabase, WatchDatabase) async throws -> Void) async throws {
    try await withScratchFolder { folder in
      let one = try await WatchDatabase.open(folder.appending("one.sqlite"))
      let other = try await WatchDatabase.open(folder.appending("other.sqlite"))
      try await body(one, other)
      try await one.close()
      try await other.close()
    }
  }

  @Test("a machine that stands by has the leader's alerts, acknowledgements and silences, and goes on where it ended")
  func takesAlerts() async throws {
    try await withTwoDatabases { one, other in
      #expect(try await one.takeLook(0, ["a", "b", "c"]) == 3)
      #expect(try await other.takeLook(0, ["own"]) == 1)
      guard case .done = try await one.acknowledge(.alerts([2]), Act(by: "vagten", at: Given.minute(1))) else {
        Issue.record("it was not acknowledged")
        return
      }
      let silence = try await one.silence(
        Silence.Matcher(account: "lis"), from: Given.minute(1), until: Given.minute(600), by: "vagten", why: "flytning")
      #expect(try await one.takeLook(2, ["a", "b"]) == 1)
      let document = try await one.sharedAlerts()
      for _ in 0..<2 {
        try await other.take(document, of: SharedWatch(version: 7, host: "one"))
        #expect(try await other.sharedAlerts() == document)
      }
      #expect(try await other.sharedVersion() == 7)
      #expect(try await other.alerts() == one.alerts())
      #expect(try await other.silences(at: Given.minute(2)) == [silence])
      #expect(try await other.entry(to: "x") == 4)
      let first = try #require(try await other.due(to: "x", at: Given.minute(3), longestPause: .seconds(900)))
      #expect(try await one.due(to: "x", at: Given.minute(3), longestPause: .seconds(900))?.id == first.id)
      // What is known is not sent again, what is acknowledged not repeated, and each end is sent.
      #expect(try await other.takeLook(3, ["a", "b"]) == 0)
      #expect(try await other.takeLook(63, ["a", "b"]) == 1)
      #expect(try await other.takeLook(64, []) == 2)
    }
  }

  /// The oldest notification of each alert that waits.
  private func waiting(in store: WatchDatabase) async throws -> [OutboxEntry] {
    var entries: [OutboxEntry] = []
    while let entry = try await store.due(
      to: "x", at: Given.minute(70), longestPause: .seconds(900), besides: Set(entries.map(\.id)))
    {
      entries.append(entry)
    }
    return entries.sorted { $0.event.alert.id < $1.event.alert.id }
  }

  @Test("machines that alert at the same time share the ids of alerts and none of notifications")
  func idsOfTwo() async throws {
    try await withTwoDatabases { one, other in
      #expect(try await one.takeLook(0, ["a"]) == 1)
      let first = try #require(try await waiting(in: one).first)
      #expect(!first.id.contains("."))
      try await one.noteSent(first, to: "x", at: Given.minute(1))
      let document = try await one.sharedAlerts()
      try await other.take(document, of: SharedWatch(version: 1, host: "one"))
      // One repeats its alert and finds another thing; the other one sees the end of it, and finds something else.
      #expect(try await one.takeLook(63, ["a", "c"]) == 2)
      #expect(try await other.takeLook(64, ["b"]) == 2)
      let (ours, theirs) = (try await waiting(in: one), try await waiting(in: other))
      #expect(ours.map(\.event.alert.id) == [1, 2] && theirs.map(\.event.alert.id) == [1, 2])
      #expect(Set((ours + theirs).map(\.id)).count == 4)
      let episodes = (ours + theirs).map { $0.event.episode(from: $0.origin) }
      #expect(episodes[0] == episodes[2] && episodes[1] != episodes[3])
      for entry in ours + theirs {
        let sent = AlertNotification(
          entry.event, database: entry.origin, author: entry.author, wording: AlertWording(.danish))
        #expect(sent.id == entry.id)
      }
      // What waits keeps its id on the machine that sends it in the end.
      let shared = try await other.sharedAlerts()
      try await one.take(shared, of: SharedWatch(version: 2, host: "other"))
      #expect(try await waiting(in: one).map(\.id) == theirs.map(\.id))
    }
  }

  @Test("acts of two machines that have the same number are kept apart: who acknowledged, and who was shown a name")
  func keepsActsApart() async throws {
    try await withTwoDatabases { one, other in
      _ = try await one.takeLook(0, ["a"])
      let shown = Act(by: "jurist", why: "aktindsigt", key: "k", at: Given.minute(1))
      let number = try await other.write("test") { database -> Int64 in
        let number = try shown.keep(.namesShown, count: 1, in: database)
        try database.execute(
          "INSERT INTO shown_name (act, observation, account, name) VALUES (?, 9, 'lis', 'f.xml')", [number])
        return number
      }
      guard case .done(let done) = try await one.acknowledge(.alerts([1]), Act(by: "vagten", at: Given.minute(1)))
      else {
        Issue.record("it was not acknowledged")
        return
      }
      #expect(done.act == number)
      let document = try await one.sharedAlerts()
      for version in [1, 2] as [Int64] {
        try await other.take(document, of: SharedWatch(version: version, host: "one"))
        #expect(try await other.sharedAlerts() == document)
      }
      #expect(try await other.life(ofAlert: 1)?.events.last?.by == "vagten")
      #expect(try await other.disclosures(ofFile: 9).map(\.by) == ["jurist"])
      let repeated = try await other.read("test") { try shown.earlier(in: $0) }
      #expect(repeated?.number == number + 1 && repeated?.count == 1)
    }
  }

  @Test("an act that was done here and not shared, and then by the next leader, is there once, as the leader did it")
  func replacesUnsharedActs() async throws {
    try await withTwoDatabases { one, other in
      _ = try await one.takeLook(0, ["a"])
      try await other.take(try await one.sharedAlerts(), of: SharedWatch(version: 1, host: "one"))
      func act(_ minute: Int, why: String? = nil, key: String) -> Act {
        Act(by: "vagten", why: why, key: key, at: Given.minute(minute))
      }
      _ = try await other.acknowledge(.alerts([1]), act(1, key: "form"))
      _ = try await other.silence(
        Silence.Matcher(account: "lis"), until: Given.minute(90), act(1, why: "x", key: "own"))
      _ = try await one.silence(Silence.Matcher(account: "lis"), until: Given.minute(60), act(2, why: "y", key: "s"))
      _ = try await one.acknowledge(.alerts([1]), act(3, key: "form"))
      let document = try await one.sharedAlerts()
      try await other.take(document, of: SharedWatch(version: 2, host: "one"))
      #expect(try await other.sharedAlerts() == document)
      let acknowledged = try await other.life(ofAlert: 1)?.events.filter { $0.what == .acknowledged } ?? []
      #expect(acknowledged.map(\.by) == ["vagten"] && acknowledged.map(\.at) == [Given.minute(3)])
      // The next leader knows the forms, also that of a silence that covers no alert.
      guard case .done(let again) = try await other.acknowledge(.alerts([1]), act(4, key: "form")),
        case .done(let silenced) = try await other.silence(
          Silence.Matcher(account: "lis"), until: Given.minute(60), act(4, why: "y", key: "s"))
      else {
        Issue.record("it was refused")
        return
      }
      #expect(again.isRepetition && silenced.isRepetition)
      #expect(try await other.sharedAlerts() == document)
    }
  }

  @Test("what waits for a sink that only the former leader's settings name goes to the sink in its place")
  func replacesSinks() async throws {
    try await withTwoDatabases { one, other in
      try await one.keepOnly(sinks: ["x"])
      #expect(try await one.takeLook(0, ["a"]) == 1)
      try await other.keepOnly(sinks: ["y"])
      try await other.take(try await one.sharedAlerts(), of: SharedWatch(version: 1, host: "one"))
      try await other.keepOnly(sinks: ["y"])
      #expect(try await other.entry(to: "y") == 1)
      #expect(try await other.entry(to: "x") == 0)
    }
  }

  @Test("while another machine leads, nobody can acknowledge or silence here, and is told where")
  func refusesActs() async throws {
    try await withTwoDatabases { _, store in
      _ = try await store.takeLook(0, ["a"])
      try await store.noteLeader("vagt-1")
      let act = Act(by: "vagten", why: "flytning", at: Given.minute(1))
      let matcher = Silence.Matcher(account: "lis")
      guard case .refused(let reason) = try await store.acknowledge(.alerts([1]), act),
        case .refused = try await store.silence(matcher, until: Given.minute(60), act),
        case .refused = try await store.endSilence(1, act),
        case .failure? = try await store.acknowledge(1, by: "vagten", why: nil, at: Given.minute(1))
      else {
        Issue.record("it was done")
        return
      }
      #expect(reason.text.en.contains("vagt-1") && reason.text.da.contains("vagt-1"))
      try await store.noteLeader("")
      guard case .refused(let unnamed) = try await store.acknowledge(.alerts([1]), act) else {
        Issue.record("it was done")
        return
      }
      #expect(unnamed.reason.en == "another machine leads the watch")
      try await store.noteLeader(nil)
      guard case .success? = try await store.acknowledge(1, by: "vagten", why: nil, at: Given.minute(1)) else {
        Issue.record("it was refused")
        return
      }
    }
  }

  @Test("while it is not known which machine leads, nothing that people do is recorded, and each is told why")
  func recordsNothing() async throws {
    try await withTwoDatabases { _, store in
      _ = try await store.takeLook(0, ["a"])
      let before = try await store.sharedAlerts()
      try await store.noteLeaderUnknown()
      let act = Act(by: "vagten", why: "flytning", at: Given.minute(1))
      let acts: [@Sendable () async throws -> Void] = [
        { _ = try await store.acknowledge(.alerts([1]), act) },
        { _ = try await store.acknowledge(1, by: "vagten", why: nil, at: Given.minute(1)) },
        { _ = try await store.undoAcknowledgement(.alerts([1]), act) },
        { _ = try await store.silence(Silence.Matcher(account: "lis"), until: Given.minute(60), act) },
        { _ = try await store.endSilence(1, act) },
      ]
      for one in acts {
        await #expect {
          try await one()
        } throws: { error in
          guard let error = error as? ExchangeError else { return false }
          return error.code == .journal && error.message.contains("does not say which machine leads the watch")
            && error.inDanish.contains("kunne gå tabt") && error.isRetriable
        }
      }
      #expect(try await store.sharedAlerts() == before)
      let reason = try await store.refusalOfActs()
      #expect(reason?.text.en.contains("until it does, nothing can be acknowledged or silenced") == true)
      // Another machine that is known to lead stays noted.
      try await store.noteLeader("vagt-1")
      try await store.noteLeaderUnknown()
      let leader = try await store.refusalOfActs()
      #expect(leader?.text.en.contains("vagt-1") == true)
    }
  }

  @Test("alerts of another version are refused, and those that are here stay")
  func refusesOtherVersions() async throws {
    try await withTwoDatabases { one, other in
      _ = try await other.takeLook(0, ["a"])
      let document = try await one.sharedAlerts().replacing("\"schema\":1", with: "\"schema\":2")
      for document in [document, "{}", ""] {
        await #expect { try await other.take(document, of: SharedWatch(version: 1, host: "one")) } throws: { error in
          (error as? ExchangeError)?.code == .watchDatabase && "\(error)".contains("another version of Filsluse")
        }
      }
      #expect(try await other.alerts().map(\.finding.subject) == ["a"])
    }
  }

  @Test("shared alerts with another table, another column or a row of another length are refused, and change nothing")
  func refusesOtherColumns() async throws {
    try await withTwoDatabases { one, other in
      _ = try await one.takeLook(0, ["a"])
      _ = try await other.takeLook(0, ["own"])
      let (document, before) = (try await one.sharedAlerts(), try await other.sharedAlerts())
      for (part, replacement) in [
        ("\"columns\":[\"id\",", "\"columns\":[\"id\\\") VALUES (1); DROP TABLE alert; --\","),
        ("\"columns\":[\"id\",", "\"columns\":["), ("\"rows\":[[", "\"rows\":[[1,"),
        ("\"name\":\"alert\"", "\"name\":\"observed_file\""),
      ] {
        let changed = document.replacing(part, with: replacement)
        #expect(changed != document)
        await #expect(throws: ExchangeError.self) {
          try await other.take(changed, of: SharedWatch(version: 9, host: "one"))
        }
      }
      #expect(try await other.sharedAlerts() == before)
    }
  }

  @Test("a watcher at work with a database is seen, and nothing is made where none was")
  func seesWatchers() async throws {
    try await withScratchFolder { folder in
      let database = folder.appending("watch.sqlite")
      #expect(try !WatchDatabase.hasWatcher(database))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string).isEmpty)
      do {
        let lock = try WatchLock(on: database)
        #expect(try WatchDatabase.hasWatcher(database) && lock.isInPlace)
      }
      #expect(try !WatchDatabase.hasWatcher(database))
    }
  }

  @Test(
    "a machine alerts while it leads, goes on when the server is away for long, and asks first when it stood still",
    arguments: [
      (true, nil, nil, false), (true, 1, nil, true), (false, 1, nil, false), (true, 25, nil, false),
      (true, 1, 5, false), (true, 1, 31, true), (false, 1, 31, false), (false, 1, 301, true), (false, 25, 301, false),
    ] as [(Bool, Int?, Int?, Bool)])
  func saysWhoAlerts(isLeading: Bool, sinceAsked: Int?, failingFor: Int?, mayAlert: Bool) {
    #expect(
      WatchLead.mayAlert(
        isLeading: isLeading, sinceAsked: sinceAsked.map { .seconds($0) }, failingFor: failingFor.map { .seconds($0) })
        == mayAlert)
  }
}

extension WatchDatabase {
  /// Takes a look that shows findings about some subjects.
  ///
  /// - Returns: the number of notifications that were written.
  func takeLook(_ minute: Int, _ subjects: [String]) async throws -> Int {
    try await take(
      Given.look(minute, subjects.map { Given.finding($0) }),
      settings: AlertSettings(repeatEvery: .seconds(3600), groupAbove: 100), sinks: ["x"]
    ).notificationCount
  }
}
