import ExchangeSettings
import FilsluseBase
import FilsluseStore
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Several machines with one journal on a server at the same time.
@Suite(.timeLimit(.minutes(25)), .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
struct SeveralMachinesTests {
  /// Runs `body` with the journal as two machines have it.
  private func withMachines(_ body: (JournalTestPlace, Journal, Journal) async throws -> Void) async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      let place = place.forSeveral.withHeartbeat(false)
      let (one, other) = (try await place.open(), try await place.onAnotherMachine.open())
      try await body(place, one, other)
    }
  }

  /// Cuts a machine off from the server for longer than the grace; the other one connects again.
  private func cutOff(_ place: JournalTestPlace, sparing other: Journal) async throws {
    try await place.endSessions()
    try await place.letGracePass()
    #expect(try await other.attend() == nil)
  }

  private func isClaimed(_ subject: ClaimSubject, by journal: Journal) async throws -> Bool {
    try await journal.withClaim(on: subject) { () async throws(ExchangeError) in true } ?? false
  }

  @Test("several that open a new journal at once all have it, and one of them creates its tables")
  func opensNewJournalAtOnce() async throws {
    for _ in 0..<5 {
      try await JournalDatabase.postgreSQL.withPlace { place in
        let machines = (1...6).map { place.forSeveral.onMachine(named: "machine-\($0)") }
        try await withThrowingTaskGroup(of: Journal.self) { group in
          for machine in machines { group.addTask { try await machine.open() } }
          for try await journal in group {
            #expect(try await journal.deliveries().isEmpty)
            try await journal.close()
          }
        }
      }
    }
  }

  @Test("their entries make one chain, and the work of each is not the other's")
  func worksBesideEachOther() async throws {
    try await withMachines { _, one, other in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<20 {
          group.addTask {
            try await SampleJournal.add(.armed, to: number.isMultiple(of: 2) ? one : other, named: "fil \(number).csv")
          }
        }
        try await group.waitForAll()
      }
      #expect(try await one.verify([try await other.anchor()]).findings == [])
      var shared = 0
      for delivery in try await one.deliveries() {
        let isOnes = try await isClaimed(.delivery(delivery.id), by: one)
        let isOthers = try await isClaimed(.delivery(delivery.id), by: other)
        if isOnes == isOthers { shared += 1 }
      }
      #expect(shared == 0)
      try await one.close()
      try await other.close()
    }
  }

  @Test("a machine that is gone writes nothing more, and its deliveries are another's that asks for them")
  func takesDeliveriesOver() async throws {
    try await withMachines { place, one, other in
      try await SampleJournal.add(.armed, to: one, named: "a.csv")
      let delivery = try #require(try await one.delivery(1))
      #expect(try await !isClaimed(.delivery(1), by: other))
      try await cutOff(place, sparing: other)
      #expect(try await isClaimed(.delivery(1), by: other))
      await #expect { try await one.noteProgress(of: delivery) } throws: {
        ($0 as? ExchangeError)?.code == .journalReplaced
      }
      #expect(try await one.attend()?.code == .journalReplaced)
      #expect(try await other.verify().findings == [])
      await #expect { try await one.close() } throws: { ($0 as? ExchangeError)?.code == .journalReplaced }

      // Started again, it works beside the other one.
      let again = try await place.open()
      #expect(try await !isClaimed(.delivery(1), by: again))
      try await SampleJournal.add(.staged, to: again, named: "b.csv")
      #expect(try await isClaimed(.delivery(2), by: again))
      #expect(try await !isClaimed(.delivery(2), by: other))
      try await again.close()
      try await other.close()
    }
  }

  @Test("a machine that stands still with its sessions intact is gone after the grace; one that only waits is not")
  func endsSilentSessions() async throws {
    try await withMachines { place, still, other in
      let waiting = try await place.onMachine(named: "waiting-machine").withHeartbeat(true).open()
      // By the server's own time: nothing is told to it, and no session is cut.
      let begin = ContinuousClock.now
      try await SampleJournal.add(.armed, to: still, named: "a.csv")
      try await SampleJournal.add(.armed, to: waiting, named: "b.csv")
      let (stills, waits) = (try #require(try await still.delivery(1)), try #require(try await waiting.delivery(2)))
      var takenAfter: Duration?
      while takenAfter == nil, .now - begin < .seconds(120) {
        try await Task.sleep(for: .seconds(1))
        #expect(try await other.attend() == nil)
        if try await isClaimed(.delivery(1), by: other) { takenAfter = .now - begin }
      }
      let time = try #require(takenAfter)
      #expect(time > KnownMachine.grace && time < KnownMachine.grace + .seconds(30))
      #expect(try await !isClaimed(.delivery(2), by: other))
      try await waiting.noteProgress(of: waits)

      // It wakes: it knows that it must ask before any step, and nothing that it writes is taken.
      #expect(still.guards?.keeper.isSure == false)
      await #expect { try await still.noteProgress(of: stills) } throws: {
        ($0 as? ExchangeError)?.code == .journalReplaced
      }
      await #expect { try await still.requireHold() } throws: { ($0 as? ExchangeError)?.code == .journalReplaced }
      await #expect { _ = try await still.takeTurn(.listing(account: "a"), for: .seconds(9)) } throws: {
        ($0 as? ExchangeError)?.code == .journalReplaced
      }
      await #expect { try await SampleJournal.add(.staged, to: still, named: "c.csv") } throws: {
        ($0 as? ExchangeError)?.code == .journalReplaced
      }
      #expect(try await still.attend()?.code == .journalReplaced)
      #expect(try await other.verify().findings == [])
      try? await still.close()
      try await waiting.close()
      try await other.close()
    }
  }

  @Test("a machine that stood still asks the server before a step on the platform, and is refused")
  func refusesWokenMachine() async throws {
    try await withMachines { place, still, other in
      try await SampleJournal.add(.armed, to: still, named: "a.csv")
      try await Task.sleep(for: .seconds(11))
      // As if the grace was over; the server has ended the session by then.
      try await cutOff(place, sparing: other)
      #expect(try await isClaimed(.delivery(1), by: other))
      await #expect { try await still.requireHold() } throws: { ($0 as? ExchangeError)?.code == .journalReplaced }
      try? await still.close()
      try await other.close()
    }
  }

  @Test("a machine that is back before the grace is over has lost nothing")
  func comesBack() async throws {
    try await withMachines { place, one, other in
      try await SampleJournal.add(.armed, to: one, named: "a.csv")
      try await place.endSessions()
      #expect(try await other.attend() == nil)
      #expect(try await !isClaimed(.delivery(1), by: other))
      #expect(try await one.attend() == nil)
      #expect(try await isClaimed(.delivery(1), by: one))
      try await one.close()
      // It has given everything back.
      #expect(try await isClaimed(.delivery(1), by: other))
      try await other.close()
    }
  }

  @Test(
    "arrivals in the inbox of a machine that is gone wait for it, and the others are taken over",
    arguments: ArrivalState.allCases)
  func takesArrivalsOver(state: ArrivalState) async throws {
    try await withMachines { place, one, other in
      try await SampleJournal.add(state, to: one)
      #expect(try await !isClaimed(.arrival(1), by: other))
      try await cutOff(place, sparing: other)
      let isElsewhere = [.fetched, .verified, .handingOver, .setAside].contains(state)
      #expect(try await isClaimed(.arrival(1), by: other) == !isElsewhere)
      #expect(try await other.arrivalsToFinish(of: "fagsystem").map(\.state) == (state == .handedOver ? [state] : []))
      try await other.close()
    }
  }

  @Test(
    "what is in the inbox of a machine that is gone is another one's, to be fetched again, when a person says so",
    arguments: ArrivalState.allCases)
  func takesInboxOver(state: ArrivalState) async throws {
    try await withMachines { place, one, other in
      try await SampleJournal.add(state, to: one)
      var arrival = try #require(try await one.arrival(1))
      if state == .setAside {
        arrival.setAsideFrom = .handingOver
        arrival = try await one.record(arrival)
      }
      let host = MachineIdentity.hostName
      func takeOver(_ name: String) async throws -> [Arrival] {
        try await other.takeInbox(ofGone: name, because: "a person says so: its disk is lost")
      }
      await #expect { _ = try await takeOver("no-machine") } throws: {
        ($0 as? ExchangeError)?.code == .invalidDelivery
      }
      // It is at work.
      await #expect { _ = try await takeOver(host) } throws: {
        ($0 as? ExchangeError)?.code == .claimedElsewhere
      }
      #expect(try await one.arrival(1)?.state == state)
      try await cutOff(place, sparing: other)

      let isInInbox = [.fetched, .verified, .handingOver, .setAside].contains(state)
      let taken = try await takeOver(host)
      #expect(taken.map(\.id) == (isInInbox ? [1] : []))
      let now = try #require(try await other.arrival(1))
      #expect(now.state == (isInInbox ? .seen : state) && (now.setAsideFrom == nil))
      if isInInbox {
        #expect(try await isClaimed(.arrival(1), by: other))
        let entry = try #require(try await other.entries(about: .arrival(1)).last)
        #expect(entry.detail?.contains("from the machine \(host), which is gone") == true)
        #expect(entry.detail?.contains("a person says so: its disk is lost") == true)
      }
      #expect(try await takeOver(host).isEmpty)
      // It wakes, and writes nothing more.
      let woken = arrival
      await #expect { _ = try await one.record(woken) } throws: {
        ($0 as? ExchangeError)?.code == .journalReplaced
      }
      #expect(try await other.verify().findings == [])
      #expect(try await other.check() == [])
      try await other.close()
    }
  }

  @Test("a machine of several with one host's name is taken over from by its number")
  func takesInboxOverByNumber() async throws {
    try await withMachines { place, one, other in
      let third = try await place.onMachine(named: "third-machine").open()
      try await SampleJournal.add(.verified, to: third)
      try await third.close()
      let host = MachineIdentity.hostName
      await #expect { _ = try await other.takeInbox(ofGone: host, because: "r") } throws: {
        ($0 as? ExchangeError)?.code == .invalidDelivery
      }
      // Its own name is no other machine's.
      await #expect { _ = try await other.takeInbox(ofGone: "2", because: "r") } throws: {
        ($0 as? ExchangeError)?.code == .invalidDelivery
      }
      // It ended its work, so that nobody has to wait.
      #expect(try await other.takeInbox(ofGone: "3", because: "r").map(\.id) == [1])
      #expect(try await one.verify().findings == [])
      try await one.close()
      try await other.close()
    }
  }

  @Test("the file in a stopped machine's inbox comes to another one's inbox, and is removed from IN then")
  func fetchesAgainForGoneMachine() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      try await TestExchange.with(
        nil,
        { settings in
          settings.journalServer = place.address.map { JournalServer(address: $0, machines: .several) }
          settings.arrivals[0].hook = ArrivalHook(command: ["/bin/false"])
        }
      ) { one in
        let other = try await one.reopened { settings in
          settings.arrivals[0].hook = nil
          settings.journal = settings.journal.removingLastComponent().appending("another-machine")
          settings.inbox = settings.inbox.removingLastComponent().appending("another-inbox")
        }
        try one.arrive("svar.xml", "content")
        let failed = await one.exchange.collect("account", options: Self.sharing)
        #expect(failed.problems.map(\.code) == [.hookFailed])
        try await one.journal.close()
        #expect(await other.exchange.collect("account", options: Self.sharing).collected.isEmpty)
        #expect(try one.names(in: one.incoming) == ["svar.xml", "svar.xml.metadata"])
        let taken = try await other.exchange.takeOver(
          leftBy: MachineIdentity.hostName, because: "its disk is lost", person: "operator")
        #expect(taken.map(\.wireName) == ["svar.xml"])
        let report = await other.exchange.collect("account", options: Self.sharing)
        #expect(report.collected.map(\.state) == [.removed], "\(report.problems)")
        #expect(try other.names(in: other.inbox) == ["svar.xml", "svar.xml.metadata"])
        #expect(try one.names(in: one.incoming).isEmpty)
        #expect(try await other.journal.verify().findings == [])
        try await other.journal.close()
      }
    }
  }

  @Test("what another machine has in hand is in no list of what is left to do here")
  func listsOwnWork() async throws {
    try await withMachines { place, one, other in
      for state in [ArrivalState.seen, .verified, .handedOver] { try await SampleJournal.add(state, to: one) }
      try await SampleJournal.add(.staged, to: one, named: "a.csv")
      try await one.write { transaction in
        let answer = BusinessAnswer(
          arrival: 3, fileTransferUUID: "u", acceptance: .accepted, document: [1], route: "flis-0101", delivery: nil)
        try Journal.add(answer, to: 3, in: transaction)
      }
      func lists(_ journal: Journal) async throws -> [Int] {
        [
          try await journal.arrivalsToFinish(of: "fagsystem").count,
          try await journal.arrivalsToHandOver(
            of: "fagsystem", now: .now, longestPause: .seconds(3600), limit: 10
          ).count, try await journal.arrivalsOnlyInIN(of: "fagsystem").count,
          try await journal.deliveriesBegun(of: "fagsystem", before: .now.later(by: .seconds(60))).count,
          try await journal.answersToSend(of: "fagsystem").count,
        ]
      }
      #expect(try await lists(one) == [2, 1, 1, 1, 1])
      #expect(try await lists(other) == [0, 0, 0, 0, 0])
      let reader = try await place.openToRead()
      #expect(try await lists(reader) == [2, 1, 1, 1, 1])
      try await reader.close()
      try await cutOff(place, sparing: other)
      #expect(try await lists(other) == [0, 0, 1, 1, 1])
      try await other.close()
    }
  }

  @Test("of two machines that read one receipt at once, the second finds the outcome that the first has written")
  func meetsAnotherMachinesChange() async throws {
    try await withMachines { place, one, other in
      try await SampleJournal.add(.triggered, to: one, named: "a.csv")
      let delivery = try #require(try await one.delivery(1))
      let session = try PostgreSQLConnection(try #require(place.server))
      try session.run(script: "BEGIN; UPDATE delivery SET state = 'accepted', is_open = 0 WHERE id = 1")
      // It has read the delivery as triggered when the first one's transaction ends.
      let second = Task { try await other.transition(delivery, .receipt(accepted: true)) }
      try await place.awaitBlockedSession()
      try session.run(script: "COMMIT")
      session.close()
      switch try await second.value {
      case .done(let now): Issue.record("D\(now.id) was written over")
      case .overtaken(let now): #expect(now.state == .accepted)
      }
      try await one.close()
      try await other.close()
    }
  }

  @Test("of two machines that tie one business receipt at once, one does")
  func tiesReceiptsOnce() async throws {
    try await withMachines { place, one, other in
      try await SampleJournal.add(.accepted, to: one, named: "a.csv")
      try await SampleJournal.add(ArrivalState.handedOver, to: one)
      let delivery = try #require(try await one.delivery(1))
      try await one.note(
        BusinessReceipt(
          fileTransferUUID: try #require(delivery.fileTransferUUID), fileName: "a.csv", recipient: "flis",
          fileAcceptance: .accepted, reason: nil), cameAs: 1)
      let session = try PostgreSQLConnection(try #require(place.server))
      try session.run(script: "BEGIN; UPDATE business_receipt SET delivery = 1 WHERE arrival = 1")
      let second = Task { try await other.tieBusinessReceipts() }
      try await place.awaitBlockedSession()
      try session.run(script: "COMMIT")
      session.close()
      #expect(try await second.value.isEmpty)
      #expect(try await other.entries().map(\.state).contains("answered") == false)
      try await one.close()
      try await other.close()
    }
  }

  @Test("one machine alerts and sends an account's answers at a time; each has its own unattended run")
  func sharesLeases() async throws {
    try await withMachines { place, one, other in
      for subject in [ClaimSubject.alerting, .answers(ofAccount: "a")] {
        let isOthers = try await one.withClaim(on: subject) { () async throws(ExchangeError) -> Bool? in
          try await other.withClaim(on: subject) { () async throws(ExchangeError) in true }
        }
        #expect(isOthers == .some(nil))
        #expect(try await isClaimed(subject, by: other))
        #expect(try await isClaimed(subject, by: one))
      }
      let both = try await one.withClaim(on: .unattendedRun) { () async throws(ExchangeError) -> Bool? in
        try await other.withClaim(on: .unattendedRun) { () async throws(ExchangeError) in true }
      }
      #expect(both == true)
      // A lease outlives the session, where no other machine has taken it since.
      let isTaken = try await one.withClaim(on: .alerting) { () async throws(ExchangeError) -> Bool? in
        try await loseSessions(of: place, one, other)
        return try await other.withClaim(on: .alerting) { () async throws(ExchangeError) in true }
      }
      #expect(isTaken == .some(nil))
      #expect(try await isClaimed(.alerting, by: other))
      try await one.close()
      try await other.close()
    }
  }

  private func loseSessions(
    of place: JournalTestPlace, _ journals: Journal...
  ) async throws(ExchangeError) {
    do {
      try await place.endSessions()
      for journal in journals { #expect(try await journal.attend() == nil) }
    } catch {
      throw (error as? ExchangeError)
        ?? ExchangeError(.journal, operation: "end the sessions", message: "\(error)", remedy: "")
    }
  }

  @Test("a machine that wants the journal alone is refused beside others, and they beside it; then it has everything")
  func hasItAlone() async throws {
    try await withMachines { place, one, other in
      var alone = place.onAnotherMachine
      alone.path = place.folder.appending("third-machine")
      alone.machines = .one
      for state in [ArrivalState.verified, .handingOver] { try await SampleJournal.add(state, to: one) }
      try await SampleJournal.add(.uploading, to: other, named: "a.csv")
      await #expect { _ = try await alone.open() } throws: { ($0 as? ExchangeError)?.code == .claimedElsewhere }
      try await one.close()
      await #expect { _ = try await alone.open() } throws: { ($0 as? ExchangeError)?.code == .claimedElsewhere }
      try await other.close()
      let third = try await alone.open()
      #expect(try await isClaimed(.delivery(1), by: third))
      #expect(try await third.arrivalsToFinish(of: "fagsystem").count == 2)
      await #expect { _ = try await place.open() } throws: { ($0 as? ExchangeError)?.code == .claimedElsewhere }
      try await third.close()
      let again = try await place.open()
      #expect(try await again.arrivalsToFinish(of: "fagsystem").isEmpty)
      try await again.close()
    }
  }

  @Test("a problem that a machine observes is listed by all, and taken up and ended by that machine alone")
  func keepsProblemsApart() async throws {
    try await withMachines { place, one, other in
      let key = OpenProblem.Key(.losesConnection, account: nil, subject: "OUT/a.csv")
      let problem = OpenProblem(key, message: "lost", remedy: "", since: .now)
      for journal in [one, other] {
        try await journal.write(observed: [ObservedChange(key: key, problem: problem, ending: nil)])
      }
      try await other.write(observed: [ObservedChange(key: key, problem: nil, ending: nil)])
      #expect(try await one.observedProblems().map(\.key) == [key])
      #expect(try await other.observedProblems().isEmpty)
      #expect(try await other.openProblems(of: []).counts[.losesConnection] == 1)
      try await one.close()
      try await other.close()

      var alone = place.onAnotherMachine
      alone.machines = .one
      let last = try await alone.open()
      #expect(try await last.observedProblems().map(\.key) == [key])
      try await last.close()
    }
  }

  @Test("files that wait for a machine that is gone are a problem, until it is back or another machine has everything")
  func reportsWhatWaits() async throws {
    let account = Account(name: "fagsystem", host: "127.0.0.1", user: "u", key: "key", hostKeys: .pinned([]))
    func found(by journal: Journal) async throws -> [OpenProblem] {
      try await journal.openProblems(of: [account]).problems.filter { $0.kind == .machineGone }
    }
    try await withMachines { place, one, other in
      for state in [DeliveryState.uploading, .triggered] { try await SampleJournal.add(state, to: one) }
      for state in [ArrivalState.verified, .seen] { try await SampleJournal.add(state, to: one) }
      #expect(try await found(by: other).isEmpty)
      try await cutOff(place, sparing: other)
      let problem = try #require(try await found(by: other).first)
      #expect(problem.message.contains("deliveries 1, arrivals in its inbox 1, in IN 1"))
      #expect(problem.line(in: .danish).contains("leveringer (1)"))
      #expect(try await one.attend() == nil)
      #expect(try await found(by: other).isEmpty)
      try await one.close()
      try await place.letGracePass()
      #expect(try await found(by: other).count == 1)
      try await other.close()

      var alone = place.onAnotherMachine
      alone.machines = .one
      let last = try await alone.open()
      #expect(try await found(by: last).isEmpty)
      try await last.close()
    }
  }

  @Test(
    "an arrival that a machine has seen and not fetched is a problem once the machine is gone, until another takes it",
    arguments: [ArrivalState.seen, .fetching])
  func reportsWhatWaitsInIN(state: ArrivalState) async throws {
    let account = Account(name: "fagsystem", host: "127.0.0.1", user: "u", key: "key", hostKeys: .pinned([]))
    try await withMachines { place, one, other in
      try await SampleJournal.add(state, to: one)
      try await cutOff(place, sparing: other)
      let found = try await other.openProblems(of: [account]).problems.filter { $0.kind == .machineGone }
      #expect(found.count == 1 && found.allSatisfy { $0.message.contains("arrivals in its inbox 0, in IN 1") })
      #expect(try await isClaimed(.arrival(1), by: other))
      #expect(try await other.openProblems(of: [account]).counts[.machineGone] ?? 0 == 0)
      try await other.close()
    }
  }

  @Test("what was copied from a file belongs to the first machine that opens it")
  func ownsWhatWasCopied() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      let file = place.folder.appending("journal.sqlite")
      let journal = try await Journal.open(file)
      try await SampleJournal.fill(journal)
      let toFinish = try await journal.arrivalsToFinish(of: "fagsystem").map(\.id)
      try await journal.close()
      _ = try await Journal.copy(from: .file(file), to: .server(JournalServer(address: try #require(place.address))))
      let place = place.forSeveral
      let (one, other) = (try await place.open(), try await place.onAnotherMachine.open())
      #expect(try await one.arrivalsToFinish(of: "fagsystem").map(\.id) == toFinish)
      #expect(try await other.arrivalsToFinish(of: "fagsystem").isEmpty)
      #expect(try await isClaimed(.delivery(1), by: one))
      #expect(try await !isClaimed(.delivery(1), by: other))
      #expect(try await other.check() == [])
      try await one.close()
      try await other.close()
    }
  }

  @Test(
    "one machine at a time lists an account's IN, until it gives that back, its time is over, or it is not heard of")
  func listsOneAtATime() async throws {
    try await withMachines { place, one, other in
      func take(_ journal: Journal, _ period: Duration = .seconds(60)) async throws -> Bool {
        try await journal.takeTurn(.listing(account: "fagsystem"), for: period)
      }
      #expect(try await take(one))
      #expect(try await !take(other))
      #expect(try await other.takeTurn(.listing(account: "another"), for: .seconds(60)))
      #expect(try await take(one))
      try await one.giveBackTurn(.listing(account: "fagsystem"))
      #expect(try await take(other, .milliseconds(1)))
      try await Task.sleep(for: .milliseconds(50))
      #expect(try await take(one))
      // A paused machine keeps its session with the server.
      try await place.letGracePass()
      #expect(try await other.attend() == nil)
      #expect(try await take(other))
      #expect(try await !take(one))
      try await one.close()
      try await other.close()
    }
  }

  @Test("an arrival that a machine offers is fetched by the machine that takes it, and by no other one")
  func sharesFetches() async throws {
    try await withMachines { place, one, other in
      for _ in 0..<3 { try await SampleJournal.add(.seen, to: one) }
      try await SampleJournal.add(.fetching, to: one)
      try await place.tamper("UPDATE arrival SET route = 'svar'")
      #expect(try await other.takeOffered(of: "fagsystem", for: ["svar"], most: 9).isEmpty)
      try await one.offer([2, 3, 4])
      #expect(try await other.takeOffered(of: "fagsystem", for: ["svar"], most: 1).map(\.id) == [3])
      #expect(try await !isClaimed(.arrival(3), by: one))
      // What nobody takes is still its own to begin, and so is what was begun.
      #expect(try await isClaimed(.arrival(2), by: one))
      #expect(try await one.takeOffered(of: "fagsystem", for: ["svar"], most: 0).map(\.id) == [1, 2, 4])
      #expect(try await other.takeOffered(of: "fagsystem", for: ["svar"], most: 9).map(\.id) == [3])
      try await one.close()
      try await other.close()
    }
  }

  @Test("a machine takes offered arrivals of its own routes alone, however many routes it has")
  func takesOwnRoutes() async throws {
    try await withMachines { place, one, other in
      let ids = Array(Int64(1)...120)
      for _ in ids { try await SampleJournal.add(.seen, to: one) }
      try await place.tamper("UPDATE arrival SET route = 'rute ' || id")
      try await one.offer(ids)
      #expect(try await other.takeOffered(of: "fagsystem", for: [], most: 500).isEmpty)
      let few = try await other.takeOffered(of: "fagsystem", for: ["rute 7", "en anden"], most: 500)
      #expect(few.map(\.id) == [7])
      // A hundred routes at a time.
      let most = Set(ids.filter { $0 != 7 && $0 != 9 }.map { "rute \($0)" } + (0..<500).map { "ukendt \($0)" })
      #expect(try await one.takeOffered(of: "fagsystem", for: most, most: 500).count == 100)
      #expect(try await one.takeOffered(of: "fagsystem", for: most, most: 500).count == 118)
      #expect(try await other.takeOffered(of: "fagsystem", for: ["rute 7", "rute 9"], most: 500).map(\.id) == [7, 9])
      try await one.close()
      try await other.close()
    }
  }

  /// The options of a collection from an IN that several machines share.
  private static let sharing: Exchange.CollectionOptions = {
    var options = Exchange.CollectionOptions()
    options.sharesListing = true
    return options
  }()

  /// Runs a test with two machines that share a journal and an IN, of which the first alone has routes to arrive by.
  private func withRoutesOfOneAlone(
    _ test: @Sendable (_ withRoutes: TestExchange, _ without: TestExchange) async throws -> Void
  ) async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      try await TestExchange.with(
        nil,
        { settings in
          settings.journalServer = place.address.map { JournalServer(address: $0, machines: .several) }
        }
      ) { first in
        let second = try await first.reopened { settings in
          settings.arrivals = []
          settings.journal = settings.journal.removingLastComponent().appending("another-machine")
          settings.inbox = settings.inbox.removingLastComponent().appending("another-inbox")
        }
        try await test(first, second)
        try await first.journal.close()
        try await second.journal.close()
      }
    }
  }

  @Test(
    "an arrival that a machine has begun goes back to the one that lists IN when its route is gone from the settings")
  func leavesRemovedRoutes() async throws {
    try await withRoutesOfOneAlone { one, other in
      let metadata = try one.arrive("svar.xml", "content")
      let seen = try await other.journal.see(
        .init(
          account: "account", fileTransferUUID: metadata.fileTransferUUID, wireName: "svar.xml", size: 7,
          infRef: InfRef(unchecked: TestExchange.infRef), sender: "fagsystem", route: "extracts",
          metadata: metadata.xml()))
      let begun = try await other.journal.transition(seen, .began)
      let inbox = try await InboxFolder.open(other.inbox)
      _ = try await inbox.begin(begun)
      // It is the other machine's, which has no route for it.
      #expect(await one.exchange.collect("account", options: Self.sharing).collected.isEmpty)
      #expect(await other.exchange.collect("account", options: Self.sharing).isListedElsewhere)
      let hasPart = try InboxFolder.holdsUnfinished(begun, in: inbox.unfinished)
      #expect(!hasPart)
      #expect(await one.exchange.collect("account", options: Self.sharing).collected.map(\.id) == [begun.id])
      #expect(try one.names(in: one.inbox).contains("svar.xml"))
    }
  }

  @Test("what a machine refused and could not leave to others before it ended is left when it looks into IN again")
  func leavesRefusedAfterRestart() async throws {
    try await withRoutesOfOneAlone { other, one in
      try one.arrive("svar.xml")
      let refused = try #require(await one.exchange.collect("account", options: Self.sharing).quarantined.first)
      // As it is between the two steps.
      try await one.journal.write { try Ownership.take(arrival: refused.id, in: $0.database) }
      #expect(await other.exchange.collect("account", options: Self.sharing).collected.isEmpty)
      let again = await one.exchange.collect("account", options: Self.sharing)
      #expect(again.quarantined.map(\.id) == [refused.id], "\(again.problems)")
      let fetched = await other.exchange.collect("account", options: Self.sharing)
      #expect(fetched.isListedElsewhere && fetched.collected.map(\.id) == [refused.id], "\(fetched.problems)")
    }
  }

  /// Expects the problems of what `without`, which has no routes, refused to name the settings that differ.
  private func expectNamedDifferences(
    on withRoutes: TestExchange, comparedWith without: TestExchange
  ) async throws {
    func problems(_ test: TestExchange) async throws -> [String: OpenProblem] {
      let problems = try await test.journal.openProblems(of: test.exchange.settings).problems
      return Dictionary(problems.map { ($0.fileName ?? "", $0) }) { first, _ in first }
    }
    let found = try await problems(withRoutes)
    let expected = try #require(found["svar.xml"])
    #expect(expected.kind == .quarantined && expected.infRef != nil)
    #expect(expected.message.contains("it was perhaps refused by other settings"), "\(expected.message)")
    #expect(expected.message.contains("(compare arrivals:): here the route extracts expects it"), "\(expected.message)")
    #expect(expected.line(in: .danish).contains("(sammenlign arrivals:): her venter ruten extracts den"))
    let refused = try #require(found["fremmed.xml"])
    #expect(
      refused.message.contains("(compare arrivals:, recipient-authorities:): here it is refused"),
      "\(refused.message)")
    for problem in try await problems(without).values {
      #expect(!problem.message.contains("other settings"), "\(problem.message)")
    }
  }

  @Test("what the machine that lists IN does not expect is fetched by one whose settings have a route for it")
  func takesWhatOthersDoNotExpect() async throws {
    try await withRoutesOfOneAlone { other, one in
      try one.arrive("svar.xml")
      let foreign = try one.metadata("fremmed.xml", size: 1, recipientAuthority: TestExchange.senderAuthority)
      try one.write(Data("x".utf8), to: one.incoming.appending("fremmed.xml"))
      try one.write(Data(foreign.xml()), to: one.incoming.appending("fremmed.xml.metadata"))
      let listed = await one.exchange.collect("account", options: Self.sharing)
      #expect(listed.quarantined.map(\.wireName).sorted() == ["fremmed.xml", "svar.xml"], "\(listed.problems)")
      try await expectNamedDifferences(on: other, comparedWith: one)
      let fetched = await other.exchange.collect("account", options: Self.sharing)
      #expect(fetched.isListedElsewhere && fetched.collected.map(\.wireName) == ["svar.xml"], "\(fetched.problems)")
      // What neither expects stays, and is the problem of the machine that lists IN.
      let again = await one.exchange.collect("account", options: Self.sharing)
      #expect(again.quarantined.map(\.wireName) == ["fremmed.xml"], "\(again.problems)")
      #expect(await other.exchange.collect("account", options: Self.sharing).collected.isEmpty)
      #expect(try one.names(in: one.incoming) == ["fremmed.xml", "fremmed.xml.metadata"])
    }
  }

  @Test("what a machine does not fetch is judged anew by the machine that lists IN")
  func leavesToLister() async throws {
    try await withMachines { _, one, other in
      for state in [ArrivalState.quarantined, .seen, .fetching, .verified] {
        try await SampleJournal.add(state, to: one)
      }
      #expect(try await !isClaimed(.arrival(1), by: other))
      try await one.leaveToLister(of: "fagsystem")
      var taken: [Bool] = []
      for id in Int64(1)...4 { taken.append(try await isClaimed(.arrival(id), by: other)) }
      #expect(taken == [true, true, false, false])
      #expect(try await other.arrivalsOnlyInIN(of: "fagsystem").map(\.id) == [1, 2])
      try await one.close()
      try await other.close()
    }
  }

  @Test("of two machines that collect from one IN one lists it, and each file comes to one inbox")
  func collectsTogether() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      try await TestExchange.with(
        nil,
        { settings in
          settings.journalServer = place.address.map { JournalServer(address: $0, machines: .several) }
        }
      ) { one in
        let other = try await one.reopened { settings in
          settings.journal = settings.journal.removingLastComponent().appending("another-machine")
          settings.inbox = settings.inbox.removingLastComponent().appending("another-inbox")
        }
        let names = (0..<8).map { "svar \($0).xml" }
        for name in names { try one.arrive(name, "content of \(name)") }
        var sharing = Exchange.CollectionOptions()
        (sharing.inFlight, sharing.sharesListing) = (1, true)
        let options = sharing
        var rounds = 0
        while try !one.names(in: one.incoming).isEmpty, rounds < 50 {
          async let ones = one.exchange.collect("account", options: options)
          let others = await other.exchange.collect("account", options: options)
          let reports = [await ones, others]
          #expect(reports.count(where: \.isListedElsewhere) == 1)
          // A listing may have half of a pair that is being removed.
          #expect(reports.flatMap(\.problems).allSatisfy { $0.code == .notWhole })
          rounds += 1
        }
        let data = try [one, other].map { try $0.names(in: $0.inbox).filter { $0.hasSuffix(".xml") } }
        #expect(data.flatMap(\.self).sorted() == names)
        #expect(try await one.journal.verify().findings == [])
        try await one.journal.close()
        try await other.journal.close()
      }
    }
  }
}
