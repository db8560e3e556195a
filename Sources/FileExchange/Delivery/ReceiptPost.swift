internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseSystem
internal import Logging
internal import TriggerFiles

/// Fetches the account's technical receipts from IN and ties each to its delivery.
///
/// A receipt belongs to the delivery of its name whose SendersFileId it carries (to the open one of that name where it
/// carries none, which the schema allows). It is in the journal before it is removed from IN. A receipt that belongs to
/// nothing here stays where it lies: it may be another program's.
struct ReceiptPost: Sendable {
  let journal: any JournalStore
  let client: SFTPClient
  let account: Account
  let logger: Logger

  /// What one look brought.
  struct Round: Sendable {
    var settled: [Delivery] = []
    var problems: [ExchangeError] = []
  }

  /// Each receipt takes three round trips, so many are under way: they come as fast as files are sent.
  private static let atATime = 256

  /// Reads every receipt in the listing that a delivery waits for, and removes those that are in the journal already:
  /// an earlier run ended between writing them and removing them.
  func collect(from listing: [DirectoryEntry]) async throws(ExchangeError) -> Round {
    let suffix = Array(account.suffixes.receipt.utf8)
    let names = listing.map(\.name).filter { $0.count > suffix.count && $0.hasSuffix(suffix) }
      .compactMap { String(validating: $0.dropLast(suffix.count), as: UTF8.self) }
    guard !names.isEmpty else { return Round() }
    let waiting = Dictionary(
      grouping: try await journal.deliveriesAwaitingReceipt(of: account.name, named: names), by: \.wireName)
    let awaited = names.filter { waiting[$0] != nil }
    var round = Round()
    try await withBoundedTasks(awaited, limit: Self.atATime) { name in
      await settle(receipt: name, awaitedBy: waiting[name] ?? [])
    } each: { (outcome: Result<Delivery?, ExchangeError>) throws(ExchangeError) in
      switch outcome {
      case .success(let delivery): round.settled += delivery.map { [$0] } ?? []
      case .failure(let error) where error.endsRun: throw error
      case .failure(let error): round.problems.append(error)
      }
    }
    try await tidy(names.filter { waiting[$0] == nil })
    return round
  }

  private func settle(receipt name: String, awaitedBy deliveries: [Delivery]) async -> Result<Delivery?, ExchangeError>
  {
    do throws(ExchangeError) {
      let path = path(of: name)
      guard let bytes = try await read(path) else { return .success(nil) }
      let receipt: TechnicalReceipt
      do {
        receipt = try TechnicalReceipt(reading: bytes)
      } catch {
        throw ExchangeError(
          .invalidDocument, operation: "read the receipt", path: path.string, message: "\(error)",
          remedy: "it is left in IN; ask the platform's help desk if it stays so")
      }
      guard
        let match = deliveries.first(where: {
          receipt.sendersFileID == nil || receipt.sendersFileID == $0.sendersFileID
        })
      else {
        logger.warning("receipt \(path) names another transmission than the one that waits; it is left in IN")
        return .success(nil)
      }
      // Another process of this account may have been quicker.
      guard var delivery = try await journal.delivery(match.id),
        !delivery.state.isFinished || delivery.state == .givenUp
      else {
        return .success(try await journal.delivery(match.id))
      }
      var machine = DeliveryMachine(resuming: delivery.state)
      machine.apply(.receipt(accepted: receipt.isSuccess))
      delivery.state = machine.state
      delivery.fileTransferUUID = receipt.fileTransferUUID
      delivery.outcome = receipt.summary
      delivery.receipt = bytes
      delivery = try await journal.record(delivery, detail: receipt.summary)
      try await remove(path)
      return .success(delivery)
    } catch {
      return .failure(error)
    }
  }

  private func tidy(_ names: [String]) async throws(ExchangeError) {
    for name in names {
      let known = try await journal.receipts(of: name, account: account.name)
      guard !known.isEmpty else { continue }
      let path = path(of: name)
      do throws(ExchangeError) {
        if let bytes = try await read(path), known.contains(bytes) { try await remove(path) }
      } catch {
        // One that cannot be read or removed holds up no other.
        if error.endsRun { throw error }
        logger.warning("\(path): \(error)")
      }
    }
  }

  private func path(of name: String) -> RemotePath {
    RemotePath(account.folders.in).appending(name + account.suffixes.receipt)
  }

  private func read(_ path: RemotePath) async throws(ExchangeError) -> [UInt8]? {
    do throws(SFTPError) {
      return try await client.read(path, limit: 1 << 20)
    } catch {
      if error.code == .noSuchFile { return nil }
      throw ExchangeError(error, while: "read the receipt")
    }
  }

  private func remove(_ path: RemotePath) async throws(ExchangeError) {
    do throws(SFTPError) {
      try await client.remove(path)
    } catch {
      if error.code != .noSuchFile { throw ExchangeError(error, while: "remove the receipt") }
    }
  }
}

extension TechnicalReceipt {
  /// Whether the platform has distributed the file. Any message but `SUCCESS` was never seen; it is no success.
  var isSuccess: Bool {
    if case .receipt(let message) = outcome { return message == "SUCCESS" }
    return false
  }

  /// The receipt in a line: the message, or each error's code and texts as they came.
  var summary: String {
    switch outcome {
    case .receipt(let message): message
    case .errors(let errors):
      errors.map { "\($0.code) \($0.codeDescription): \($0.description)" }.joined(separator: "; ")
    }
  }
}

extension [UInt8] {
  /// Whether the bytes end in those of a suffix.
  func hasSuffix(_ suffix: [UInt8]) -> Bool { self.suffix(suffix.count).elementsEqual(suffix) }
}
