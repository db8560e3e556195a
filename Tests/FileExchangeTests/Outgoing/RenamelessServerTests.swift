import ExchangeSettings
import FilsluseBase
import FilsluseSFTP
import FilsluseStore
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// A server that takes no renames: the trigger is written in place, in one write.
@Suite(.timeLimit(.minutes(25))) struct RenamelessServerTests {
  @Test("the trigger is written in place and no temporary one stays")
  func theTriggerIsWrittenInPlaceAndNoTemporaryOneStays() async throws {
    try await TestExchange.with(serverRefusing: "rename,posix-rename") { test, user in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let report = try #require(
        await test.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil)).first)
      #expect(report.delivery?.state == .triggered)
      #expect(try test.names(in: user.folder.appending("OUT")) == ["a.csv", "a.csv.trigger"])
      let states = try await test.journal.entries().map(\.state)
      #expect(states == ["staged", "uploading", "armed", "triggering", "triggered"])
    }
  }

  /// While the journal says `armed`, a temporary trigger that is gone means that it was renamed; so nothing else may
  /// take it away before the journal says otherwise.
  @Test("the temporary trigger stays until the journal says that it is not renamed")
  func theTemporaryTriggerStaysUntilTheJournalSaysThatItIsNotRenamed() async throws {
    try await TestExchange.with(serverRefusing: "rename,posix-rename") { test, user in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let delivery = try await Staging(settings: test.exchange.settings, journal: test.journal).stage(order).delivery
      let account = test.exchange.settings.accounts[0]
      let client = try await test.exchange.connect(to: account)
      let outbox = OutFolder(of: delivery, account: account, client: client)
      try await outbox.arm()
      guard case .cannotRename = try await outbox.fire() else {
        Issue.record("it was renamed")
        return
      }
      #expect(try await outbox.content().temporary == .whole)
      await client.close()
    }
  }

  @Test("A server that takes neither renames nor removals gets its trigger")
  func noRemovalIsNeeded() async throws {
    try await TestExchange.with(serverRefusing: "rename,posix-rename,remove") { test, user in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let report = try #require(
        await test.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil)).first)
      let delivery = try #require(report.delivery)
      #expect(delivery.state == .triggered, "\(report.error?.description ?? "")")
      #expect(
        try test.names(in: user.folder.appending("OUT")).sorted()
          == ["a.csv", "a.csv.trigger", delivery.temporaryTriggerName].sorted())
    }
  }

  /// The server may write the rest of what a cut connection sent while the next one looks, and the platform may read
  /// it.
  @Test("a trigger that is there in part is completed, and never shorter than it was", arguments: [1, 100])
  func completedInPlace(begun: Int) async throws {
    try await Self.withTriggering { outbox, folder, journal in
      let (path, whole) = (folder.appending("a.csv.trigger"), Data(outbox.trigger))
      try whole.prefix(begun).write(to: URL(filePath: path.string))
      let watcher = try ShortestSize(of: path)
      for _ in 0..<200 { guard case .done = try await outbox.writeTrigger(.write) else { throw Errno.ioError } }
      #expect(try await watcher.end() >= begun)
      #expect(try Data(contentsOf: URL(filePath: path.string)) == whole)
    }
  }

  @Test("a trigger that the platform takes just before it is completed is not written anew")
  func takenBeforehand() async throws {
    try await Self.withTriggering { outbox, folder, journal in
      guard case .unclear(let error) = try await outbox.writeTrigger(.write) else { throw Errno.ioError }
      #expect(error.code == .noSuchFile)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string) == [])
    }
  }

  @Test("a delivery whose trigger was cut goes on with it, with nothing left behind", arguments: [0, 100])
  func goesOn(begun: Int) async throws {
    try await TestExchange.with(serverRefusing: "rename,posix-rename") { test, user in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let options = Exchange.DeliveryOptions(waitForReceipts: nil)
      let first = try #require(await test.exchange.deliver(reporting: [order], options: options).first)
      let delivery = try #require(first.delivery)
      let out = user.folder.appending("OUT")
      let path = out.appending("a.csv.trigger")
      let whole = try Data(contentsOf: URL(filePath: path.string))
      try whole.prefix(begun).write(to: URL(filePath: path.string))
      try await test.journal.write {
        try $0.database.execute("UPDATE delivery SET state = 'triggering' WHERE id = \(delivery.id)")
      }
      let again = try #require(await test.exchange.deliver(reporting: [order], options: options).first)
      #expect(again.delivery?.state == .triggered, "\(again.error?.description ?? "")")
      #expect(try test.names(in: out) == ["a.csv", "a.csv.trigger"])
      #expect(try Data(contentsOf: URL(filePath: path.string)) == whole)
    }
  }

  /// Stages a delivery to a server that takes no renames.
  private static func withTriggering(
    _ body: @escaping @Sendable (OutFolder, FilePath, Journal) async throws -> Void
  ) async throws {
    try await TestExchange.with(serverRefusing: "rename,posix-rename") { test, user in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let delivery = try await Staging(settings: test.exchange.settings, journal: test.journal).stage(order).delivery
      let account = test.exchange.settings.accounts[0]
      let client = try await test.exchange.connect(to: account)
      try await body(
        OutFolder(of: delivery, account: account, client: client), user.folder.appending("OUT"), test.journal)
      await client.close()
    }
  }
}

/// Watches a file on a thread of its own, and keeps the smallest size that it saw.
private final class ShortestSize: Sendable {
  private let state = Locked((isOver: false, shortest: Int.max, isDone: false))

  init(of path: FilePath) throws {
    let file = try FileDescriptor.open(path, .readOnly)
    let state = state
    let thread = Thread {
      var status = stat()
      while !state.withLock({ $0.isOver }) {
        guard fstat(file.rawValue, &status) == 0 else { break }
        let size = Int(status.st_size)
        state.withLock { $0.shortest = min($0.shortest, size) }
      }
      try? file.close()
      state.withLock { $0.isDone = true }
    }
    thread.start()
  }

  /// Ends the thread, and returns the size.
  func end() async throws -> Int {
    state.withLock { $0.isOver = true }
    while !state.withLock({ $0.isDone }) { try await Task.sleep(for: .milliseconds(5)) }
    return state.withLock { $0.shortest }
  }
}
