internal import ExchangeSettings
internal import FilsluseSFTP
internal import TriggerFiles

/// Files in IN that are no pair, and pairs that are gone.
extension CollectionRun {
  /// Reports data without metadata. Where a server does not mark folders, each name is opened as one.
  ///
  /// - Returns: the number of folders.
  func reportDataAlone(_ incoming: IncomingPairs) async throws(ExchangeError) -> Int {
    var folders = 0
    for name in incoming.dataAlone {
      if incoming.typeless.contains(name), try await isFolder(path(name)) {
        folders += 1
        continue
      }
      recorder.add(
        problem: ExchangeError(
          .notWhole, operation: "look into IN", path: String(decoding: name, as: UTF8.self),
          message: "data without metadata",
          remedy:
            "it is left in IN until its metadata comes; nothing says whose it is (one that never has any is named by bare-files: of the account)"
        ).inDanish(detail: "data uden metadata"))
    }
    return folders
  }

  private func isFolder(_ path: RemotePath) async throws(ExchangeError) -> Bool {
    do throws(SFTPError) {
      _ = try await client.pages(of: path)
      return true
    } catch {
      if error.endsConnection || error.code == .cancelled { throw ExchangeError(error, while: "look into IN") }
      return false
    }
  }

  /// Handles metadata without data: removes it if its transfer was handed over, otherwise reports it.
  func settleMetadataAlone(_ name: [UInt8], unless tried: Set<Int64>) async throws(ExchangeError) {
    let path = RemotePath(account.folders.in).appending(name + Array(account.suffixes.metadata.utf8))
    do throws(ExchangeError) {
      guard let (metadata, _) = try await run.intake.readMetadata(path, size: nil) else { return }
      if let known = try await journal.arrival(transfer: metadata.fileTransferUUID, of: account.name),
        known.state == .handedOver || known.state == .removed
      {
        if !tried.contains(known.id) { try settle(.success(try await finish(known))) }
        return
      }
      throw ExchangeError(
        .notWhole, operation: "look into IN", path: path.string, message: "metadata without data",
        remedy: "it is left in IN until its data comes; if it stays so, ask the platform's help desk"
      ).inDanish(detail: "metadata uden data")
    } catch {
      if error.endsRun { throw error }
      recorder.add(problem: error)
    }
  }

  /// Finds arrivals that were known before the listing, are missing from it, and were not taken by a process of this
  /// journal.
  func noteVanished(
    among known: [ArrivalInIN], _ listing: [DirectoryEntry]
  ) async throws(ExchangeError) {
    guard !known.isEmpty else { return }
    let names = Set(listing.map { JournalledName(listed: $0.name).bytes })
    let suffix = Array(account.suffixes.metadata.utf8)
    for waiting in known {
      let name = waiting.wireName.bytes
      guard !names.contains(name), !names.contains(name + suffix) else { continue }
      let vanished = try await journal.withClaim(on: .arrival(waiting.id)) {
        () async throws(ExchangeError) -> Arrival? in
        guard var arrival = try await journal.arrival(waiting.id), ArrivalMachine.expects(.vanished, for: arrival)
        else { return nil }
        let wasExpected = arrival.state == .seen || arrival.state == .fetching
        if wasExpected { arrival.reason = .goneFromIN }
        let noted = try await journal.transition(arrival, .vanished)
        try await run.inbox.drop(arrival)
        if wasExpected { recorder.add(problem: .vanished(arrival.wireName)) }
        return noted
      }
      if let arrival = vanished ?? nil { recorder.add(arrival, to: \.vanished) }
    }
  }
}
