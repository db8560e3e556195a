internal import ExchangeSettings
internal import FilsluseSystem
internal import Foundation
internal import Logging

/// Tells a person, by the program that the settings name, what must be looked at: one program at a time, and of one
/// kind and account not more than one in a while. What came in that while is told when it is over: the last of it, with
/// the number of the others.
struct AlertDesk: Sendable {
  private let command: Locked<Command>
  private let logger: Logger
  /// No two of a kind and account are told within this time.
  private let gap: Duration
  private let waiting: AsyncStream<Item>
  private let incoming: AsyncStream<Item>.Continuation
  private let topics = Locked<[Topic: Recent]>([:])

  private static let mostWaiting = 100

  /// What is started; `nil` where the settings name nobody.
  private struct Command: Sendable {
    var alert: AlertCommand?
    var withheld: Set<String>
  }

  /// Something to tell: that it is so, or that it is over.
  private struct Telling: Sendable {
    let attention: Attention
    var isResolved = false
  }

  private enum Item: Sendable {
    case attention(Telling)
    /// It may be time for what was left out.
    case look
  }

  private struct Topic: Hashable, Sendable {
    let kind: Attention.Kind
    let account: String

    init(_ attention: Attention) {
      kind = attention.kind
      account = attention.account
    }
  }

  private struct Recent: Sendable {
    /// When something of it was told last; `nil` when nothing was.
    var told: ContinuousClock.Instant?
    /// What was left out since; `nil` when nothing was.
    var leftOut: LeftOut?

    mutating func leaveOut(_ telling: Telling) {
      leftOut = LeftOut(last: telling, count: (leftOut?.count ?? 0) + 1)
    }
  }

  private struct LeftOut: Sendable {
    let last: Telling
    /// How many, the last among them.
    let count: Int
  }

  init(_ alert: AlertCommand?, withheld: Set<String>, logger: Logger, gap: Duration = .seconds(300)) {
    command = Locked(Command(alert: alert, withheld: withheld))
    self.logger = logger
    self.gap = gap
    (waiting, incoming) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.mostWaiting))
  }

  /// Has another program told from now on, or nobody.
  func change(_ alert: AlertCommand?, withheld: Set<String>) {
    command.withLock { $0 = Command(alert: alert, withheld: withheld) }
  }

  /// Takes something to tell, without waiting.
  ///
  /// - Parameter isResolved: whether what was told before is over.
  func take(_ attention: Attention, isResolved: Bool = false) {
    guard command.withLock({ $0.alert != nil }) else { return }
    let telling = Telling(attention: attention, isResolved: isResolved)
    if case .dropped = incoming.yield(.attention(telling)) {
      logger.error("too much to tell at once; the alert command is told of it later: \(attention.message)")
      topics.withLock { $0[Topic(attention), default: Recent()].leaveOut(telling) }
    }
  }

  /// Says that nothing more comes.
  func close() { incoming.finish() }

  /// Tells everything until it is closed and all is told, or the task is cancelled.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await remind() }
      for await item in waiting {
        switch item {
        case .attention(let telling):
          if let leftOut = turn(of: telling) { await tell(telling, leftOut: leftOut) }
        case .look:
          let now = ContinuousClock.now
          await tellTheRest { now - $0 >= gap }
        }
      }
      group.cancelAll()
    }
    // Nobody will remember it.
    if !Task.isCancelled { await tellTheRest { _ in true } }
  }

  /// Has what was left out looked at now and then, while there is any.
  private func remind() async {
    while true {
      do { try await Task.sleep(for: gap / 30) } catch { return }
      // Should it be too much at once, there is a next time.
      if topics.withLock({ $0.values.contains { $0.leftOut != nil } }) { incoming.yield(.look) }
    }
  }

  /// How many were left out before it, or `nil` when it is left out itself.
  private func turn(of telling: Telling) -> Int? {
    let topic = Topic(telling.attention)
    return topics.withLock { topics in
      let now = ContinuousClock.now
      let recent = topics[topic] ?? Recent()
      if let told = recent.told, now - told < gap {
        topics[topic]?.leaveOut(telling)
        return nil
      }
      topics[topic] = Recent(told: now)
      return recent.leftOut?.count ?? 0
    }
  }

  /// Tells what was left out of the topics whose time has come.
  private func tellTheRest(where isDue: (ContinuousClock.Instant) -> Bool) async {
    let due = topics.withLock { topics in
      let due = topics.filter { $0.value.leftOut != nil && ($0.value.told.map(isDue) ?? true) }
      for topic in due.keys { topics[topic] = Recent(told: .now) }
      return due.values.compactMap(\.leftOut)
    }
    for leftOut in due {
      if Task.isCancelled { return }
      await tell(leftOut.last, leftOut: leftOut.count - 1)
    }
  }

  private func tell(_ telling: Telling, leftOut: Int) async {
    let command = command.withLock { $0 }
    guard let alert = command.alert else { return }
    let report = await Program(
      arguments: alert.command, withheld: command.withheld, input: Self.document(telling, leftOut: leftOut),
      timeout: alert.timeout
    ).run()
    if !report.isSuccess { logger.error("the alert command failed: \(report.summary)") }
  }

  /// What the program finds on its standard input.
  private struct Document: Encodable {
    let kind: String
    let account: String
    let number: String?
    let message: String
    let at: String
    /// Whether it is over.
    let resolved: Bool
    let leftOutBefore: Int
  }

  private static func document(_ telling: Telling, leftOut: Int) -> [UInt8] {
    let attention = telling.attention
    let document = Document(
      kind: attention.kind.rawValue, account: attention.account, number: attention.number, message: attention.message,
      at: Timestamp.now.description, resolved: telling.isResolved, leftOutBefore: leftOut)
    do {
      return Array("\(try JSONText().text(document))\n".utf8)
    } catch {
      preconditionFailure("texts and numbers can always be written as JSON: \(error)")
    }
  }
}
