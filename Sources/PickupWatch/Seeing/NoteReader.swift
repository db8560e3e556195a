internal import ExchangeSettings
internal import FileExchange
internal import FilsluseSFTP
internal import FilsluseSystem
internal import TriggerFiles

/// Reads the metadata and receipts that have not been read, each once.
struct NoteReader: Sendable {
  let client: SFTPClient
  let account: Account
  let store: SightStore

  private static let batch = 512
  private static let inFlight = 64

  /// Reads all that is unread.
  ///
  /// - Throws: `SFTPError` when the connection ends, `ExchangeError` where what was read cannot be kept.
  func run(_ look: OpenLook) async throws {
    var last: Int64 = 0
    while true {
      let notes = try await store.unread(in: look, after: last, limit: Self.batch)
      guard let end = notes.last else { return }
      last = end.id
      let readings = await read(notes)
      try await store.record(readings.done, in: look)
      if let lost = readings.lost { throw lost }
    }
  }

  private func read(_ notes: [UnreadNote]) async -> (done: [NoteReading], lost: SFTPError?) {
    await withTaskGroup(of: Result<NoteReading, SFTPError>.self) { group in
      var rest = notes.makeIterator()
      var done: [NoteReading] = []
      var lost: SFTPError?
      for _ in 0..<Self.inFlight {
        guard let note = rest.next() else { break }
        group.addTask { await read(note) }
      }
      while let outcome = await group.next() {
        switch outcome {
        case .success(let reading): done.append(reading)
        case .failure(let error): lost = lost ?? error
        }
        if lost == nil, let note = rest.next() { group.addTask { await read(note) } }
      }
      return (done, lost)
    }
  }

  private func read(_ note: UnreadNote) async -> Result<NoteReading, SFTPError> {
    let suffix = note.place == .receipt ? account.suffixes.receipt : account.suffixes.metadata
    let path = RemotePath(account.folders.in).appending(note.name + Array(suffix.utf8))
    let bytes: [UInt8]
    do throws(SFTPError) {
      bytes = try await client.read(path, limit: ReadingLimits().maximumBytes)
    } catch {
      if error.endsConnection || error.code == .cancelled { return .failure(error) }
      // It was there when the folder was listed and has gone since, as it should.
      let isGone = error.code == .noSuchFile
      return .success(NoteReading(id: note.id, content: isGone ? nil : .unreadable(error.description)))
    }
    do throws(DocumentError) {
      let content =
        note.place == .receipt
        ? Sight.Content(try TechnicalReceipt(reading: bytes)) : Sight.Content(try FileMetadata(reading: bytes))
      return .success(NoteReading(id: note.id, content: content))
    } catch {
      return .success(NoteReading(id: note.id, content: .unreadable(Masked.name("\(error)"))))
    }
  }
}

extension Sight.Content {
  init(_ metadata: FileMetadata) {
    let file = metadata.fileDescriptor
    var facts = SightFacts(
      transfer: metadata.fileTransferUUID, infRef: nil, sender: file.sender, size: file.sizeInBytes)
    if case .routing(let info) = metadata.fileContentDescriptor {
      facts.infRef = info.infRef
      facts.senderAuthority = info.senderAuthority.digits
      facts.recipientAuthority = info.recipientAuthority.digits
    }
    self = .metadata(facts)
  }

  init(_ receipt: TechnicalReceipt) {
    switch receipt.outcome {
    case .receipt(message: "SUCCESS"): self = .success(transfer: receipt.fileTransferUUID)
    case .receipt(let message): self = .errors(Masked.name(message), transfer: receipt.fileTransferUUID)
    case .errors(let errors):
      let texts = errors.map { "\($0.code) \($0.codeDescription): \($0.description)" }
      self = .errors(Masked.name(texts.joined(separator: "; ")), transfer: receipt.fileTransferUUID)
    }
  }
}
