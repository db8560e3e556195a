import FilsluseBase
import Foundation
import Glibc
import SystemPackage
import Testing

@testable import FileExchange

/// Hashing many long files delays no other work.
@Suite(.timeLimit(.minutes(25))) struct LongFilesTests {
  /// Has sparse files of a tebibyte hashed, which would take most of an hour; looks at something while that is under
  /// way; and cancels it. Returns the outcome of each file.
  private func hash(
    _ count: Int, in test: TestExchange, meanwhile look: () async throws -> Void
  ) async throws -> [Result<StagedFile, ExchangeError>] {
    let files = try (0..<count).map { try test.file("f\($0)", "") }
    for file in files { #expect(truncate(file.string, 1 << 40) == 0) }
    let begun = Locked(0)
    return try await withThrowingTaskGroup(of: Result<StagedFile, ExchangeError>.self) { group in
      for file in files {
        group.addTask {
          begun.withLock { $0 += 1 }
          return await Result { () async throws(ExchangeError) in try await StagedFile.read(file) }
        }
      }
      try await eventually("hashing") { begun.withLock { $0 } == count && Self.isAnyOpen(files) }
      try await look()
      group.cancelAll()
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// True if this process has one of the files open.
  private static func isAnyOpen(_ files: [FilePath]) -> Bool {
    let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return descriptors.contains { descriptor in
      // The link of a descriptor that was closed in between leads nowhere.
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
      return files.contains { $0.string == target }
    }
  }

  @Test("a look into the journal does not stand in line behind them")
  func aLookIntoTheJournalDoesNotStandInLineBehindThem() async throws {
    try await TestExchange.with { test in
      let outcomes = try await hash(60, in: test) { _ = try await test.journal.delivery(0) }
      #expect(outcomes.count == 60 && outcomes.allSatisfy { (try? $0.get()) == nil })
    }
  }

  @Test("a cancelled task stops hashing")
  func whoIsCancelledDoesNotHashToTheEnd() async throws {
    try await TestExchange.with { test in
      let outcome = try #require(try await hash(1, in: test) {}.first)
      let error = #expect(throws: ExchangeError.self) { try outcome.get() }
      #expect(error?.code == .cancelled)
    }
  }
}
