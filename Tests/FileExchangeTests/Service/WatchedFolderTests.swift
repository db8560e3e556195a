import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

@Suite(.timeLimit(.minutes(25))) struct WatchedFolderTests {
  @Test("delivers new files and moves accepted ones to sent")
  func whatAppearsIsDeliveredAndLiesUnderSentWhenItIsAccepted() async throws {
    try await RunningExchange.with { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      for number in 1...20 { try running.put("udtræk \(number).csv", "\(number)") }
      try await eventually { running.names(running.sent).count == 20 }
      let deliveries = try await running.test.journal.deliveries()
      #expect(deliveries.count == 20 && deliveries.allSatisfy { $0.state == .accepted && $0.route == "flis" })
      #expect(running.names(running.folder).filter { !$0.hasPrefix(".") } == ["sent"])
      #expect(running.takenNames().isEmpty)
      #expect(try running.test.read(running.sent.appending("udtræk 7.csv")) == Data("7".utf8))
    }
  }

  /// Put there on purpose: each time is a delivery of its own, one after the other.
  @Test("the same file put there again is sent again")
  func theSameFilePutThereAgainIsSentAgain() async throws {
    try await RunningExchange.with { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      for _ in 1...3 {
        try running.put("a.csv")
        try await eventually { !running.names(running.folder).contains("a.csv") }
      }
      try running.put("a.csv", "other content")
      try await eventually { running.names(running.sent).count == 4 }
      let deliveries = try await running.test.journal.deliveries()
      #expect(deliveries.map(\.ordinal) == [1, 2, 3, 1])
      #expect(Set(deliveries.map(\.sendersFileID)).count == 4)
      #expect(deliveries.allSatisfy { $0.state == .accepted })
      #expect(try running.test.read(running.sent.appending("a.csv")) == Data("indhold æøå\n".utf8))
      #expect(try running.test.read(running.sent.appending("a~D4.csv")) == Data("other content".utf8))
    }
  }

  @Test("removes accepted files where the settings say so")
  func whatIsAcceptedIsRemovedWhereTheSettingsSaySo() async throws {
    try await RunningExchange.with({ $0.routes[0].outgoing?.whenAccepted = .remove }) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try running.put("a.csv")
      try await eventually { try await running.test.journal.deliveries().first?.state == .accepted }
      try await eventually { running.takenNames().isEmpty }
      #expect(!running.names(running.folder).contains("sent"))
    }
  }

  /// The route of the folder is for 0461 Odense.
  @Test("sets a file of another municipality aside and alerts, while others go on")
  func aFileOfAnotherMunicipalityIsSetAside() async throws {
    try await RunningExchange.with { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      for name in ["udtræk_0492_z.csv", "udtræk_Århus.csv", "0461_751.csv"] { try running.put(name) }
      for name in ["udtræk_0461.csv", "udtræk_20261128_0730.csv"] { try running.put(name) }
      let asides = running.folder.appending("set-aside")
      try await eventually { running.names(running.sent).count == 2 && running.names(asides).count == 3 }
      try await eventually { running.attentions.count == 3 }
      #expect(running.attentions.allSatisfy { $0.kind == .setAside && $0.message.contains("0461 Odense") })
      #expect(
        running.attentions.contains { $0.message.contains("0492 Ærø") && $0.message.contains("not-municipalities") })
      #expect(running.takenNames().isEmpty)
      #expect(
        Set(try await running.test.journal.deliveries().map(\.wireName.string)) == [
          "udtræk_0461.csv", "udtræk_20261128_0730.csv",
        ])
      #expect(try running.test.names(in: running.test.outbox).isEmpty)
    }
  }

  /// Begins the delivery of a taken file by other settings than those that the run has.
  private static func begin(
    _ name: String, _ running: RunningExchange, by change: (inout ExchangeSettings) -> Void
  ) async throws {
    var settings = running.test.exchange.settings
    change(&settings)
    let mark = "0Pk0000000"
    let item = TakenFile(mark: mark, name: name)
    try FileManager.default.createDirectory(
      atPath: running.taken.string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let path = running.taken.appending(item.nameInTaken)
    try running.test.write(Data("x".utf8), to: path)
    var order = DeliveryOrder(file: path, route: "flis", wireName: name)
    order.localName = name
    let staging = Staging(settings: settings, journal: running.test.journal)
    let file = try await StagedFile.read(path)
    _ = try await staging.stage(try await staging.draft(order, file: file, localPath: item.journalPath))
  }

  /// As one that was begun before the route said its municipality, and one before the order of the route was ended.
  @Test(
    "a delivery that was begun is ended where its name says another municipality, or its route may not be used any more",
    arguments: [true, false])
  func aBegunDeliveryThatIsRefusedNowIsEnded(isOfOther: Bool) async throws {
    try await RunningExchange.with(
      { settings in
        guard !isOfOther else { return }
        settings.accounts[0].statedEnvironment = .production
        settings.routes[0].standing = RouteStanding()
      },
      prepare: { running in
        try await Self.begin(isOfOther ? "udtræk_0492.csv" : "udtræk_0461.csv", running) { settings in
          if isOfOther { settings.routes[0].municipality = "0492" }
          settings.accounts[0].statedEnvironment = nil
        }
      }
    ) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try await eventually { !running.names(running.folder.appending("set-aside")).isEmpty }
      try await eventually { running.attentions.map(\.number) == ["D1"] }
      #expect(try await running.test.journal.deliveries().map(\.state) == [.cancelled])
    }
  }

  @Test("puts a refused file beside its receipt and alerts a person")
  func whatIsRefusedLiesBesideItsReceiptAndIsReported() async throws {
    try await RunningExchange.with { running in
      try running.put("a.csv")
      try await eventually { running.names(running.test.outbox).contains("a.csv.trigger") }
      let errors = [try ReceiptError(code: 12, codeDescription: "Ingen rute", description: "der er ingen")]
      try running.test.take("a.csv", receipt: .errors(errors))
      let subfolder = running.folder.appending("refused/D1")
      try await eventually {
        running.names(subfolder) == ["a.csv", "a.csv.sftpreceipt"] && running.takenNames().isEmpty
      }
      let receipt = try TechnicalReceipt(reading: [UInt8](running.test.read(subfolder.appending("a.csv.sftpreceipt"))))
      #expect(receipt.outcome == .errors(errors))
      try await eventually { running.attentions.map(\.kind) == [.refused] && running.attentions[0].number == "D1" }
    }
  }

  @Test("Alerts about a file that another process has recorded as refused, but not about one from before the start")
  func whatIsRefusedElsewhereIsReported() async throws {
    try await RunningExchange.with(prepare: { try await Self.refuse("før.csv", $0.test) }) { running in
      try await eventually {
        running.events.withLock { $0 }.contains { if case .ready = $0 { true } else { false } }
      }
      try await Self.refuse("b.csv", running.test)
      let second = try #require(try await running.test.journal.deliveries().last?.id)
      try await eventually { running.attentions.map(\.number) == ["D\(second)"] }
      #expect(running.attentions.map(\.kind) == [.refused])
    }
  }

  private static func refuse(_ name: String, _ test: TestExchange) async throws {
    let staging = Staging(settings: test.exchange.settings, journal: test.journal)
    var delivery = try await staging.stage(DeliveryOrder(file: try test.file(name), route: "direct")).delivery
    delivery.state = .triggered
    delivery = try await test.journal.record(delivery)
    delivery.state = .refused
    _ = try await test.journal.record(delivery)
  }

  @Test("Alerts about a refused delivery from no watched folder too, such as a business receipt")
  func whatWasSentByHandAndRefusedIsReported() async throws {
    try await RunningExchange.with { running in
      let test = running.test
      _ = await test.exchange.deliver(
        reporting: [DeliveryOrder(file: try test.file("b.csv"), route: "direct")], options: .init(waitForReceipts: nil))
      let errors = [try ReceiptError(code: 12, codeDescription: "Ingen rute", description: "der er ingen")]
      try test.take("b.csv", receipt: .errors(errors))
      try await eventually { running.attentions.map(\.kind) == [.refused] && running.attentions[0].number == "D1" }
      #expect(running.attentions[0].message.contains("12 Ingen rute: der er ingen"))
      #expect(running.attentions[0].message.contains("retry D1"))
    }
  }

  @Test("a file is taken only when it has stood still")
  func aFileIsTakenOnlyWhenItHasStoodStill() async throws {
    // Longer than a busy machine delays the writer, shorter than the whole writing takes.
    try await RunningExchange.with({ $0.routes[0].outgoing?.settledFor = .seconds(5) }) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      let path = running.folder.appending("a.csv")
      var content = ""
      for piece in 1...10 {
        content += "piece \(piece)\n"
        try running.test.write(Data(content.utf8), to: path)
        try await Task.sleep(for: .milliseconds(600))
      }
      try await eventually { running.names(running.sent) == ["a.csv"] }
      #expect(try running.test.read(running.sent.appending("a.csv")) == Data(content.utf8))
      #expect(try await running.test.journal.deliveries().count == 1)
    }
  }

  @Test("with a ready-marker only marked files are taken")
  func withAReadyMarkerOnlyWhatIsMarkedIsTaken() async throws {
    try await RunningExchange.with({ settings in
      settings.routes[0].outgoing?.readyMarker = ".ready"
      settings.routes[0].outgoing?.settledFor = .seconds(600)
    }) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      try running.put("early.csv.ready", "")
      try running.put("a.csv")
      try running.put("b.csv")
      try running.put("b.csv.ready", "")
      try await eventually { running.names(running.sent) == ["b.csv"] }
      #expect(running.names(running.folder).filter { !$0.hasPrefix(".") } == ["a.csv", "early.csv.ready", "sent"])
      try running.put("a.csv.ready", "")
      try await eventually { running.names(running.sent) == ["a.csv", "b.csv"] }
      #expect(running.names(running.taken).isEmpty)
    }
  }

  @Test("names that cannot be sent are set aside and the others go")
  func namesThatCannotBeSentAreSetAsideAndTheOthersGo() async throws {
    try await RunningExchange.with { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      let latin = Array("ud".utf8) + [0xE6] + Array(".csv".utf8)
      try #require(
        open(
          (running.folder.string.utf8 + [UInt8(ascii: "/")] + latin + [0]).map(CChar.init(bitPattern:)),
          O_CREAT | O_WRONLY, 0o600) >= 0)
      let bad = ["a.trigger", "-x.csv", "tab\t.csv", String(repeating: "æ", count: 122) + "x.csv"]
      for name in bad { try running.put(name, name) }
      for name in ["b.csv.part", ".hidden", "c.tmp"] { try running.put(name) }
      try FileManager.default.createDirectory(
        atPath: running.folder.appending("mappe").string, withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(
        atPath: running.folder.appending("link.csv").string, withDestinationPath: "/etc/passwd")
      try running.put("good.csv")
      try await eventually { running.names(running.sent) == ["good.csv"] }
      let subfolder = running.folder.appending("set-aside")
      func files() -> [String] { running.names(subfolder).flatMap { running.names(subfolder.appending($0)) } }
      try await eventually { files().count == 10 && running.attentions.filter { $0.kind == .setAside }.count == 5 }
      #expect(files().filter { $0 == "reason.txt" }.count == 5)
      #expect(Set(files()).isSuperset(of: bad))
      #expect(
        Set(running.names(running.folder)).isSuperset(of: ["b.csv.part", ".hidden", "c.tmp", "mappe", "link.csv"]))
      #expect(try await running.test.journal.deliveries().count == 1)
    }
  }

  @Test("a file that always fails is set aside and holds up no other")
  func aFileThatAlwaysFailsIsSetAsideAndHoldsUpNoOther() async throws {
    try await RunningExchange.with({ settings in
      guard case .explicit(var addressing, let recipient) = settings.routes[1].kind else { return }
      addressing.infRef = .sf7002
      settings.routes[1].kind = .explicit(addressing, recipientITSystem: recipient)
      let folder = settings.source.removingLastComponent()
      settings.routes[1].outgoing = WatchedFolder(path: folder.appending("lis"), settledFor: .milliseconds(100))
    }) { running in
      let platform = Task { await running.test.acceptEverything() }
      defer { platform.cancel() }
      let bad = running.test.folder.appending("lis")
      try await eventually { running.names(bad) == [".taken"] }
      try running.test.write(Data("x".utf8), to: bad.appending("bad.csv"))
      for number in 1...5 { try running.put("\(number).csv") }
      try await eventually { running.names(running.sent).count == 5 }
      let asides = bad.appending("set-aside")
      func subfolder() -> FilePath { asides.appending(running.names(asides).first ?? "none") }
      try await eventually { running.names(subfolder()) == ["bad.csv", "reason.txt"] }
      let reason = String(decoding: try running.test.read(subfolder().appending("reason.txt")), as: UTF8.self)
      #expect(reason.contains("SF7002"))
    }
  }
}
