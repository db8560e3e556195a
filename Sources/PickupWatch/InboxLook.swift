internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseSystem
internal import TriggerFiles

/// Looks into an inbox over a connection: lists it and reads its metadata, never data, and writes nothing.
struct InboxLook: Sendable {
  let client: SFTPClient
  let account: Account

  private static let readsInFlight = 32

  /// What lies in the inbox.
  ///
  /// Half a pair may be a pair that is being written or removed just now, so it is looked at twice.
  ///
  /// - Throws: `SFTPError` when the inbox cannot be listed or the connection fails.
  func observe(confirmingAfter pause: Duration) async throws(SFTPError) -> InboxObservation {
    var inbox = try await read(try await list())
    guard inbox.hasHalfPairs else { return inbox }
    do { try await Task.sleep(for: pause) } catch { return inbox }
    let again = try await list()
    inbox.keepHalfPairs(thatAreStillHalfIn: again)
    return inbox
  }

  private func list() async throws(SFTPError) -> InboxListing {
    let entries = try await client.list(RemotePath(account.folders.in))
    return InboxListing(entries, suffixes: account.suffixes)
  }

  private func read(_ listing: InboxListing) async throws(SFTPError) -> InboxObservation {
    let outcome = await withTaskGroup(of: Reading.self) { group in
      var rest = listing.metadata.makeIterator()
      var inbox = InboxObservation(account: account.name, data: listing.data, metadata: [])
      var lost: SFTPError?
      for _ in 0..<Self.readsInFlight {
        guard let entry = rest.next() else { break }
        group.addTask { await self.read(entry) }
      }
      while let reading = await group.next() {
        switch reading {
        case .file(let file): inbox.metadata.append(file)
        case .pickedUp(let dataName): inbox.data.removeAll { $0.name == dataName }
        case .connectionLost(let error): lost = lost ?? error
        }
        if lost == nil, let entry = rest.next() { group.addTask { await self.read(entry) } }
      }
      return lost.map { Result<InboxObservation, SFTPError>.failure($0) } ?? .success(inbox)
    }
    return try outcome.get()
  }

  private enum Reading: Sendable {
    case file(InboxObservation.MetadataFile)
    /// It was there when the inbox was listed and has gone since, as it should.
    case pickedUp(dataName: [UInt8])
    case connectionLost(SFTPError)
  }

  private func read(_ entry: InboxListing.Metadata) async -> Reading {
    let content: InboxObservation.MetadataContent
    do {
      let path = RemotePath(account.folders.in).appending(entry.name)
      let limit = ReadingLimits().maximumBytes
      content = .read(InboxObservation.Facts(try FileMetadata(reading: try await client.read(path, limit: limit))))
    } catch let error as SFTPError {
      if error.endsConnection || error.code == .cancelled { return .connectionLost(error) }
      if error.code == .noSuchFile { return .pickedUp(dataName: entry.dataName) }
      content = .unreadable(error.description)
    } catch {
      content = .unreadable(Masked.name("\(error)"))
    }
    return .file(.init(name: entry.name, dataName: entry.dataName, modified: entry.modified, content: content))
  }
}

extension InboxObservation.Facts {
  init(_ metadata: FileMetadata) {
    var infRef: String?
    if case .routing(let info) = metadata.fileContentDescriptor { infRef = info.infRef }
    self.init(
      infRef: infRef, sender: metadata.fileDescriptor.sender, size: metadata.fileDescriptor.sizeInBytes,
      fileTransferUUID: metadata.fileTransferUUID)
  }
}
