import FilsluseSystem
import Glibc
import SystemPackage
import Testing

@testable import FileExchange

/// Many long files to be hashed hold up nobody.
@Suite(.timeLimit(.minutes(8))) struct LongFilesTests {
  /// So many files of holes, whose hashing takes a while each.
  private func files(_ count: Int, of size: Int, in test: TestExchange) throws {
    for number in 0..<count {
      try test.file("f\(number)", "")
      #expect(truncate(test.folder.appending("f\(number)").string, size) == 0)
    }
  }

  @Test func aLookIntoTheJournalDoesNotStandInLineBehindThem() async throws {
    try await TestExchange.with { test in
      let count = 60
      try files(count, of: 6 << 20, in: test)
      let hashed = Locked(0)
      let seen = try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<count {
          group.addTask {
            _ = try await StagedFile.read(test.folder.appending("f\(number)"))
            hashed.withLock { $0 += 1 }
          }
        }
        while hashed.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(1)) }
        _ = try await test.journal.delivery(0)
        let seen = hashed.withLock { $0 }
        try await group.waitForAll()
        return seen
      }
      #expect(seen < count / 2, "\(seen) of \(count) files were hashed before the journal answered")
    }
  }

  @Test func whoIsCancelledDoesNotHashToTheEnd() async throws {
    try await TestExchange.with { test in
      // Hashing a tebibyte takes the better part of an hour.
      try files(1, of: 1 << 40, in: test)
      let hashing = Task {
        await Result { () async throws(ExchangeError) in try await StagedFile.read(test.folder.appending("f0")) }
      }
      try await Task.sleep(for: .milliseconds(50))
      hashing.cancel()
      let outcome = await hashing.value
      #expect(throws: ExchangeError.self) { try outcome.get() }
      if case .failure(let error) = outcome { #expect(error.code == .cancelled) }
    }
  }
}
