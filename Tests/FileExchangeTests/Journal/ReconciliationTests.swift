import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// A journal on a server that has lost its last commits, reconciled with OUT, IN and the machines' own files.
@Suite(.timeLimit(.minutes(25)), .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
struct ReconciliationTests {
  private static let names = ["receipt.csv", "trigger.csv", "open.csv", "begun.csv"]

  /// Exchanges files, and loses all commits about them but those that stage the deliveries.
  private func loseCommits(of test: TestExchange, in place: JournalTestPlace) async throws {
    var orders: [DeliveryOrder] = []
    for name in Self.names {
      orders.append(DeliveryOrder(file: try test.file(name, "content of \(name)"), route: "flis"))
    }
    for order in orders { _ = try await test.exchange.staging.stage(order) }
    let begun = try #require(try await test.journal.deliveries().last)
    try await place.keepCommits()

    for name in ["placed.xml", "theirs.xml"] { try test.arrive(name, "content of \(name)") }
    var options = Exchange.CollectionOptions()
    options.keepsRemote = true
    #expect(await test.exchange.collect("account", options: options).kept.count == 2)
    for name in ["theirs.xml", "theirs.xml.metadata"] { try test.remove(test.inbox.appending(name)) }
    try test.arrive("fresh.xml", "content of fresh.xml")
    orders.removeLast()
    orders.append(DeliveryOrder(file: try test.file("unknown.csv", "unknown"), route: "flis"))
    _ = await test.exchange.deliver(reporting: orders, options: .init(waitForReceipts: nil))
    for name in ["receipt.csv", "unknown.csv"] { try test.take(name, receipt: .receipt(message: "SUCCESS")) }
    try test.take("open.csv", receipt: nil)
    try test.write(Data("content".utf8), to: test.outbox.appending("begun.csv"))
    try test.write(Data(begun.trigger), to: test.outbox.appending(begun.temporaryTriggerName))
    try await test.journal.close()
    try await place.loseCommits()
  }

  @Test(
    "what OUT, IN and the inbox prove or a person says is in the journal afterwards; nothing is sent or placed twice")
  func nothingIsDoubled() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      try await TestExchange.with(
        nil, { settings in settings.journalServer = place.address.map { JournalServer(address: $0) } }
      ) { test in
        try await loseCommits(of: test, in: place)
        let settings = test.exchange.settings
        await #expect { _ = try await Journal.open(of: settings) } throws: { error in
          (error as? ExchangeError)?.code == .journalOutdated
            && (error as? ExchangeError)?.remedy.steps == [.reconcileJournal]
        }

        let examined = try await Exchange.examineLoss(of: settings)
        let findings = Dictionary(examined.items.map { ($0.name, $0.finding) }) { first, _ in first }
        #expect(
          findings == [
            "receipt.csv": .done, "trigger.csv": .done, "open.csv": .unproven, "begun.csv": .notDone,
            "placed.xml": .done, "theirs.xml": .unproven, "fresh.xml": .unproven,
          ])
        #expect(examined.unknown.map(\.name) == ["unknown.csv"])
        #expect(examined.lostEntries > 0 && !examined.isWritten && examined.awaited.isEmpty)
        let numbers = Dictionary(examined.items.map { ($0.name, $0.number) }) { first, _ in first }

        var answers = ReconciliationAnswers(person: "Ida Operatør", reason: "asked the receivers")
        let unanswered = try await Exchange.reconcile(settings, with: answers)
        #expect(!unanswered.isWritten && unanswered.unanswered.count == 3)
        answers.notDone = [try #require(numbers["receipt.csv"])]
        let contradicting = answers
        await #expect { _ = try await Exchange.reconcile(settings, with: contradicting) } throws: {
          ($0 as? ExchangeError)?.code == .invalidDelivery
        }
        answers.notDone = ["D99"]
        let aboutNothing = answers
        await #expect { _ = try await Exchange.reconcile(settings, with: aboutNothing) } throws: { error in
          (error as? ExchangeError)?.code == .invalidDelivery && "\(error)".contains("has the number D99")
        }
        #expect(try await Exchange.examineLoss(of: settings).items == examined.items)
        answers.done = [try #require(numbers["open.csv"]), try #require(numbers["theirs.xml"])]
        answers.notDone = [ReconciliationAnswers.all]
        #expect(try await Exchange.reconcile(settings, with: answers).isEnded)
        try await expectNothingDoubled(test)
      }
    }
  }

  private func expectNothingDoubled(_ former: TestExchange) async throws {
    let test = try await former.reopened()
    #expect(try await test.journal.deliveries().map(\.state) == [.taken, .triggered, .taken, .uploading])
    #expect(try await test.journal.verify().findings == [])
    let entries = try await test.journal.entries()
    #expect(entries.contains { $0.detail?.contains("Ida Operatør says so: asked the receivers") ?? false })
    #expect(try await test.journal.acceptedLoss() != nil)

    // Everything is asked for again.
    let orders = Self.names.map { DeliveryOrder(file: test.folder.appending($0), route: "flis") }
    _ = await test.exchange.deliver(reporting: orders, options: .init(waitForReceipts: nil))
    let outgoing = try test.names(in: test.outbox).filter { $0.hasSuffix(".trigger") }
    #expect(outgoing == ["begun.csv.trigger", "trigger.csv.trigger"])
    let report = await test.exchange.collect("account")
    #expect(report.problems.isEmpty, "\(report.problems)")
    let inbox = ["fresh.xml", "fresh.xml.metadata", "placed.xml", "placed.xml.metadata"]
    #expect(try test.names(in: test.inbox) == inbox)
    #expect(try test.names(in: test.incoming) == ["unknown.csv.sftpreceipt"])
    #expect(try await test.journal.delivery(1)?.state == .accepted)
    #expect(try await test.journal.verify().findings == [])
    try await test.journal.close()
  }

  @Test("what is not done goes on from its first byte, whatever the server has acknowledged before")
  func beginsAtFirstByte() async throws {
    try await TestExchange.with(on: .postgreSQL) { test in
      var orders: [DeliveryOrder] = []
      for state in [DeliveryState.staged, .uploading, .uploaded, .armed] {
        let name = "\(state.rawValue).csv"
        let order = DeliveryOrder(file: try test.file(name, "content of \(name)"), route: "flis")
        orders.append(order)
        _ = try await test.exchange.staging.stage(order)
        var delivery = try #require(try await test.journal.deliveries().last)
        delivery.state = state
        if state != .staged {
          delivery.acknowledged = 7
          delivery.acknowledgedSHA256 = SHA256.digest(of: Array("content".utf8))
        }
        try await test.journal.record(delivery)
        // Of the right size, and with another content than what was acknowledged.
        try test.write(Data(repeating: 120, count: Int(delivery.size)), to: test.outbox.appending(name))
        if state == .armed {
          try test.write(Data(delivery.trigger), to: test.outbox.appending(delivery.temporaryTriggerName))
        }
      }
      try await test.journal.close()
      var answers = ReconciliationAnswers(person: "Ida", reason: "a standby took over")
      answers.notDone = [ReconciliationAnswers.all]
      #expect(try await Exchange.reconcile(test.exchange.settings, with: answers).isEnded)

      let again = try await test.reopened()
      let waiting = try await again.journal.deliveries()
      #expect(waiting.count == 4)
      #expect(waiting.allSatisfy { $0.state == .uploading && $0.acknowledged == 0 && $0.acknowledgedSHA256 == nil })
      _ = await again.exchange.deliver(reporting: orders, options: .init(waitForReceipts: nil))
      for delivery in try await again.journal.deliveries() {
        #expect(delivery.state == .triggered)
        let name = delivery.wireName.string
        #expect(try test.read(test.outbox.appending(name)) == Data("content of \(name)".utf8))
      }
      #expect(try await again.journal.verify().findings == [])
      try await again.journal.close()
    }
  }

  @Test("a whole trigger under its temporary name proves nothing on a server that was seen not to rename")
  func asksAboutTriggersInPlace() async throws {
    try await TestExchange.with(on: .postgreSQL) { test in
      let settings = test.exchange.settings
      func stage(_ name: String, as state: DeliveryState) async throws -> Delivery {
        let order = DeliveryOrder(file: try test.file(name, "content"), route: "flis")
        _ = try await test.exchange.staging.stage(order)
        var delivery = try #require(try await test.journal.deliveries().last)
        delivery.state = state
        return try await test.journal.record(delivery)
      }
      let armed = try await stage("a.csv", as: .armed)
      try test.write(Data("content".utf8), to: test.outbox.appending("a.csv"))
      try test.write(Data(armed.trigger), to: test.outbox.appending(armed.temporaryTriggerName))
      let before = try await Exchange.examineLoss(of: settings)
      #expect(before.items.map(\.finding) == [.notDone])
      _ = try await stage("b.csv", as: .triggering)
      let after = try await Exchange.examineLoss(of: settings)
      #expect(after.items.map(\.finding) == [.unproven, .done])
      try await test.journal.close()
    }
  }

  @Test("the pair of another under the name of a delivery that was not sent is left alone")
  func sparesAnothersPair() async throws {
    try await TestExchange.with(on: .postgreSQL) { test in
      let order = DeliveryOrder(file: try test.file("a.csv", "content"), route: "flis")
      _ = try await test.exchange.staging.stage(order)
      var delivery = try #require(try await test.journal.deliveries().last)
      delivery.state = .uploading
      try await test.journal.record(delivery)
      try test.write(Data("another".utf8), to: test.outbox.appending("a.csv"))
      try test.write(
        Data(repeating: 32, count: delivery.trigger.count), to: test.outbox.appending("a.csv.trigger"))
      try await test.journal.close()
      var answers = ReconciliationAnswers(person: "Ida", reason: "a standby took over")
      answers.notDone = ["D\(delivery.id)"]
      #expect(try await Exchange.reconcile(test.exchange.settings, with: answers).isEnded)

      let again = try await test.reopened()
      _ = await again.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil))
      #expect(try await again.journal.delivery(delivery.id)?.state == .staged)
      #expect(try test.read(test.outbox.appending("a.csv")) == Data("another".utf8))
      try await again.journal.close()
    }
  }

  @Test("an account that cannot be looked at stops nothing: a person answers for it, and for its deliveries")
  func goesOnWithoutAnAccount() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      try await TestExchange.with(
        nil, { settings in settings.journalServer = place.address.map { JournalServer(address: $0) } }
      ) { test in
        try await loseCommits(of: test, in: place)
        var settings = test.exchange.settings
        settings.accounts[0].port = 1
        let examined = try await Exchange.examineLoss(of: settings)
        #expect(examined.items.map(\.number) == ["D1", "D2", "D3", "D4", "account:account"])
        for item in examined.items {
          #expect(item.finding == .unproven && item.evidence.en.contains("could not be looked at"), "\(item)")
        }
        var answers = ReconciliationAnswers(person: "Ida", reason: "the receivers were asked")
        answers.done = ["D1", "D2", "D3", "D4"]
        let asked = try await Exchange.reconcile(settings, with: answers)
        #expect(!asked.isWritten && asked.unanswered.map(\.number) == ["account:account"])
        answers.notDone = ["account:account"]
        #expect(try await Exchange.reconcile(settings, with: answers).isEnded)
        let journal = try await Journal.open(of: settings)
        #expect(try await journal.deliveries().map(\.state) == [.taken, .taken, .taken, .taken])
        let entries = try await journal.entries()
        let part = "without the account account: the receivers were asked"
        #expect(entries.contains { $0.detail?.contains(part) ?? false })
        #expect(try await journal.verify().findings == [])
        try await journal.close()
      }
    }
  }

  @Test("a machine has no part while a person says nothing about its account, and an answer may be given again later")
  func needsAnswerForAccount() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      try await TestExchange.with(
        nil, { settings in settings.journalServer = place.address.map { JournalServer(address: $0) } }
      ) { test in
        try await test.journal.close()
        var settings = test.exchange.settings
        var other = settings
        other.accounts = []
        other.journal = settings.journal.removingLastComponent().appending("another-machine")
        try await Journal.open(of: other).close()
        settings.accounts[0].port = 1
        var answers = ReconciliationAnswers(person: "Ida", reason: "a standby took over")
        // The other machine can look into OUT and IN, and not into this one's inbox.
        let asked = try await Exchange.reconcile(settings, with: answers)
        #expect(!asked.isWritten && asked.awaited.count == 1)
        #expect(asked.unanswered.map(\.number) == ["account:account"])
        answers.notDone = ["account:account"]
        let written = try await Exchange.reconcile(settings, with: answers)
        #expect(written.isWritten && !written.isEnded)
        #expect(try await Exchange.reconcile(other, with: answers).isEnded)
      }
    }
  }

  @Test(
    "a machine is left out by its number, or as it is shown, where another one has its host's name, which is refused")
  func machinesOfOneName() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      let machines = try self.machines(of: place)
      for settings in machines { try await Journal.open(of: settings).close() }
      var answers = ReconciliationAnswers(person: "Ida", reason: "two burnt down")
      let report = try await Exchange.examineLoss(of: machines[0])
      let host = MachineIdentity.hostName
      #expect(report.awaited == ["\(host) (2)", "\(host) (3)"])
      answers.leftOut = [host]
      let ambiguous = answers
      await #expect { _ = try await Exchange.reconcile(machines[0], with: ambiguous) } throws: { error in
        (error as? ExchangeError)?.code == .invalidDelivery && "\(error)".contains("their numbers are 2, 3")
          && (error as? ExchangeError)?.inDanish.contains("deres numre er 2, 3") == true
      }
      for (leftOut, done) in [(["3", "9"], []), (["3"], ["D99"])] as [(Set<String>, Set<String>)] {
        (answers.leftOut, answers.done) = (leftOut, done)
        let wrong = answers
        await #expect { _ = try await Exchange.reconcile(machines[0], with: wrong) } throws: {
          ($0 as? ExchangeError)?.code == .invalidDelivery
        }
      }
      // Nothing was written.
      try await Journal.open(of: machines[1]).close()
      (answers.leftOut, answers.done) = ([], [])
      #expect(try await Exchange.reconcile(machines[0], with: answers).awaited == report.awaited)
      await #expect { _ = try await Journal.open(of: machines[0]) } throws: { error in
        "\(error)".contains("not had their part: \(host) (2), \(host) (3)")
      }
      answers.leftOut = ["\(host) (3)"]
      #expect(try await Exchange.reconcile(machines[0], with: answers).awaited == [host])
      answers.leftOut = ["3"]
      #expect(try await Exchange.reconcile(machines[1], with: answers).isEnded)
    }
  }

  /// The settings of three machines without accounts.
  private func machines(of place: JournalTestPlace) throws -> [ExchangeSettings] {
    let address = try #require(place.address)
    return ["one", "other", "third"].map { name in
      var settings = ExchangeSettings(
        source: place.folder.appending("filsluse.yaml"), accounts: [], routes: [], arrivals: [],
        journal: place.folder.appending(name), inbox: place.folder.appending("inbox"))
      settings.journalServer = JournalServer(address: address, machines: .several)
      return settings
    }
  }

  @Test("a process that had lost its way to the server stops, and does not go on while the journal is reconciled")
  func stopsOthers() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      let machines = try self.machines(of: place)
      try await Journal.open(of: machines[2]).close()
      let one = try await Journal.open(
        try #require(place.server), beside: machines[0].journal, for: .several, hasHeartbeat: false)
      try await SampleJournal.add(.staged, to: one, named: "a.csv")
      try await place.endSessions()
      let answers = ReconciliationAnswers(person: "Ida", reason: "a standby took over")
      #expect(try await !Exchange.reconcile(machines[1], with: answers).isEnded)
      await #expect { try await SampleJournal.add(.staged, to: one, named: "b.csv") } throws: { error in
        (error as? ExchangeError)?.code == .journalReplaced && "\(error)".contains("being reconciled")
      }
      #expect(try await one.attend()?.code == .journalReplaced)
      await #expect { try await one.close() } throws: { ($0 as? ExchangeError)?.code == .journalReplaced }
      await #expect {
        _ = try await Journal.copy(
          from: .server(JournalServer(address: try #require(place.address))), to: .file(place.folder.appending("copy")))
      } throws: { ($0 as? ExchangeError)?.code == .journalOutdated }
    }
  }

  @Test("the mark is replaced while the heartbeat raises it")
  func replacesMarkWhileRaised() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      let journal = try await Journal.openToReconcile(of: try self.machines(of: place)[0])
      for number in 0..<40 {
        try await SampleJournal.add(.staged, to: journal, named: "\(number).csv")
        async let replacement: Void = journal.replaceMark()
        #expect(try await journal.attend() == nil)
        try await replacement
      }
      let end = try await journal.anchor()
      #expect(HighWaterMark.read(beside: journal.path).mark?.anchor == end)
      try await journal.close()
    }
  }

  @Test("nobody uses the journal until each machine has had its part, or is left out by a person")
  func waitsForAllMachines() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      let machines = try self.machines(of: place)
      for settings in machines { try await Journal.open(of: settings).close() }
      try await place.keepCommits()
      for settings in machines.reversed() {
        let journal = try await Journal.open(of: settings)
        try await SampleJournal.add(
          .triggered, to: journal, named: "\(settings.journal.lastComponent?.string ?? "").csv")
        try await journal.close()
      }
      try await place.loseCommits()
      try await place.tamper("UPDATE machine SET host = 'third' WHERE id = (SELECT max(id) FROM machine)")

      var answers = ReconciliationAnswers(person: "Ida", reason: "the third one burnt down")
      let first = try await Exchange.reconcile(machines[0], with: answers)
      #expect(first.isWritten && !first.isEnded && first.awaited.count == 2)
      for settings in machines {
        await #expect { _ = try await Journal.open(of: settings) } throws: {
          ($0 as? ExchangeError)?.code == .journalOutdated
        }
      }
      #expect(try await Exchange.reconcile(machines[1], with: answers).awaited == ["third"])
      answers.leftOut = ["third", "thrid"]
      let misspelt = answers
      await #expect { _ = try await Exchange.reconcile(machines[1], with: misspelt) } throws: { error in
        (error as? ExchangeError)?.code == .invalidDelivery && "\(error)".contains("no machine named thrid")
      }
      answers.leftOut = ["third"]
      #expect(try await Exchange.reconcile(machines[1], with: answers).isEnded)

      let (one, other) = (try await Journal.open(of: machines[0]), try await Journal.open(of: machines[1]))
      #expect(try await one.verify([try await other.anchor()]).findings == [])
      let refused = answers
      await #expect { _ = try await Exchange.reconcile(machines[0], with: refused) } throws: {
        ($0 as? ExchangeError)?.code == .claimedElsewhere
      }
      try await one.close()
      try await other.close()
      // It knows of lost entries, and has had no part.
      await #expect { _ = try await Journal.open(of: machines[2]) } throws: {
        ($0 as? ExchangeError)?.code == .journalOutdated
      }
    }
  }
}
