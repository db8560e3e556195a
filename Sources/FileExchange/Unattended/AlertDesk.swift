internal import ExchangeSettings
internal import FilsluseSystem
internal import Foundation
internal import Logging

/// Tells a person, by the program that the settings name, what must be looked at: one program at a time, and of one kind
/// and account not more than one in a while, with the number of those that were left out.
struct AlertDesk: Sendable {
  private let alert: AlertCommand
  private let withheld: Set<String>
  private let logger: Logger
  private let waiting: AsyncStream<Attention>
  private let incoming: AsyncStream<Attention>.Continuation
  private let recent = Locked<[Topic: Recent]>([:])

  /// No two of a kind and account are told within this time.
  private static let gap = Duration.seconds(300)
  private static let mostWaiting = 100

  private struct Topic: Hashable, Sendable {
    let kind: Attention.Kind
    let account: String
  }

  private struct Recent: Sendable {
    var told: ContinuousClock.Instant
    var leftOut = 0
  }

  init(_ alert: AlertCommand, withheld: Set<String>, logger: Logger) {
    self.alert = alert
    self.withheld = withheld
    self.logger = logger
    (waiting, incoming) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.mostWaiting))
  }

  /// Takes something to tell, without waiting.
  func take(_ attention: Attention) {
    if case .dropped = incoming.yield(attention) {
      logger.error("too much to tell at once; the alert command is not told: \(attention.message)")
    }
  }

  /// Says that nothing more comes.
  func close() { incoming.finish() }

  /// Tells everything until it is closed and all is told, or the task is cancelled.
  func run() async {
    for await attention in waiting {
      guard let leftOut = turn(of: attention) else { continue }
      let report = await Program(
        arguments: alert.command, withheld: withheld, input: Self.document(attention, leftOut: leftOut),
        timeout: alert.timeout
      ).run()
      if !report.isSuccess { logger.error("the alert command failed: \(report.summary)") }
    }
  }

  /// How many were left out before it, or `nil` when it is left out itself.
  private func turn(of attention: Attention) -> Int? {
    recent.withLock { recent in
      let topic = Topic(kind: attention.kind, account: attention.account)
      let now = ContinuousClock.now
      if let last = recent[topic], now - last.told < Self.gap {
        recent[topic]?.leftOut += 1
        return nil
      }
      defer { recent[topic] = Recent(told: now) }
      return recent[topic]?.leftOut ?? 0
    }
  }

  /// What the program finds on its standard input.
  private struct Document: Encodable {
    let kind: String
    let account: String
    let number: String?
    let message: String
    let at: String
    let leftOutBefore: Int
  }

  private static func document(_ attention: Attention, leftOut: Int) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let document = Document(
      kind: attention.kind.rawValue, account: attention.account, number: attention.number, message: attention.message,
      at: Timestamp.now.description, leftOutBefore: leftOut)
    do {
      return [UInt8](try encoder.encode(document)) + [UInt8(ascii: "\n")]
    } catch {
      preconditionFailure("texts and numbers can always be written as JSON: \(error)")
    }
  }
}
