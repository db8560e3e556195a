import FilsluseBase
import Logging
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

@Suite("Keys of log lines") struct LogKeysTests {
  /// Keeps the keys of the last line.
  private struct Recorder: LogHandler {
    let last: Locked<Logger.Metadata>
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { last.withLock { $0 = metadata } }
  }

  @Test(
    "a line about a delivery, an arrival or an error has account, number, file and code beside its text",
    arguments: JournalDatabase.here)
  func keys(on database: JournalDatabase) async throws {
    let last = Locked<Logger.Metadata>([:])
    let logger = Logger(label: "test") { _ in Recorder(last: last) }
    try await database.withJournal { journal in
      try await SampleJournal.add(DeliveryState.staged, to: journal)
      try await SampleJournal.add(ArrivalState.seen, to: journal)
      let error = ExchangeError(.sizeMismatch, operation: "fetch", path: "IN/a.csv", message: "m", remedy: "r")
      logger.about(try #require(try await journal.delivery(1))).info("x")
      #expect(
        last.withLock { $0 } == [
          "account": "fagsystem", "delivery": "D1", "file": "udtræk ******-**** staged.csv",
        ])
      logger.about(try #require(try await journal.arrival(1)), error).info("x")
      #expect(
        last.withLock { $0 } == [
          "account": "fagsystem", "arrival": "A1", "file": "svar seen.xml", "code": "size-mismatch",
        ])
      logger.about(error, of: "flis").info("x")
      #expect(last.withLock { $0 } == ["account": "flis", "file": "IN/a.csv", "code": "size-mismatch"])
      let reporter = RunReporter(logger: logger, problems: ObservedProblems(in: journal)) { _ in }
      reporter.once(.warning, "flis: it fails", about: error, of: "flis")
      #expect(last.withLock { $0 } == ["account": "flis", "file": "IN/a.csv", "code": "size-mismatch"])
      reporter.attention(
        .setAside, account: "flis", at: "ud/set-aside/a.csv", because: error, LocalizedText("it is set aside", "x"))
      let keys = last.withLock { $0 }
      #expect(keys["account"] == "flis" && keys["code"] == "set-aside" && keys["cause"] == "size-mismatch", "\(keys)")
    }
  }
}
