internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import TriggerFiles

/// Removes receipts from IN that are in the journal, each only if its bytes are unchanged.
///
/// The delivery's trail records that first. Many are requested together: one round trip passes between the last look at
/// one and the server's REMOVE.
struct ReceiptRemoval: Sendable {
  let journal: Journal
  let client: SFTPClient
  let account: Account

  private static let atATime = 256
  private static let limit = 1 << 20

  /// Removes receipts as far as possible.
  ///
  /// - Parameter listed: the listing of IN that showed them.
  /// - Returns: a remark for each that stays.
  /// - Throws: ``ExchangeError`` if the journal cannot be written, or the connection is unusable.
  func carryOut(
    _ receipts: [JournalledReceipt], listed: [DirectoryEntry]
  ) async throws(ExchangeError) -> [LocalizedText] {
    if receipts.isEmpty { return [] }
    let entries = Dictionary(listed.map { ($0.name, $0.attributes) }, uniquingKeysWith: { first, _ in first })
    var remarks: [LocalizedText] = []
    for start in stride(from: 0, to: receipts.count, by: Self.atATime) {
      let some = receipts[start..<min(start + Self.atATime, receipts.count)].map { receipt in
        let path = path(of: receipt)
        return (receipt, path, entries[path.lastComponent]?.modified)
      }
      try await journal.note(some.map { $0.0.removing(modified: $0.2) })
      remarks += try await remove(some.map { ($0.0, $0.1) })
    }
    return remarks
  }

  private func remove(_ receipts: [(JournalledReceipt, path: RemotePath)]) async throws(ExchangeError)
    -> [LocalizedText]
  {
    var (same, remarks): ([RemotePath], [LocalizedText]) = ([], [])
    var failures: [SFTPError] = []
    var differing: [JournalledReceipt.Event] = []
    let files = receipts.map { ListedFile(path: $0.path, size: UInt64($0.0.bytes.count)) }
    await client.read(files, limit: Self.limit) { index, outcome in
      let (receipt, path) = receipts[index]
      switch outcome {
      case .success(receipt.bytes): same.append(path)
      case .success(let bytes):
        differing.append(receipt.differs(from: bytes))
        remarks.append(
          LocalizedText(
            "receipt \(path) is not the one that D\(receipt.delivery) has; it is left in IN",
            "kvitteringen \(path) er ikke den, som D\(receipt.delivery) har; den bliver liggende i IN"))
      case .failure(let error): if error.code != .noSuchFile { failures.append(error) }
      }
    }
    if !differing.isEmpty { try await journal.note(differing) }
    try await journal.requireHold()
    do throws(SFTPError) {
      failures += try await client.remove(same).values.filter { $0.code != .noSuchFile }
    } catch {
      throw ExchangeError(error, while: "remove the receipt")
    }
    for error in failures {
      let failure = ExchangeError(error, while: "remove the receipt")
      if failure.endsRun { throw failure }
      remarks.append(failure.inBothLanguages)
    }
    return remarks
  }

  private func path(of receipt: JournalledReceipt) -> RemotePath {
    RemotePath(account.folders.in).appending(receipt.wireName.string + account.suffixes.receipt)
  }
}
