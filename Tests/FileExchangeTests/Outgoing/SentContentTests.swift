import ExchangeSettings
import FilsluseBase
import Foundation
import Glibc
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// A trigger is written only if the sent content is the staged content, in spite of the file's times.
@Suite(.timeLimit(.minutes(25))) struct SentContentTests {
  private let notWaiting = Exchange.DeliveryOptions(waitForReceipts: nil)
  /// Longer than the bytes read before the first acknowledgement.
  private static let size = 12 << 20

  private func content(_ byte: String = "0", _ size: Int = size) -> String { String(repeating: byte, count: size) }

  /// Changes a byte of a file in place; nothing but its content shows it.
  private func change(_ path: FilePath, at offset: Int, to byte: String = "x") throws {
    try keepingTimes(of: path) {
      let file = try #require(FileHandle(forUpdatingAtPath: path.string))
      try file.seek(toOffset: UInt64(offset))
      try file.write(contentsOf: Data(byte.utf8))
      try file.close()
    }
  }

  private func expectNoTrigger(_ test: TestExchange, _ report: DeliveryReport?) async throws {
    let error = try #require(report?.error)
    #expect(error.code == .fileChanged)
    let delivery = try #require(try await test.journal.deliveries().first)
    #expect(delivery.state == .uploading && delivery.acknowledged == 0)
    #expect(try !test.names(in: test.outbox).contains("a.csv.trigger"))
  }

  private func expectSent(_ content: String, _ test: TestExchange, _ report: DeliveryReport?) throws {
    #expect(report?.error == nil && report?.delivery?.state == .triggered)
    #expect(try test.read(test.outbox.appending("a.csv")) == Data(content.utf8))
    #expect(try test.names(in: test.outbox) == ["a.csv", "a.csv.trigger"])
  }

  @Test("A file that is changed in place while it is sent, its time kept, gets no trigger", arguments: [true, false])
  func changedWhileItIsSent(inTheLastByte: Bool) async throws {
    try await TestExchange.with { test in
      let file = try test.file("a.csv", content())
      var options = notWaiting
      let hasChanged = Locked(false)
      options.onProgress = { news in
        guard case .sent = news,
          hasChanged.withLock({ was in
            defer { was = true }; return !was
          })
        else { return }
        do {
          try change(file, at: inTheLastByte ? Self.size - 1 : Self.size / 2)
        } catch {
          Issue.record(error)
        }
      }
      let order = DeliveryOrder(file: file, route: "flis")
      let report = await test.exchange.deliver(reporting: [order], options: options).first
      #expect(hasChanged.withLock { $0 })
      try await expectNoTrigger(test, report)
      #expect(report?.error?.message.contains("while it was sent") == true)
      // It is as it was, and goes up whole.
      try change(file, at: inTheLastByte ? Self.size - 1 : Self.size / 2, to: "0")
      try expectSent(
        content(), test, await test.reopened().exchange.deliver(reporting: [order], options: notWaiting).first)
    }
  }

  @Test("A file that is changed between staging and sending, its time kept, gets no trigger", arguments: [10, 200_000])
  func changedBeforeItIsSent(size: Int) async throws {
    try await TestExchange.with { test in
      let file = try test.file("a.csv", content("0", size))
      let order = DeliveryOrder(file: file, route: "flis")
      let staged = try await Staging(settings: test.exchange.settings, journal: test.journal).stage(order)
      try change(file, at: 5)
      let report = try await test.exchange.deliver(staged, as: order, options: notWaiting)
      try await expectNoTrigger(test, report)
    }
  }

  /// An earlier process that sent the beginning of a file, as it was then.
  private func leftBehind(
    _ test: TestExchange, sent: String, acknowledged: Int
  ) async throws -> DeliveryOrder {
    let order = DeliveryOrder(file: try test.file("a.csv", content()), route: "flis")
    var delivery = try await Staging(settings: test.exchange.settings, journal: test.journal).stage(order).delivery
    delivery.state = .uploading
    delivery.acknowledged = UInt64(acknowledged)
    delivery.acknowledgedSHA256 = SHA256.digest(of: Array(sent.utf8.prefix(acknowledged)))
    _ = try await test.journal.record(delivery)
    try test.write(Data(sent.utf8), to: test.outbox.appending("a.csv"))
    return order
  }

  @Test("An upload goes on behind what was sent, if the file still begins with it", arguments: [0, 1_000])
  func resumed(missing: Int) async throws {
    try await TestExchange.with { test in
      let (sent, acknowledged) = (4 << 20, (4 << 20) + missing)
      let order = try await leftBehind(test, sent: content("0", acknowledged), acknowledged: acknowledged)
      try test.write(Data(content("0", sent).utf8), to: test.outbox.appending("a.csv"))
      let report = try await test.reopened().exchange.deliver(reporting: [order], options: notWaiting).first
      try expectSent(content(), test, report)
      #expect(report?.bytesSent == UInt64(Self.size - sent))
    }
  }

  @Test("An upload whose beginning was sent while the file was another one is sent from the start")
  func resumedBehindOtherContent() async throws {
    try await TestExchange.with { test in
      let order = try await leftBehind(test, sent: content("1", 4 << 20), acknowledged: 4 << 20)
      let report = try await test.reopened().exchange.deliver(reporting: [order], options: notWaiting).first
      try expectSent(content(), test, report)
      #expect(report?.bytesSent == UInt64(Self.size))
    }
  }

  @Test(
    "A resumed upload of a file that is changed in place, its time kept, gets no trigger", arguments: [true, false])
  func changedWhileItIsResumed(inWhatWasSentBefore: Bool) async throws {
    try await TestExchange.with { test in
      let order = try await leftBehind(test, sent: content("0", 4 << 20), acknowledged: 4 << 20)
      let staged = try await Staging(settings: test.exchange.settings, journal: test.journal).stage(order)
      try change(order.file, at: inWhatWasSentBefore ? 1_000 : Self.size - 1)
      try await expectNoTrigger(test, try await test.exchange.deliver(staged, as: order, options: notWaiting))
    }
  }

  // MARK: The running hash

  @Test("The running hash knows beginnings of what was sent, and is that of the whole at the end")
  func runningHash() async throws {
    let hash = SentHash()
    let pieces = (0..<300).map { [UInt8](repeating: UInt8($0 % 251), count: 1_000 + $0) }
    for piece in pieces { await hash.add(piece) }
    let whole = pieces.flatMap { $0 }
    #expect(await hash.digest() == SHA256.digest(of: whole))
    for limit in [whole.count, whole.count - 1, whole.count - 50_000] {
      let beginning = try #require(hash.beginning(atMost: UInt64(limit)))
      #expect(beginning.end <= limit && Int(beginning.end) > limit - 2_000)
      #expect(beginning.sha256 == SHA256.digest(of: Array(whole.prefix(Int(beginning.end)))))
    }
    #expect(hash.beginning(atMost: 10) == nil)
  }
}
