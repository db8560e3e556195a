import ExchangeSettings
import FilsluseSFTP
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// The state left by an earlier `filsluse run`, whenever it ended.
@Suite(.timeLimit(.minutes(25))) struct RestartedRunTests {
  /// A file in `.taken`, as an earlier process took it, and its delivery in the journal unless it ended before that.
  private static func leftBehind(_ running: RunningExchange, _ state: DeliveryState?) async throws -> Delivery? {
    let rules = try #require(running.test.exchange.settings.routes[0].outgoing)
    let folder = try OpenedWatchedFolder(opening: rules, route: "flis")
    try running.put("a.csv", "0123456789")
    var marks = TakenFile.Marks()
    let item = try #require(folder.take(["a.csv"], marks: &marks).items.first)
    guard let state else { return nil }
    let order = DeliveryOrder(file: folder.path(of: item), route: "flis", wireName: "a.csv", again: true)
    let staging = Staging(settings: running.test.exchange.settings, journal: running.test.journal)
    let file = try await StagedFile.read(order.file)
    var delivery = try await staging.stage(try await staging.draft(order, file: file, localPath: item.journalPath))
      .delivery
    delivery.state = state
    if state == .accepted || state == .refused { delivery.outcome = "SUCCESS" }
    return try await running.test.journal.record(delivery)
  }

  @Test("sends a taken file once", arguments: [nil, DeliveryState.staged, .uploading, .uploaded, .armed])
  func whatWasTakenIsSentOnce(state: DeliveryState?) async throws {
    let before = Locked<Delivery?>(nil)
    try await RunningExchange.with(prepare: { running in
      let delivery = try await Self.leftBehind(running, state)
      before.withLock { $0 = delivery }
      if state == .armed, let delivery {
        try running.test.write(Data("0123456789".utf8), to: running.test.outbox.appending("a.csv"))
        try running.test.write(
          Data(delivery.trigger), to: running.test.outbox.appending(delivery.temporaryTriggerName))
      }
    }) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try await eventually { running.names(running.sent) == ["a.csv"] }
      let deliveries = try await running.test.journal.deliveries()
      #expect(deliveries.map(\.state) == [.accepted])
      if let before = before.withLock({ $0 }) { #expect(deliveries[0].sendersFileID == before.sendersFileID) }
      #expect(running.takenNames().isEmpty)
    }
  }

  /// Its receipt came while no run was active, or was fetched by hand.
  @Test("puts a finished file away without sending it", arguments: [DeliveryState.accepted, .refused, .givenUp])
  func whatIsFinishedIsPutAwayWithoutBeingSent(state: DeliveryState) async throws {
    try await RunningExchange.with(prepare: { _ = try await Self.leftBehind($0, state) }) { running in
      let subfolder =
        switch state {
        case .accepted: running.sent
        case .refused: running.folder.appending("refused/D1")
        default: running.folder.appending("set-aside/D1")
        }
      try await eventually { running.names(subfolder).contains("a.csv") && running.takenNames().isEmpty }
      #expect(running.names(running.test.outbox).isEmpty)
      #expect(try await running.test.journal.deliveries().map(\.state) == [state])
    }
  }

  @Test("a suspected file whose trigger is out is suspected no longer")
  func aSuspectedFileWhoseTriggerIsOut() async throws {
    try await RunningExchange.with(prepare: { running in
      _ = try await Self.leftBehind(running, .triggered)
      try await running.test.journal.record(Self.suspect("OUT/a.csv"), of: "account")
    }) { running in
      try await eventually { try await running.test.journal.suspects(of: "account").isEmpty }
    }
  }

  @Test("the alert about a file at which connections were lost is over when another process got it through")
  func aSuspectThatAnotherProcessCleared() async throws {
    try await RunningExchange.with(prepare: { running in
      for name in ["OUT/gennem.csv", "OUT/endnu.csv"] {
        let key = OpenProblem.Key(.losesConnection, account: "account", subject: name)
        let problem = OpenProblem(key, message: name, remedy: "", since: .now)
        try await running.test.journal.write(observed: [ObservedChange(key: key, problem: problem, ending: nil)])
      }
      try await running.test.journal.record(Self.suspect("OUT/endnu.csv"), of: "account")
    }) { running in
      try await eventually { running.resolved.map(\.key.subject) == ["OUT/gennem.csv"] }
      try await eventually { running.attentions.map(\.key.subject) == ["OUT/endnu.csv"] }
      #expect(running.resolved.count == 1)
    }
  }

  private static func suspect(_ path: RemotePath) -> SuspectFile {
    var file = SuspectFile(path: path, since: .now, reason: "the server ended the session")
    file.losses = 3
    file.nextTryAt = .now.later(by: .seconds(200))
    return file
  }

  /// The folder is moved while a file waits for its receipt, and the settings follow: it is the same wish.
  @Test("a folder that is moved keeps its wishes")
  func aFolderThatIsMovedKeepsItsWishes() async throws {
    try await TestExchange.with(RunningExchange.settings) { test in
      let first = RunningExchange(test: test)
      try FileManager.default.createDirectory(atPath: first.folder.string, withIntermediateDirectories: true)
      try await first.whileRunning {
        try first.put("a.csv")
        try await eventually { first.names(test.outbox).contains("a.csv.trigger") }
      }
      let moved = test.folder.appending("moved")
      try FileManager.default.moveItem(atPath: first.folder.string, toPath: moved.string)
      try test.take("a.csv", receipt: .receipt(message: "SUCCESS"))
      let second = RunningExchange(
        test: try await test.reopened { settings in
          settings.routes[0].outgoing?.path = moved
          settings.routes[0].name = "renamed"
        })
      try await second.whileRunning {
        try await eventually {
          second.names(moved.appending("sent").appending(WallClock.denmark.reading(at: .now).day.description)) == [
            "a.csv"
          ]
        }
      }
      #expect(try await test.journal.deliveries().map(\.state) == [.accepted])
      #expect(second.names(moved.appending(".taken")).isEmpty && second.names(test.outbox).isEmpty)
    }
  }

  @Test("alerts about a delivery whose file is gone")
  func aDeliveryWhoseFileIsGoneIsReported() async throws {
    try await RunningExchange.with(prepare: { running in
      _ = try await Self.leftBehind(running, .uploading)
      try running.test.remove(running.taken.appending(try #require(running.names(running.taken).first)))
    }) { running in
      try await eventually {
        running.attentions.map(\.kind) == [.missing] && running.attentions[0].message.hasPrefix("D1 ")
      }
      #expect(try await running.test.exchange.cancel(1).state == .cancelled)
    }
  }

  /// A `filsluse send` was killed and its file was not sent again; another one is still at work.
  @Test("alerts about an abandoned delivery")
  func whatASenderBeganAndLeftIsReported() async throws {
    try await RunningExchange.with(abandoned: .zero) { running in
      let sender = try await running.test.reopened()
      let file = try sender.file("b.csv")
      func begin(_ name: String) async throws {
        let staging = Staging(settings: sender.exchange.settings, journal: sender.journal)
        _ = try await staging.stage(DeliveryOrder(file: file, route: "flis", wireName: name))
      }
      func alerts() -> [String] { running.attentions.map { "\($0.kind) \($0.number ?? "")" } }
      try await begin("1.csv")
      let result = try await sender.journal.withClaim(on: .delivery(2)) {
        await Result {
          for name in ["2.csv", "3.csv"] { try await begin(name) }
          try await eventually { alerts().contains("abandoned D3") }
          #expect(alerts() == ["abandoned D1", "abandoned D3"])
        }
      }
      try #require(result).get()
      try await eventually { alerts() == ["abandoned D1", "abandoned D3", "abandoned D2"] }
      #expect(
        running.attentions[0].message.hasSuffix("retry D1 finishes it, cancel D1 ends it"),
        "\(running.attentions[0])")
      #expect(running.names(running.test.outbox).isEmpty)
    }
  }

  @Test("sets aside the file of a cancelled delivery")
  func whatAUserCancelledIsSetAside() async throws {
    try await RunningExchange.with(prepare: { _ = try await Self.leftBehind($0, .cancelled) }) { running in
      try await eventually { running.names(running.folder.appending("set-aside/D1")) == ["a.csv", "reason.txt"] }
      #expect(running.names(running.test.outbox).isEmpty)
    }
  }

  /// A program continues to write a file that had not changed for long: the final content is sent.
  @Test("begins again with a file that was written to after it was taken")
  func whatWasWrittenToAfterItWasTakenIsBegunAnew() async throws {
    try await RunningExchange.with(prepare: { running in
      _ = try await Self.leftBehind(running, .uploading)
      try running.test.write(Data("0123".utf8), to: running.test.outbox.appending("a.csv"))
      let subfolder = running.taken.appending(try #require(running.names(running.taken).first))
      try running.test.write(Data("0123456789 and more".utf8), to: subfolder)
    }) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try await eventually { running.names(running.sent) == ["a.csv"] }
      #expect(try running.test.read(running.sent.appending("a.csv")) == Data("0123456789 and more".utf8))
      let deliveries = try await running.test.journal.deliveries()
      #expect(deliveries.map(\.state) == [.cancelled, .accepted])
    }
  }

  /// The marker was taken and the file not yet: it is whole, and there is no marker any more that could say so.
  @Test("a taking that ended halfway is finished")
  func aTakingThatEndedHalfwayIsFinished() async throws {
    try await RunningExchange.with(
      { $0.routes[0].outgoing?.readyMarker = ".ready" },
      prepare: { running in
        _ = try OpenedWatchedFolder(
          opening: try #require(running.test.exchange.settings.routes[0].outgoing), route: "flis")
        var marks = TakenFile.Marks()
        let item = TakenFile(mark: marks.next(at: .now), name: "a.csv")
        try running.put("a.csv")
        try running.test.write(Data(), to: running.taken.appending(item.markerName))
      }
    ) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try await eventually { running.names(running.sent) == ["a.csv"] }
      #expect(running.names(running.taken).isEmpty)
    }
  }
}
