internal import ExchangeSettings
internal import FilsluseBase
internal import FilsluseSFTP
internal import FilsluseStore
import Glibc
internal import SystemPackage
internal import TriggerFiles

/// Collects the proofs of one account's deliveries and arrivals in OUT, in IN and in this machine's inbox folder. It
/// changes nothing.
struct ReconciliationSurvey: Sendable {
  let exchange: Exchange
  let account: Account
  let client: SFTPClient

  /// A delivery that is unsent as far as the journal knows.
  struct FoundDelivery: Sendable {
    let delivery: Delivery
    let content: DeliveryMachine.OutContent
    let proof: DeliveryProof
  }

  /// An arrival that is not handed over as far as the journal knows.
  struct FoundArrival: Sendable {
    let arrival: NewArrival
    /// The transfer in this machine's inbox folder; `nil` where it is not there.
    let placed: InboxFolder.PlacedTransfer?
    /// True if a program of its receiver's is to have it.
    let isForProgram: Bool
    let isInIN: Bool
  }

  struct Found: Sendable {
    var deliveries: [FoundDelivery] = []
    var arrivals: [FoundArrival] = []
    var unknown: [Reconciliation.UnknownDelivery] = []
  }

  /// A trigger, a receipt or metadata.
  private struct Document {
    let name: [UInt8]
    let bytes: [UInt8]
  }

  private static let documentLimit = 1 << 20
  /// The number of small files that are open at the same time.
  private static let atATime = 50

  private var journal: Journal { exchange.journal }

  func carryOut() async throws(ExchangeError) -> Found {
    let looks = try await lookIntoOUT()
    let outgoing = try await exchange.list(account.folders.out, over: client)
    // After OUT: the platform writes a receipt when it has taken the pair.
    let incoming = try await exchange.list(account.folders.in, over: client)
    let receipts = try await receipts(among: incoming)
    let maybeInPlace = try await journal.hasTriggersInPlace(of: account.name)
    var found = Found()
    found.deliveries = looks.map { look in
      let proof = DeliveryProof(
        of: look.delivery.state, look.content, isItsTrigger: look.isItsTrigger,
        hasReceipt: receipts[look.delivery.sendersFileID] != nil, maybeInPlace: maybeInPlace)
      return FoundDelivery(delivery: look.delivery, content: look.content, proof: proof)
    }
    found.unknown = try await unknownDeliveries(receipts, outgoing)
    found.arrivals = try await arrivals(among: incoming)
    return found
  }

  // MARK: Deliveries

  private struct Look {
    let delivery: Delivery
    let content: DeliveryMachine.OutContent
    let isItsTrigger: Bool
  }

  private func lookIntoOUT() async throws(ExchangeError) -> [Look] {
    var looks: [Look] = []
    for delivery in try await journal.deliveriesToBeSent(of: account.name) {
      let outbox = OutFolder(of: delivery, account: account, client: client)
      let content = try await outbox.content()
      var isItsTrigger = false
      if content.trigger == .whole { isItsTrigger = try await read(outbox.triggerPath) == delivery.trigger }
      looks.append(Look(delivery: delivery, content: content, isItsTrigger: isItsTrigger))
    }
    return looks
  }

  /// Returns the names of the data files of the receipts in IN, by their SendersFileId.
  private func receipts(among incoming: [DirectoryEntry]) async throws(ExchangeError) -> [String: [UInt8]] {
    let suffix = Array(account.suffixes.receipt.utf8)
    var receipts: [String: [UInt8]] = [:]
    for document in try await documents(incoming, endingIn: suffix, in: account.folders.in) {
      // One that cannot be read proves nothing. The next collection reports it.
      guard let receipt = try? TechnicalReceipt(reading: document.bytes), let id = receipt.sendersFileID else {
        continue
      }
      receipts[id] = Array(document.name.dropLast(suffix.count))
    }
    return receipts
  }

  /// Returns the unknown deliveries: those of receipts and triggers with a SendersFileId that is not in the journal.
  private func unknownDeliveries(
    _ receipts: [String: [UInt8]], _ outgoing: [DirectoryEntry]
  ) async throws(ExchangeError) -> [Reconciliation.UnknownDelivery] {
    let suffix = Array(account.suffixes.trigger.utf8)
    var triggers: [String: [UInt8]] = [:]
    for document in try await documents(outgoing, endingIn: suffix, in: account.folders.out) {
      guard let trigger = try? Trigger(reading: document.bytes), let id = trigger.fileDescriptor.sendersFileID else {
        continue
      }
      triggers[id] = Array(document.name.dropLast(suffix.count))
    }
    let known = try await journal.sendersFileIDs(among: Array(receipts.keys) + Array(triggers.keys))
    let byReceipt = receipts.filter { !known.contains($0.key) }.map { _, name in
      unknown(name, LocalizedText("its receipt lies in IN", "dens kvittering ligger i IN"))
    }
    let byTrigger = triggers.filter { !known.contains($0.key) }.map { _, name in
      unknown(name, LocalizedText("its trigger lies in OUT", "dens trigger ligger i OUT"))
    }
    return (byReceipt + byTrigger).sorted { $0.name < $1.name }
  }

  private func unknown(_ name: [UInt8], _ evidence: LocalizedText) -> Reconciliation.UnknownDelivery {
    Reconciliation.UnknownDelivery(account: account.name, name: JournalledName(listed: name).string, evidence: evidence)
  }

  // MARK: Arrivals

  private func arrivals(among incoming: [DirectoryEntry]) async throws(ExchangeError) -> [FoundArrival] {
    let inbox = try await openInbox()
    var found: [FoundArrival] = []
    var seen: Set<String> = []
    for (new, route) in try await expected(among: incoming) {
      seen.insert(new.fileTransferUUID)
      if let known = try await journal.arrival(transfer: new.fileTransferUUID, of: account.name) {
        guard try await isDoubtful(known) else { continue }
      }
      let placed = try await find(new, in: inbox)
      found.append(
        FoundArrival(
          arrival: new, placed: placed, isForProgram: route.hook != nil || route.businessReceipts, isInIN: true))
    }
    let names = Set(incoming.map(\.name))
    for waiting in try await journal.arrivalsOnlyInIN(of: account.name) {
      guard let known = try await journal.arrival(waiting.id), !seen.contains(known.fileTransferUUID),
        known.state == .seen || known.state == .fetching, !names.contains(known.wireName.bytes)
      else { continue }
      let new = NewArrival(
        account: known.account, fileTransferUUID: known.fileTransferUUID, wireName: known.wireName, size: known.size,
        infRef: known.infRef, sender: known.sender, route: known.route, metadata: known.metadata)
      found.append(
        FoundArrival(
          arrival: new, placed: try await find(new, in: inbox), isForProgram: isForProgram(known), isInIN: false))
    }
    return found
  }

  private func isForProgram(_ arrival: Arrival) -> Bool {
    guard let name = arrival.route, let route = exchange.settings.arrivals.first(where: { $0.name == name }) else {
      return false
    }
    return route.hook != nil || route.businessReceipts
  }

  /// Returns the pairs in IN that the account expects, with their routes. The others are left in IN in any case.
  private func expected(
    among incoming: [DirectoryEntry]
  ) async throws(ExchangeError) -> [(NewArrival, ArrivalRoute)] {
    let policy = ArrivalPolicy(account: account, settings: exchange.settings)
    let suffix = Array(account.suffixes.metadata.utf8)
    let data = Set(IncomingPairs(incoming, of: account).pairs.map(\.name))
    var expected: [(NewArrival, ArrivalRoute)] = []
    for document in try await documents(incoming, endingIn: suffix, in: account.folders.in) {
      let name = Array(document.name.dropLast(suffix.count))
      guard data.contains(name), let metadata = try? FileMetadata(reading: document.bytes),
        case .expected(let route) = policy.judge(metadata), Array(metadata.fileDescriptor.fileName.utf8) == name
      else { continue }
      let transfer = TransferKey(metadata.fileTransferUUID, atMost: account.longestTransferID)
      let file = metadata.fileDescriptor
      let new = NewArrival(
        account: account.name, fileTransferUUID: transfer.text, wireName: JournalledName(listed: name),
        size: file.sizeInBytes, infRef: metadata.fileContentDescriptor.routingInfo?.infRef, sender: file.sender,
        route: route.name, metadata: document.bytes)
      expected.append((new, route))
    }
    return expected
  }

  /// Returns true if an arrival in IN may have been handed over since the journal's last entry about it.
  private func isDoubtful(_ arrival: Arrival) async throws(ExchangeError) -> Bool {
    switch arrival.state {
    case .seen, .fetching, .quarantined, .vanished: return true
    case .setAside: return arrival.setAsideFrom == .seen || arrival.setAsideFrom == .fetching
    case .fetched:
      // If its unfinished file is not here, it was placed already, or another machine has it.
      let path = InboxFolder.path(of: account, exchange.settings)
      return try await BlockingThreads.shared.run { () throws(ExchangeError) -> Bool in
        guard let folder = try Self.openIfPresent(path.appending(InboxFolder.unfinishedName)) else { return true }
        return try !InboxFolder.holdsUnfinished(arrival, in: folder)
      }
    case .verified, .handingOver, .handedOver, .removed: return false
    }
  }

  private func openInbox() async throws(ExchangeError) -> LocalFolder? {
    let path = InboxFolder.path(of: account, exchange.settings)
    return try await BlockingThreads.shared.run { () throws(ExchangeError) in try Self.openIfPresent(path) }
  }

  private static func openIfPresent(_ path: FilePath) throws(ExchangeError) -> LocalFolder? {
    var status = stat()
    if stat(path.string, &status) != 0, errno == ENOENT { return nil }
    return try LocalFolder(opening: path)
  }

  private func find(
    _ arrival: NewArrival, in inbox: LocalFolder?
  ) async throws(ExchangeError) -> InboxFolder.PlacedTransfer? {
    guard let inbox else { return nil }
    return try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try InboxFolder.find(
        arrival.metadata, named: arrival.wireName, transfer: arrival.fileTransferUUID, in: inbox)
    }
  }

  // MARK: Reading

  /// Returns the small files of a listing with a suffix. A file that is gone, or longer than any document, is left out.
  private func documents(
    _ entries: [DirectoryEntry], endingIn suffix: [UInt8], in folder: String
  ) async throws(ExchangeError) -> [Document] {
    let entries = entries.filter { !$0.attributes.isDirectory && $0.name.hasSuffix(suffix) }
    var documents: [Document] = []
    for start in stride(from: 0, to: entries.count, by: Self.atATime) {
      let part = Array(entries[start..<min(start + Self.atATime, entries.count)])
      let files = part.map { ListedFile(path: RemotePath(folder).appending($0.name), size: $0.attributes.size) }
      var failure: SFTPError?
      await client.read(files, limit: Self.documentLimit) { index, outcome in
        switch outcome {
        case .success(let bytes): documents.append(Document(name: part[index].name, bytes: bytes))
        case .failure(let error):
          if error.code != .noSuchFile, error.code != .tooLarge { failure = error }
        }
      }
      if let failure { throw ExchangeError(failure, while: "read in \(folder)") }
    }
    return documents
  }

  private func read(_ path: RemotePath) async throws(ExchangeError) -> [UInt8]? {
    do throws(SFTPError) {
      return try await client.read(path, limit: Self.documentLimit)
    } catch {
      if error.code == .noSuchFile || error.code == .tooLarge { return nil }
      throw ExchangeError(error, while: "look into OUT")
    }
  }
}

extension Journal {
  /// Returns the account's deliveries, of all machines, whose trigger must still be put into OUT, or be checked for
  /// there.
  func deliveriesToBeSent(of account: String) async throws(ExchangeError) -> [Delivery] {
    let states = DeliveryState.allCases.filter(\.isToBeSent).map { "'\($0.rawValue)'" }.joined(separator: ", ")
    return try await read {
      try Delivery.fetch(
        $0, where: "account = ? AND \(Delivery.isUnderWay) AND state IN (\(states)) ORDER BY id", [account])
    }
  }

  /// Returns true if a trigger of the account was written in place before: its server does not rename. Reads the
  /// entries.
  fileprivate func hasTriggersInPlace(of account: String) async throws(ExchangeError) -> Bool {
    try await read { database in
      let sql = """
        SELECT 1 FROM delivery JOIN entry ON entry.delivery = delivery.id
        WHERE delivery.account = ? AND entry.state = '\(DeliveryState.triggering.rawValue)' LIMIT 1
        """
      return try database.int(sql, [account]) != nil
    }
  }

  /// Returns those of these ids that deliveries have.
  fileprivate func sendersFileIDs(among ids: [String]) async throws(ExchangeError) -> Set<String> {
    try await read { database in
      var known: Set<String> = []
      for id in ids {
        if try database.int("SELECT id FROM delivery WHERE senders_file_id = ?", [id]) != nil { known.insert(id) }
      }
      return known
    }
  }
}
