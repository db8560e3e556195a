import FilsluseBase
import Logging
import Testing

@testable import FileExchange
@testable import FilsluseSFTP

/// The record of files at which connections are lost, against a real journal.
@Suite struct SuspectFilesTests {
  private final class Line: Sendable {}
  private static let first = Line()

  private static let lost = ExchangeError(SFTPError(.connectionLost, "the server closed it", nil), while: "fetch")
  private static let refused = ExchangeError(SFTPError(.permissionDenied, "no", nil), while: "fetch")

  private func withSuspects(
    on database: JournalDatabase, _ body: @Sendable (SuspectFiles, Journal) async throws -> Void
  ) async throws {
    try await database.withJournal { journal in
      let suspects = SuspectFiles(journal: journal, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
      try await suspects.load("a")
      try await body(suspects, journal)
      try await journal.close()
    }
  }

  @Test(
    "suspects all whose request was open, and finds the cause among them one by one", arguments: JournalDatabase.here)
  func theCauseIsFound(on database: JournalDatabase) async throws {
    try await withSuspects(on: database) { suspects, journal in
      // The server was at work on the first; the others only waited.
      var bystander = SFTPError(.connectionLost, "the server closed it", nil)
      bystander.isOfAnother = true
      let another = ExchangeError(bystander, while: "fetch")
      try await suspects.note(Self.lost, at: "IN/a", of: "a", over: Self.first, isAlone: false, by: RetryPolicy())
      for name in ["IN/b", "IN/c"] {
        try await suspects.note(
          another, at: RemotePath(name), of: "a", over: Self.first, isAlone: false, by: RetryPolicy())
      }
      #expect(suspects.all(of: "a").map(\.path) == ["IN/a"] && suspects.width(at: "a") == 1)
      // Another got through, and those were under way again at the next loss.
      #expect(suspects.countPassed("IN/d", of: "a", over: Self.first))
      try await suspects.clear("IN/d", of: "a")
      let second = Line()
      for name in ["IN/b", "IN/c", "IN/e"] {
        try await suspects.note(another, at: RemotePath(name), of: "a", over: second, isAlone: false, by: RetryPolicy())
      }
      #expect(suspects.file("IN/e", of: "a") == nil)
      #expect(suspects.all(of: "a").map(\.losses) == [0, 0, 0])
      #expect(try await journal.suspects(of: "a").isEmpty)

      try await suspects.during("IN/a", of: "a", over: Self.first, isAlone: true, by: RetryPolicy()) {
        () async throws(ExchangeError) in
      }
      // It may be that the connection has served its time.
      try await suspects.note(Self.lost, at: "IN/b", of: "a", over: Self.first, isAlone: true, by: RetryPolicy())
      #expect(suspects.file("IN/b", of: "a")?.losses == 0)
      for count in 1...3 {
        let begin = Timestamp.now
        await #expect(throws: ExchangeError.self) {
          try await suspects.during("IN/b", of: "a", over: Line(), isAlone: true, by: RetryPolicy()) {
            () async throws(ExchangeError) in throw Self.lost
          }
        }
        let file = try #require(suspects.file("IN/b", of: "a"))
        #expect(file.losses == count && file.nextTryAt.map { $0 > begin } == true)
        #expect(file.isToBeReported == (count == 3))
      }
      #expect(suspects.all(of: "a").map(\.path) == ["IN/c", "IN/b"])

      // Another process goes on with what this one found out.
      let next = SuspectFiles(journal: journal, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
      try await next.load("a")
      #expect(next.all(of: "a").map(\.losses) == [3])
      try await next.clear("IN/b", of: "a")
      #expect(try await journal.suspects(of: "a").isEmpty)
    }
  }

  @Test(
    "any answer of the server, even a refusal, clears a file; a cancelled request proves nothing",
    arguments: JournalDatabase.here)
  func anAnswerClears(on database: JournalDatabase) async throws {
    try await withSuspects(on: database) { suspects, _ in
      try await suspects.note(Self.lost, at: "IN/a", of: "a", over: Self.first, isAlone: true, by: RetryPolicy())
      for (error, isCleared) in [(ExchangeError.cancelled(while: "fetch"), false), (Self.refused, true)] {
        await #expect(throws: ExchangeError.self) {
          try await suspects.during("IN/a", of: "a", over: Self.first, isAlone: true, by: RetryPolicy()) {
            () async throws(ExchangeError) in throw error
          }
        }
        #expect((suspects.file("IN/a", of: "a") == nil) == isCleared)
      }
    }
  }

  @Test("a server that loses every connection adds no suspects after a while", arguments: JournalDatabase.here)
  func lessonsEnd(on database: JournalDatabase) async throws {
    try await withSuspects(on: database) { suspects, _ in
      for number in 0..<40 {
        try await suspects.note(
          Self.lost, at: RemotePath("IN/\(number)"), of: "a", over: Self.first, isAlone: true, by: RetryPolicy())
      }
      let lessons = suspects.lessons(at: "a")
      #expect(lessons == 16)
      try await suspects.clear("IN/1", of: "a")
      try await suspects.note(Self.lost, at: "IN/1", of: "a", over: Self.first, isAlone: true, by: RetryPolicy())
      #expect(suspects.lessons(at: "a") == lessons + 1)
    }
  }
}
