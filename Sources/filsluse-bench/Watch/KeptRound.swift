import ExchangeSettings
import FileExchange
import FilsluseSFTP
import FilsluseBase
import PickupWatch

/// Looks into every account over connections that are made once.
struct KeptRound: Sendable {
  private let look: InboxCheck
  private let lines: [(account: Account, client: SFTPClient)]

  private static let atATime = 16

  init(_ settings: ExchangeSettings, clock: @escaping @Sendable () -> Timestamp = { .now }) async throws {
    guard let evaluator = RuleEvaluator(settings) else { throw ToolError(description: "no such time zone") }
    look = InboxCheck(
      evaluator: evaluator, store: try await WatchDatabase.open(settings.watch.database), journal: nil, clock: clock,
      logger: WatchProcess.quiet)
    lines = try await Self.each(settings.accounts) { account in
      (account, try await SFTPClient.connect(try await account.endpoint(), logger: WatchProcess.quiet))
    }
  }

  func run() async throws -> [AccountReport] {
    try await Self.each(lines) { [look] in await look.look(into: $0.account, over: $0.client) }
  }

  func end() async throws {
    for line in lines { await line.client.close() }
    try await look.store.close()
  }

  private static func each<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ work: @escaping @Sendable (Item) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: Result.self) { group in
      var rest = items.makeIterator()
      var results: [Result] = []
      for _ in 0..<atATime {
        guard let item = rest.next() else { break }
        group.addTask { try await work(item) }
      }
      while let result = try await group.next() {
        results.append(result)
        if let item = rest.next() { group.addTask { try await work(item) } }
      }
      return results
    }
  }
}
