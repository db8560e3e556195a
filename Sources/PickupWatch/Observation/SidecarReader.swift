internal import ExchangeSettings
internal import FileExchange
internal import FilsluseSFTP
internal import FilsluseBase
internal import TriggerFiles

/// Reads unread metadata and receipts, each once; a file that the server refuses is retried at the next look.
struct SidecarReader: Sendable {
  let client: SFTPClient
  let account: Account
  let store: WatchDatabase
  /// The time after which no more reads are begun; the rest is read at the next look.
  let deadline: ContinuousClock.Instant
  /// True to read one file at a time, so that a server that ends the connection after a number of requests lets some be
  /// read.
  var isGentle = false
  let progress: Locked<Progress>
  /// The suspected causes of ended sessions.
  let losing: LosingSidecars

  /// The progress of one reading.
  struct Progress: Sendable {
    var hasBegun = false
    /// The number of files that were read and kept.
    var read = 0
  }

  /// The number of readings stored in one transaction.
  private static let batch = 512
  /// The number of sidecars requested together, in few packets.
  private static let together = 16
  /// The number of reads in flight, shared by all accounts: enough to keep a distant server busy, limited because each
  /// takes memory. A server that cannot open that many files refuses some, which are then read a few at a time.
  private static let inFlight = 640
  private static let inFlightOfOne = 16...256
  private static let fewInFlight = 8
  private static let readers = Locked(0)

  /// Reads all that is unread, and keeps it in parts.
  ///
  /// - Returns: the last part, which is not kept yet.
  /// - Throws: `SFTPError` when the connection ends, with all that was read kept; `ExchangeError` where that cannot be
  ///   kept.
  func run(_ look: ScanInProgress) async throws -> [SidecarReading] {
    progress.withLock { $0.hasBegun = true }
    Self.readers.withLock { $0 += 1 }
    defer { Self.readers.withLock { $0 -= 1 } }
    var last: Int64 = 0
    var (done, paused, suspects) = ([SidecarReading](), [SidecarReading](), [UnreadSidecar]())
    let refused = try await read(look, settles: false, width: isGentle ? 1 : Self.share, into: &done) {
      while true {
        let sidecars = try await store.unread(in: look, after: last, limit: Self.batch)
        guard let end = sidecars.last else { return [] }
        last = end.id
        paused += sidecars.compactMap { sidecar in losing.refusal(of: sidecar.id).map { .refused(sidecar, $0) } }
        suspects += sidecars.filter { losing.contains($0.id) && losing.refusal(of: $0.id) == nil }
        let others = sidecars.filter { !losing.contains($0.id) }
        if !others.isEmpty { return others }
      }
    }
    var rest = refused[...]
    _ = try await read(look, settles: true, width: isGentle ? 1 : Self.fewInFlight, into: &done) {
      defer { rest = rest.dropFirst(Self.batch) }
      return Array(rest.prefix(Self.batch))
    }
    _ = try await read(look, settles: true, width: 1, into: &done) {
      defer { suspects = [] }
      return suspects
    }
    return done + paused
  }

  /// Reads the sidecars that `more` returns, until it returns none.
  ///
  /// - Parameters:
  ///   - settles: true to record a refusal as the result of a reading.
  ///   - width: the number of sidecars in flight.
  ///   - done: the readings that are not stored yet.
  /// - Returns: the refused sidecars, if `settles` is false.
  private func read(
    _ look: ScanInProgress, settles: Bool, width: @autoclosure () -> Int, into done: inout [SidecarReading],
    _ more: () async throws -> [UnreadSidecar]
  ) async throws -> [UnreadSidecar] {
    try await withThrowingTaskGroup(of: [(UnreadSidecar, Result<SidecarReading, SFTPError>)].self) { group in
      var waiting = try await more()[...]
      var (flying, isLast) = (0, false)
      var (refused, lost) = ([UnreadSidecar](), SFTPError?.none)
      while true {
        let width = width()
        while flying == 0 || flying + Self.together <= width, lost == nil {
          if deadline <= .now { waiting = [] } else if waiting.isEmpty, !isLast { waiting = try await more()[...] }
          let sidecars = Array(waiting.prefix(min(Self.together, width)))
          waiting = waiting.dropFirst(sidecars.count)
          guard !sidecars.isEmpty else {
            isLast = true
            break
          }
          group.addTask { await read(sidecars) }
          flying += sidecars.count
        }
        guard let outcomes = try await group.next() else { break }
        flying -= outcomes.count
        for (sidecar, outcome) in outcomes {
          switch outcome {
          case .success(let reading):
            losing.clear(sidecar.id)
            done.append(reading)
          case .failure(let error) where error.endsConnection || error.code == .cancelled:
            if width == 1, error.endsConnection { losing.note(sidecar.id, error) }
            lost = lost ?? error
          case .failure(let error) where error.code == .failure && !settles: refused.append(sidecar)
          case .failure(let error):
            switch await refusal(of: sidecar, error) {
            case .success(let reading): done.append(reading)
            case .failure(let error): lost = lost ?? error
            }
          }
        }
        if done.count >= Self.batch { try await record(&done, in: look) }
      }
      guard let lost else { return refused }
      try await record(&done, in: look)
      throw lost
    }
  }

  private func record(_ done: inout [SidecarReading], in look: ScanInProgress) async throws(ExchangeError) {
    try await store.record(done, in: look)
    progress.withLock { $0.read += done.count }
    done.removeAll(keepingCapacity: true)
  }

  /// Returns the result of a refusal. Servers answer for a file that has just gone with various codes: only a file that
  /// is still there, or is listed again at the next look, was refused.
  private func refusal(of sidecar: UnreadSidecar, _ error: SFTPError) async -> Result<SidecarReading, SFTPError> {
    if sidecar.wasTried { return .success(.refused(sidecar, error)) }
    do throws(SFTPError) {
      _ = try await client.attributes(of: path(of: sidecar))
      return .success(.refused(sidecar, error))
    } catch  where error.endsConnection || error.code == .cancelled {
      return .failure(error)
    } catch {
      return .success(SidecarReading(id: sidecar.id, content: nil))
    }
  }

  private func path(of sidecar: UnreadSidecar) -> RemotePath {
    let suffix = sidecar.place == .receipt ? account.suffixes.receipt : account.suffixes.metadata
    return RemotePath(account.folders.in).appending(sidecar.name + Array(suffix.utf8))
  }

  /// The present share of one account in the reads in flight.
  private static var share: Int {
    let share = inFlight / readers.withLock { max(1, $0) }
    return min(max(share, inFlightOfOne.lowerBound), inFlightOfOne.upperBound)
  }

  /// Reads several sidecars together.
  private func read(_ sidecars: [UnreadSidecar]) async -> [(UnreadSidecar, Result<SidecarReading, SFTPError>)] {
    let files = sidecars.map { ListedFile(path: path(of: $0), size: $0.size) }
    var outcomes: [(UnreadSidecar, Result<SidecarReading, SFTPError>)] = []
    await client.read(files, limit: ReadingLimits().maximumBytes) { index, outcome in
      let sidecar = sidecars[index]
      switch outcome {
      case .success(let bytes):
        outcomes.append((sidecar, .success(SidecarReading(id: sidecar.id, content: content(of: sidecar, bytes)))))
      // The file was listed and has gone since, as it should. If it is listed again and still missing, the server does
      // not recognise its own name for it, or it is a dangling link.
      case .failure(let error) where error.code == .noSuchFile && !sidecar.wasTried:
        outcomes.append((sidecar, .success(SidecarReading(id: sidecar.id, content: nil))))
      case .failure(let error):
        outcomes.append((sidecar, .failure(error)))
      }
    }
    return outcomes
  }

  private func content(of sidecar: UnreadSidecar, _ bytes: [UInt8]) -> ObservedFile.Content {
    do throws(DocumentError) {
      return sidecar.place == .receipt
        ? ObservedFile.Content(try TechnicalReceipt(reading: bytes), longestID: account.longestTransferID)
        : ObservedFile.Content(try FileMetadata(reading: bytes), longestID: account.longestTransferID)
    } catch {
      return .unreadable(LocalizedText(da: error.inDanish, en: "\(error)").map(Masked.name))
    }
  }
}

extension ObservedFile.Content {
  /// - Parameter longestID: the greatest length of a transfer's id that is kept unchanged, as in the journal.
  init(_ metadata: FileMetadata, longestID: Int) {
    let file = metadata.fileDescriptor
    var facts = ObservedFacts(
      transfer: TransferKey(metadata.fileTransferUUID, atMost: longestID).text, infRef: nil, sender: file.sender,
      size: file.sizeInBytes)
    if case .routing(let info) = metadata.fileContentDescriptor {
      facts.infRef = info.infRef
      facts.senderAuthority = info.senderAuthority.digits
      facts.recipientAuthority = info.recipientAuthority.digits
    }
    self = .metadata(facts)
  }

  /// - Parameter longestID: as for metadata.
  init(_ receipt: TechnicalReceipt, longestID: Int) {
    let transfer = TransferKey(receipt.fileTransferUUID, atMost: longestID).text
    switch receipt.outcome {
    case .receipt where receipt.isSuccess: self = .success(transfer: transfer)
    case .receipt(let message): self = .errors(Masked.name(message), transfer: transfer)
    case .errors(let errors):
      let texts = errors.map { "\($0.code) \($0.codeDescription): \($0.description)" }
      self = .errors(Masked.name(texts.joined(separator: "; ")), transfer: transfer)
    }
  }
}
