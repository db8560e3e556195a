import FilsluseStore
import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing

@Suite struct WriteBatcherTests {
  private struct Transaction: BatchTransaction {
    let database: SQLConnection
    init(_ database: SQLConnection) { self.database = database }
    var summary: Int { 1 }
  }

  private enum Failure: Error, Equatable {
    case refused(Int)
    case afterCommit
    case other(String)

    init(_ error: any Error) { self = error as? Failure ?? .other("\(error)") }
  }

  private static let threads = BlockingThreads(name: "test-batcher", count: 2)

  private func withBatcher(
    afterCommit: @escaping @Sendable (Int) throws(Failure) -> Void,
    wasKept: @escaping @Sendable (Int) throws -> CommitFate<Int> = { _ in .unknown },
    losing loss: LosingDatabase.Loss? = nil,
    _ body: (DurableDatabase, WriteBatcher<Transaction, Failure>) async throws -> Void
  ) async throws {
    try await withScratchFolder { folder in
      let database = try DurableDatabase(folder.appending("test.sqlite"), label: "test")
      try database.write { try $0.execute("CREATE TABLE kept (number INTEGER)") }
      let used: any TransactionalDatabase =
        loss.map { LosingDatabase(database, $0) as any TransactionalDatabase } ?? database
      let batcher = WriteBatcher<Transaction, Failure>(
        used, threads: Self.threads, afterCommit: afterCommit, wasKept: wasKept, failure: { Failure($0) })
      try await body(database, batcher)
      try database.close()
    }
  }

  @Test("changes that wait for a transaction share the next one")
  func sharesTransactions() async throws {
    let commits = Locked(0)
    try await withBatcher(afterCommit: { count in commits.withLock { $0 += count } }) { database, batcher in
      let sum = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<400 {
          group.addTask {
            try await batcher.write { transaction in
              try transaction.database.execute("INSERT INTO kept VALUES (?)", [number])
              return number
            }
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(sum == 399 * 400 / 2)
      #expect(try database.read { try $0.int("SELECT count(*) FROM kept") } == 400)
      #expect(commits.withLock { (1..<400).contains($0) })
    }
  }

  @Test("a change that throws is undone alone, and its caller gets its error")
  func undoesOneAlone() async throws {
    try await withBatcher(afterCommit: { _ in }) { database, batcher in
      let failures = await withTaskGroup(of: Failure?.self) { group in
        for number in 0..<60 {
          group.addTask {
            do throws(Failure) {
              try await batcher.write { transaction in
                try transaction.database.execute("INSERT INTO kept VALUES (?)", [number])
                if number.isMultiple(of: 3) { throw Failure.refused(number) }
              }
              return nil
            } catch {
              return error
            }
          }
        }
        return await group.reduce(into: [Failure]()) { if let failure = $1 { $0.append(failure) } }
      }
      #expect(failures.count == 20)
      #expect(failures.allSatisfy { if case .refused(let number) = $0 { number.isMultiple(of: 3) } else { false } })
      let kept = try database.read { try $0.rows("SELECT number FROM kept").map { try $0.int(0) } }
      #expect(kept.count == 40)
      #expect(kept.allSatisfy { !$0.isMultiple(of: 3) })
    }
  }

  @Test("changes whose commit is uncertain are not run again")
  func runsNoneAgain() async throws {
    let runs = Locked<[Int]>([])
    try await withBatcher(afterCommit: { _ in }) { _, batcher in
      let failures = await withTaskGroup(of: Failure?.self) { group in
        for number in 0..<60 {
          group.addTask {
            do throws(Failure) {
              try await batcher.write { _ in
                runs.withLock { $0.append(number) }
                throw StoreError(.uncertain, "the line was lost during the commit")
              }
              return nil
            } catch {
              return error
            }
          }
        }
        return await group.reduce(into: [Failure]()) { if let failure = $1 { $0.append(failure) } }
      }
      #expect(failures.count == 60)
    }
    let once = runs.withLock { $0 }
    #expect(once.count == Set(once).count)
  }

  @Test(
    "a commit without an answer is looked for: it counts where it was kept, and is run again where it was not",
    arguments: [LosingDatabase.Loss.ofAnswer, .ofCommit])
  func looksForUncertainCommits(loss: LosingDatabase.Loss) async throws {
    let found = 4711
    let noted = Locked<[Int]>([])
    let wasKept: @Sendable (Int) throws -> CommitFate<Int> = { _ in loss == .ofAnswer ? .kept(found) : .notKept }
    try await withBatcher(
      afterCommit: { count in noted.withLock { $0.append(count) } }, wasKept: wasKept, losing: loss
    ) { database, batcher in
      for number in 1...3 {
        try await batcher.write { try $0.database.execute("INSERT INTO kept VALUES (?)", [number]) }
      }
      #expect(try database.read { try $0.rows("SELECT number FROM kept").map { try $0.int(0) } } == [1, 2, 3])
    }
    // The facts that were found are noted, not those from before the commit.
    #expect(noted.withLock { $0.map { $0 == found } } == [Bool](repeating: loss == .ofAnswer, count: 3))
  }

  @Test("a commit without an answer that cannot be looked for fails, and is not run again")
  func failsWhereItCannotLook() async throws {
    try await withBatcher(afterCommit: { _ in }, losing: .ofAnswer) { database, batcher in
      await #expect(throws: Failure.self) {
        try await batcher.write { try $0.database.execute("INSERT INTO kept VALUES (1)") }
      }
      let kept = try database.read { try $0.int("SELECT count(*) FROM kept") }
      #expect(kept == 1)
    }
  }

  @Test("a change that meets another session's is run again until it is through")
  func runsCollisionsAgain() async throws {
    let runs = Locked(0)
    try await withBatcher(afterCommit: { _ in }) { database, batcher in
      try await batcher.write { transaction in
        try transaction.database.execute("INSERT INTO kept VALUES (1)")
        let run = runs.withLock { runs -> Int in
          runs += 1
          return runs
        }
        if run < 3 { throw StoreError(.conflict, "met another session's change", code: "40001") }
      }
      #expect(try database.read { try $0.int("SELECT count(*) FROM kept") } == 1)
    }
    #expect(runs.withLock { $0 } == 3)
  }

  @Test("callers get the error of an action after the commit")
  func reportsWhatFollows() async throws {
    try await withBatcher(afterCommit: { _ throws(Failure) in throw .afterCommit }) { database, batcher in
      await #expect(throws: Failure.afterCommit) {
        try await batcher.write { try $0.database.execute("INSERT INTO kept VALUES (1)") }
      }
      let count = try database.read { try $0.int("SELECT count(*) FROM kept") }
      #expect(count == 1)
    }
  }
}

/// A real database whose connection is lost during each commit: before it is kept, or before its answer comes. The
/// first loss of each change is followed by a commit that goes well.
final class LosingDatabase: TransactionalDatabase {
  enum Loss: Sendable {
    case ofCommit
    case ofAnswer
  }

  private struct Undone: Error {}

  private let database: DurableDatabase
  private let loss: Loss
  private let losesNext = Locked(true)

  init(_ database: DurableDatabase, _ loss: Loss) {
    self.database = database
    self.loss = loss
  }

  func read<Result>(_ look: (SQLConnection) throws -> Result) throws -> Result { try database.read(look) }

  func write<Result>(_ change: (SQLConnection) throws -> Result) throws -> Result {
    let isLost = losesNext.withLock { losesNext in
      defer { losesNext = loss == .ofAnswer || !losesNext }
      return losesNext
    }
    guard isLost else { return try database.write(change) }
    do {
      _ = try database.write { connection in
        let result = try change(connection)
        if loss == .ofCommit { throw Undone() }
        return result
      }
    } catch is Undone {}
    throw StoreError(.uncertain, "the line was lost during the commit")
  }

  func close() throws { try database.close() }
}
