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
    _ body: (DurableDatabase, WriteBatcher<Transaction, Failure>) async throws -> Void
  ) async throws {
    try await withScratchFolder { folder in
      let database = try DurableDatabase(folder.appending("test.sqlite"), label: "test")
      try database.write { try $0.execute("CREATE TABLE kept (number INTEGER)") }
      let batcher = WriteBatcher<Transaction, Failure>(
        database, threads: Self.threads, afterCommit: afterCommit, failure: { Failure($0) })
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
