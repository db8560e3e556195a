import ExchangeSettings
import FilsluseStore
import FilsluseBase
import Foundation
import GRDB
import Logging
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// The alerts that the program under `alert:` gets, each of them once, across restarts.
@Suite(.timeLimit(.minutes(25))) struct AlertCommandNotifierTests {
  private struct SentAlert: Decodable {
    struct Member: Decodable {
      let subject: String
    }
    let id: String
    let kind: String
    let account: String
    let number: String?
    let message: String
    let resolved: Bool
    let count: Int
    let problems: [Member]
  }

  /// A journal, and a program that writes down the alerts it gets.
  private struct Desk {
    let folder: FilePath
    let journal: Journal
    var gap = Duration.zero

    var log: FilePath { folder.appending("log") }
    /// The program fails while this file is there.
    var failing: FilePath { folder.appending("failing") }

    func sentAlerts() throws -> [SentAlert] {
      guard let data = FileManager.default.contents(atPath: log.string) else { return [] }
      return try data.split(separator: UInt8(ascii: "\n")).map {
        try JSONDecoder().decode(SentAlert.self, from: Data($0))
      }
    }

    /// A notifier with its reporter, as a new process has them.
    ///
    /// - Parameter command: a program in place of the one that writes down; none where it is empty.
    func start(
      hanging: Bool = false, running command: [String]? = nil
    ) -> (notifier: AlertCommandNotifier, reporter: RunReporter) {
      var settings = ExchangeSettings(
        source: folder.appending("filsluse.yaml"), accounts: [AlertCommandNotifierTests.account])
      settings.alert = AlertCommand(
        command: ["/bin/sh", "-c", "cat >>\"$0\"; ! [ -e \"$1\" ]", log.string, failing.string])
      if hanging { settings.alert?.command = ["/bin/sh", "-c", "trap '' TERM; cat >>\"$0\"; sleep 600", log.string] }
      if let command { settings.alert = command.isEmpty ? nil : AlertCommand(command: command) }
      let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
      var exchange = Exchange(settings: settings, journal: journal, logger: quiet)
      exchange.patience.retry.backoff.first = .zero
      exchange.patience.retry.backoff.longest = .zero
      let reporter = RunReporter(logger: quiet, problems: ObservedProblems(in: journal)) { _ in }
      return (AlertCommandNotifier(exchange, reporter, gap: gap), reporter)
    }
  }

  private static let account = Account(
    name: "fagsystem", host: "127.0.0.1", user: "fagsystem", key: "key", hostKeys: .pinned([]))

  private func withDesk(gap: Duration = .zero, _ body: (Desk) async throws -> Void) async throws {
    try await withScratchFolder { folder in
      let journal = try await Journal.open(folder.appending("journal.sqlite"))
      try await body(Desk(folder: folder, journal: journal, gap: gap))
      try await journal.close()
    }
  }

  @Test("sends an observed problem once and its end once, in spite of restarts between")
  func onceAcrossRestarts() async throws {
    try await withDesk { handler in
      let (first, before) = handler.start()
      before.attention(.accountStopped, account: "fagsystem", "the key is refused")
      await first.compare()
      await first.compare()
      let (second, after) = handler.start()
      await second.compare()
      after.attention(.accountStopped, account: "fagsystem", "the key is refused")
      await second.compare()
      #expect(try handler.sentAlerts().map(\.message) == ["the key is refused"])
      let (third, last) = handler.start()
      await third.compare()
      last.isOver(.accountStopped, account: "fagsystem", "the account works again")
      await third.compare()
      await third.compare()
      let sent = try handler.sentAlerts()
      #expect(sent.map(\.resolved) == [false, true] && sent.map(\.kind) == ["account-stopped", "account-stopped"])
      #expect(sent.last?.message == "the account works again" && Set(sent.map(\.id)).count == 2)
    }
  }

  @Test("sends the problems that states show, and how each ended")
  func states() async throws {
    try await withDesk { handler in
      let notifier = handler.start().notifier
      try await SampleJournal.add(.refused, to: handler.journal, named: "010190-1234.csv")
      await notifier.compare()
      await notifier.compare()
      let sent = try handler.sentAlerts()
      #expect(sent.map(\.kind) == ["refused"] && sent.map(\.number) == ["D1"])
      #expect(sent.first?.message.contains("retry D1") == true)
      #expect(sent.first?.message.contains("010190-1234") == false)
      try await SampleJournal.add(.accepted, to: handler.journal, named: "010190-1234.csv", again: true)
      await notifier.compare()
      try await SampleJournal.add(.refused, to: handler.journal, named: "b.csv")
      await notifier.compare()
      _ = try await handler.journal.closeProblems(about: "D3", of: [Self.account], because: "sendt pr. brev")
      await notifier.compare()
      await notifier.compare()
      #expect(
        try handler.sentAlerts().map { "\($0.resolved) \($0.number ?? "")" } == [
          "false D1", "true D1", "false D3", "true D3",
        ])
      let ends = try handler.sentAlerts().filter(\.resolved)
      #expect(ends.map(\.message) == ["D1 ******-****.csv was sent again", "D3 was closed: sendt pr. brev"])
    }
  }

  @Test("names the first of many of a kind, counts all, and sends each once")
  func groups() async throws {
    try await withDesk { handler in
      for number in 1...30 { try await SampleJournal.add(.refused, to: handler.journal, named: "\(number).csv") }
      await handler.start().notifier.compare()
      await handler.start().notifier.compare()
      let sent = try handler.sentAlerts()
      #expect(sent.count == 1 && sent.first?.count == 30 && sent.first?.number == nil)
      #expect(sent.first?.problems.map(\.subject) == (1...20).map { "D\($0)" })
      #expect(sent.first?.message.hasPrefix("30 at once: the platform refused 1.csv") == true)
      #expect(sent.first?.message.hasSuffix("and 20 more: the list of open problems shows what is open") == true)
      try await SampleJournal.add(.refused, to: handler.journal, named: "31.csv")
      await handler.start().notifier.compare()
      #expect(try handler.sentAlerts().map(\.number) == [nil, "D31"])
    }
  }

  @Test("sends what came within the pause together when that is over, at the end at the latest")
  func pause() async throws {
    try await withDesk(gap: .seconds(3600)) { handler in
      let (notifier, reporter) = handler.start()
      func setAside(_ number: Int) {
        reporter.attention(.setAside, account: "fagsystem", number: "D\(number)", "\(number).csv is set aside")
      }
      setAside(1)
      await notifier.compare()
      for number in 2...4 { setAside(number) }
      reporter.attention(.accountStopped, account: "fagsystem", "the key is refused")
      await notifier.compare()
      let sent = try handler.sentAlerts()
      #expect(sent.map { "\($0.kind) \($0.count)" } == ["set-aside 1", "account-stopped 1"])
      await notifier.compare(isLast: true)
      let last = try handler.sentAlerts().last
      #expect(last?.problems.map(\.subject) == ["D2", "D3", "D4"])
    }
  }

  @Test("sends what began and ended within the pause too, and not the end of what is open again")
  func endedWithinThePause() async throws {
    try await withDesk(gap: .seconds(3600)) { handler in
      let (notifier, reporter) = handler.start()
      func setAside(_ number: Int) {
        reporter.attention(.setAside, account: "fagsystem", number: "D\(number)", "\(number).csv is set aside")
      }
      func end(_ number: Int) {
        reporter.isOver(.setAside, account: "fagsystem", number: "D\(number)", "\(number).csv is gone")
      }
      setAside(1)
      await notifier.compare()
      setAside(2)
      await notifier.compare()
      end(2)
      setAside(3)
      await notifier.compare()
      end(3)
      await notifier.compare()
      setAside(3)
      await notifier.compare()
      #expect(try handler.sentAlerts().map(\.count) == [1], "all of it waits for the end of the pause, its end too")
      // A new process has no pause.
      await handler.start().notifier.compare()
      let sent = try handler.sentAlerts()
      #expect(
        sent.map { "\($0.resolved) \($0.problems.map(\.subject))" } == [
          "false [\"D1\"]", "false [\"D2\", \"D3\"]", "true [\"D2\"]",
        ])
      #expect(sent.last?.message == "2.csv is gone" && sent.last?.number == "D2")
    }
  }

  @Test(
    "says that the journal can be written again once its disk has room, however small a row it takes before",
    .enabled(if: SmallDisk.isPermitted, "mounting a small file system takes root"))
  func fullDisk() async throws {
    try await withScratchFolder { folder in
      try await SmallDisk.with(bytes: 40 << 20, in: folder) { disk in
        let journal = try await Journal.open(disk.folder.appending("journal.sqlite"))
        let handler = Desk(folder: disk.folder, journal: journal)
        try Data(count: 34 << 20).write(to: URL(filePath: disk.ballast.string))
        let (notifier, reporter) = handler.start()
        for _ in 1...3 {
          reporter.note(
            ExchangeError(
              .journal, operation: "write the journal", path: journal.path.string,
              message: "database or disk is full", remedy: "make room"))
          await notifier.compare()
          await notifier.compare()
        }
        #expect(try handler.sentAlerts().map { "\($0.kind) \($0.resolved)" } == ["journal-not-writable false"])
        try disk.makeRoom()
        await notifier.compare()
        await notifier.compare()
        #expect(try handler.sentAlerts().map(\.resolved) == [false, true])
        try await journal.close()
      }
    }
  }

  @Test("sends an alert again under the same id until its program takes it, in another process too")
  func retries() async throws {
    try await withDesk { handler in
      try Data().write(to: URL(filePath: handler.failing.string))
      let (first, reporter) = handler.start()
      reporter.attention(.accountStopped, account: "fagsystem", "the key is refused")
      await first.compare()
      await first.compare()
      try FileManager.default.removeItem(atPath: handler.failing.string)
      let second = handler.start().notifier
      await second.compare()
      await second.compare()
      let sent = try handler.sentAlerts()
      #expect(sent.count == 3 && Set(sent.map(\.id)).count == 1)
    }
  }

  @Test("lists an alert program that fails or is missing, in another process too, until it takes an alert")
  func programFails() async throws {
    try await withDesk { handler in
      func isListed() async throws -> Bool {
        try await handler.journal.openProblems(of: [Self.account]).counts[.alertFails] == 1
      }
      try Data().write(to: URL(filePath: handler.failing.string))
      let (first, reporter) = handler.start()
      reporter.attention(.accountStopped, account: "fagsystem", "the key is refused")
      await first.compare()
      await first.compare()
      #expect(try await isListed())
      let missing = handler.start(running: ["/nowhere/tell"]).notifier
      await missing.compare()
      await missing.compare()
      let open = try await handler.journal.openProblems(of: [Self.account]).problems
      #expect(open.first { $0.kind == .alertFails }?.message.contains("/nowhere/tell") == true)
      try FileManager.default.removeItem(atPath: handler.failing.string)
      let second = handler.start().notifier
      await second.compare()
      await second.compare()
      #expect(try await !isListed())
      #expect(try Set(handler.sentAlerts().map(\.kind)) == ["account-stopped"], "its own failure it is not sent")
    }
  }

  @Test("an alert program that fails is no problem once the settings name none")
  func programRemoved() async throws {
    try await withDesk { handler in
      try Data().write(to: URL(filePath: handler.failing.string))
      let (first, reporter) = handler.start()
      reporter.attention(.accountStopped, account: "fagsystem", "the key is refused")
      await first.compare()
      await first.compare()
      let without = handler.start(running: []).notifier
      await without.compare()
      await without.compare()
      #expect(try await handler.journal.openProblems(of: [Self.account]).counts == [.accountStopped: 1])
    }
  }

  @Test("sends a problem at once that the journal cannot take, and not again when it can")
  func journalBusy() async throws {
    try await withDesk { handler in
      let (notifier, reporter) = handler.start()
      await notifier.compare()
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true
      let other = try DatabaseQueue(path: handler.journal.path.string, configuration: configuration)
      try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
      reporter.attention(.accountStopped, account: "fagsystem", "the key is refused")
      await notifier.compare()
      #expect(try Set(handler.sentAlerts().map(\.kind)) == ["account-stopped", "journal-not-writable"])
      try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
      try other.close()
      await notifier.compare()
      await notifier.compare()
      #expect(
        try handler.sentAlerts().map { "\($0.kind) \($0.resolved)" }.sorted() == [
          "account-stopped false", "journal-not-writable false", "journal-not-writable true",
        ])
      #expect(try await handler.journal.openProblems(of: [Self.account]).counts == [.accountStopped: 1])
    }
  }

  @Test("keeps a damaged journal open, however well it can be written, until a person closes it")
  func damaged() async throws {
    try await withDesk { handler in
      let (notifier, reporter) = handler.start()
      reporter.note(Journal.failure("read the journal", handler.journal.path, DamagedRow(table: "delivery", id: 1)))
      await notifier.compare()
      await notifier.compare()
      #expect(try handler.sentAlerts().map { "\($0.kind) \($0.resolved)" } == ["journal-damaged false"])
      let closed = try await handler.journal.closeProblems(about: "journal", of: [Self.account], because: "restored")
      #expect(closed == [.journalDamaged])
      await notifier.compare()
      #expect(try handler.sentAlerts().last?.message == "journal was closed: restored")
    }
  }

  /// The program has half a minute, by the settings; the end of the run has not.
  @Test("a program that hangs holds up the end of the run for seconds only, and gets the same alert in the next run")
  func hangingProgram() async throws {
    try await withDesk { handler in
      let (first, before) = handler.start(hanging: true)
      before.attention(.accountStopped, account: "fagsystem", "the key is refused")
      let end = GracefulStop()
      let run = Task { await first.run(until: end) }
      try await eventually("the program runs") { try !handler.sentAlerts().isEmpty }
      let begin = ContinuousClock.now
      end.request()
      await run.value
      #expect(ContinuousClock.now - begin < .seconds(20))
      await handler.start().notifier.compare()
      let sent = try handler.sentAlerts()
      #expect(sent.map(\.kind) == ["account-stopped", "account-stopped"] && sent[0].id == sent[1].id)
    }
  }

  @Test("lists no failure of an alert program that the end of the run had no more time for")
  func shortTimeAtTheEnd() async throws {
    try await withDesk { handler in
      let (notifier, reporter) = handler.start(hanging: true)
      reporter.attention(.accountStopped, account: "fagsystem", "the key is refused")
      await notifier.compare(isLast: true)
      try await reporter.problems.synchronize()
      #expect(try await handler.journal.openProblems(of: [Self.account]).counts == [.accountStopped: 1])
      await handler.start().notifier.compare()
      let sent = try handler.sentAlerts()
      #expect(sent.map(\.kind) == ["account-stopped", "account-stopped"] && sent[0].id == sent[1].id)
    }
  }

  @Test(
    "while a machine runs the program for what is queued, another one with the same journal does not",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
  func sendsFromOneMachine() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      let place = place.forSeveral
      let one = Desk(folder: place.folder, journal: try await place.open())
      let other = Desk(folder: place.folder, journal: try await place.onAnotherMachine.open())
      try await SampleJournal.add(.refused, to: one.journal, named: "a.csv")
      let slow = ["/bin/sh", "-c", "cat >>\"$0\"; sleep 1", one.log.string]
      let first = Task { await one.start(running: slow).notifier.compare() }
      while try one.sentAlerts().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
      await other.start(running: slow).notifier.compare()
      _ = await first.value
      await other.start(running: slow).notifier.compare()
      #expect(try one.sentAlerts().map(\.number) == ["D1"])
      try await one.journal.close()
      try await other.journal.close()
    }
  }

  @Test("sends nothing while a watcher does so with the same journal, and goes on when that has ended")
  func watcherTells() async throws {
    try await withDesk { handler in
      let (notifier, reporter) = handler.start()
      reporter.attention(.accountStopped, account: "fagsystem", "the key is refused")
      let watched: Void? = try await handler.journal.withClaim(on: .alerting) { () async throws(ExchangeError) in
        await notifier.compare()
      }
      #expect(watched != nil)
      #expect(try handler.sentAlerts().isEmpty)
      await notifier.compare()
      #expect(try handler.sentAlerts().map(\.kind) == ["account-stopped"])
    }
  }
}
