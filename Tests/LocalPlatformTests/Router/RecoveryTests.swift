import FilsluseBase
import FoundationEssentials
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import LocalPlatform

/// Whatever moment the platform dies at, the next one finishes: nothing is lost, nothing arrives twice.
@Suite(.serialized, .timeLimit(.minutes(25))) struct RecoveryTests {
  /// The progress of a transfer when the platform dies.
  enum Moment: CaseIterable {
    case journalled, triggerTaken, taken, prepared, decided, oneHasData, oneIsServed, allAreServed, receiptIsOut,
      finished
  }

  @Test("a transfer continues at its last step", arguments: Moment.allCases) func aTransferGoesOnWhereItStood(
    moment: Moment
  ) async throws {
    try await withScratchFolder { scratch in
      let folders = PlatformFolders(root: scratch)
      try folders.make(for: PlatformPlan.demo.systems.map(\.name))
      let out = folders.outbox(of: "fagsystem")
      try out.appending("å.csv").write("indhold")
      try out.appending("å.csv.trigger").write(
        HandWrittenTrigger.direct("å.csv", size: 7, to: "faktura", "flis").text)
      try leave(at: moment, in: folders)

      var room = try Router(.demo, folders: folders, settle: .seconds(60), logger: .silent)
      while try room.work() {}
      for system in ["faktura", "flis"] {
        let inbox = folders.inbox(of: system)
        #expect(try inbox.names() == ["å.csv", "å.csv.metadata"], "\(system)")
        #expect(try inbox.appending("å.csv").text() == "indhold")
        #expect(try FileMetadata(reading: inbox.appending("å.csv.metadata").bytes()).fileTransferUUID == "t-1")
      }
      #expect(try folders.inbox(of: "fagsystem").names() == ["å.csv.sftpreceipt"])
      #expect(try out.names() == [])
      #expect(try folders.work.names() == [])
    }
  }

  @Test(
    "a file of a system that the plan lost is delivered where that was decided, else refused",
    arguments: Moment.allCases)
  func aSystemThatIsGone(moment: Moment) async throws {
    try await withScratchFolder { scratch in
      let folders = PlatformFolders(root: scratch)
      try folders.make(for: PlatformPlan.demo.systems.map(\.name))
      let out = folders.outbox(of: "fagsystem")
      try out.appending("å.csv").write("indhold")
      try out.appending("å.csv.trigger").write(
        HandWrittenTrigger.direct("å.csv", size: 7, to: "faktura", "flis").text)
      try leave(at: moment, in: folders)

      var plan = PlatformPlan.demo
      plan.systems.removeAll { $0.name == "fagsystem" }
      plan.routes.removeAll { $0.sender == "fagsystem" || $0.recipient == "fagsystem" }
      var room = try Router(plan, folders: folders, settle: .seconds(60), logger: .silent)
      while try room.work() {}
      let isRefused = [.journalled, .triggerTaken, .taken, .prepared].contains(moment)
      for system in ["faktura", "flis"] {
        #expect(try folders.inbox(of: system).names() == (isRefused ? [] : ["å.csv", "å.csv.metadata"]), "\(system)")
      }
      let receipt = try TechnicalReceipt(reading: folders.inbox(of: "fagsystem").appending("å.csv.sftpreceipt").bytes())
      switch receipt.outcome {
      case .receipt: #expect(!isRefused)
      case .errors(let errors): #expect(isRefused && errors.map(\.code) == [RefusalCode.routeNotOrdered.rawValue])
      }
      #expect(try folders.work.names() == [])
    }
  }

  /// Does what a router does, up to a moment.
  private func leave(at moment: Moment, in folders: PlatformFolders) throws {
    let journal = try RouterLog(folders.journal)
    let sender = try #require(PlatformPlan.demo.system(named: "fagsystem"))
    var transfer = Transfer(id: "t-1", sender: sender, name: try WireName("å.csv"), folders: folders)
    try journal.append([("t-1", .take(sender: "fagsystem", name: transfer.name))])
    if moment == .journalled { return }
    if moment == .triggerTaken {
      try WholeFile.makeFolder(transfer.folder)
      rename(folders.outbox(of: "fagsystem").appending("å.csv.trigger").string, transfer.trigger.string)
      return
    }
    #expect(try transfer.take())
    if moment == .taken { return }
    let step = try transfer.decide(Routing(plan: .demo))
    if moment == .prepared { return }
    try journal.append([("t-1", step)])
    if moment == .decided { return }
    let first = folders.inbox(of: "faktura")
    rename(transfer.data(for: "faktura").string, first.appending("å.csv").string)
    if moment == .oneHasData { return }
    rename(transfer.metadata(for: "faktura").string, first.appending("å.csv.metadata").string)
    if moment == .oneIsServed { return }
    let second = folders.inbox(of: "flis")
    rename(transfer.data(for: "flis").string, second.appending("å.csv").string)
    rename(transfer.metadata(for: "flis").string, second.appending("å.csv.metadata").string)
    if moment == .allAreServed { return }
    #expect(try transfer.deliver())
    if moment == .finished { try journal.append([("t-1", .finish)]) }
  }

  @Test("a journal line that was cut short is removed")
  func aJournalLineThatWasCutShortIsRemoved() async throws {
    try await withScratchFolder { scratch in
      let path = scratch.appending("journal")
      do {
        let journal = try RouterLog(path)
        try journal.append([("t-1", .take(sender: "fagsystem", name: try WireName("a")))])
      }
      let whole = try path.bytes()
      for cut in [1, 10, whole.count - 1] {
        try path.write(whole + whole.prefix(cut))
        #expect(try RouterLog(path).open.map(\.transfer) == ["t-1"])
        #expect(try path.bytes() == whole)
      }
      try path.write(Array("nonsense\n".utf8) + whole)
      #expect(throws: PlatformError.self) { try RouterLog(path) }
    }
  }

  @Test("kill nine at any moment neither loses nor doubles")
  func killNineAtAnyMomentNeitherLosesNorDoubles() async throws {
    try await withScratchFolder { scratch in
      let folders = PlatformFolders(root: scratch)
      try folders.make(for: PlatformPlan.demo.systems.map(\.name))
      let names = (0..<120).map { "fil-\($0).csv" }
      let out = folders.outbox(of: "fagsystem")
      for name in names {
        try out.appending(name).write(name)
        try out.appending(name + ".trigger").write(
          HandWrittenTrigger.direct(name, size: name.utf8.count, to: "faktura", "flis").text)
      }
      var arrived: [String: [String]] = ["faktura": [], "flis": [], "fagsystem": []]
      var deaths = 0
      let folder = scratch.string
      var life = 1_000.0
      while life < 10_000_000 {
        // Later processes live longer, so that the work ends on any machine; the first ones die in the middle of it.
        life *= 1.2
        let microseconds = UInt32(life)
        await #expect(processExitsWith: .signal(SIGKILL)) {
          [folder = folder as String, microseconds = microseconds as UInt32] in
          try workUntilKilled(in: folder, after: microseconds)
        }
        deaths += 1
        try collect(&arrived, from: folders)
        if arrived.values.allSatisfy({ $0.count >= names.count }) { break }
      }
      #expect(deaths > 3, "the work was done before it could be disturbed")
      for (system, files) in arrived {
        #expect(files.count == names.count, "\(system)")
        #expect(Set(files) == Set(names), "\(system)")
      }
      #expect(try out.names() == [])
      _ = try Router(.demo, folders: folders, settle: .seconds(60), logger: .silent)
      #expect(try folders.work.names() == [])
    }
  }

  /// Fetches as a recipient does: what has its metadata, and receipts; all of it is removed.
  private func collect(_ arrived: inout [String: [String]], from folders: PlatformFolders) throws {
    for system in ["faktura", "flis", "fagsystem"] {
      let inbox = folders.inbox(of: system)
      for name in try inbox.names() {
        if name.hasSuffix(".metadata") {
          let data = String(name.dropLast(".metadata".count))
          #expect(try inbox.appending(data).text() == data)
          arrived[system]?.append(data)
          unlink(inbox.appending(data).string)
          unlink(inbox.appending(name).string)
        } else if name.hasSuffix(".sftpreceipt") {
          arrived[system]?.append(String(name.dropLast(".sftpreceipt".count)))
          unlink(inbox.appending(name).string)
        }
      }
    }
  }
}

/// The other process: a router at work, until a thread of its own kills it.
private func workUntilKilled(in folder: String, after microseconds: UInt32) throws {
  var room = try Router(
    .demo, folders: PlatformFolders(root: FilePath(folder)), settle: .seconds(60), logger: .silent)
  BlockingThreads.startThread(named: "executioner") {
    usleep(microseconds)
    kill(getpid(), SIGKILL)
  }
  while true { if try !room.work() { usleep(1_000) } }
}
