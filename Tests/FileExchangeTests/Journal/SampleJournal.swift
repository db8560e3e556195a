import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Fills journals with deliveries and arrivals in chosen states.
enum SampleJournal {
  /// A delivery and an arrival in each state, one that was sent again, and one whose receipt lists errors.
  static func fill(_ journal: Journal) async throws {
    for state in DeliveryState.allCases { try await add(state, to: journal) }
    try await add(.accepted, to: journal, again: true)
    for state in ArrivalState.allCases { try await add(state, to: journal) }
  }

  /// A delivery that has come so far.
  static func add(
    _ state: DeliveryState, to journal: Journal, named name: String? = nil, again: Bool = false
  ) async throws {
    let name = name ?? "udtræk 010190-1234 \(state.rawValue).csv"
    let transactionID = TransactionID.random()
    let trigger = Trigger(
      fileDescriptor: try DataFileDescriptor(
        fileName: name, sizeInBytes: 12, sender: "fagsystem", sendersFileID: transactionID.rawValue,
        recipients: ["ROUTING_V1_0_0"]),
      fileContentDescriptor: try content(transactionID))
    let staging = try await journal.stage(
      .init(
        identity: .init(
          account: "fagsystem", route: "flis-0101", wireName: WireName(unchecked: name),
          sha256: SHA256.digest(of: Array(name.utf8))),
        size: 12, localPath: "/srv/ud/\(name)", infRef: InfRef(unchecked: TestExchange.infRef),
        sendersFileID: transactionID.rawValue,
        transactionID: transactionID.rawValue, temporaryTriggerName: "\(transactionID.rawValue.prefix(8)).part",
        trigger: trigger.xml()), again: again)
    guard case .staged(var delivery) = staging else {
      Issue.record("\(name) was not staged: \(staging)")
      return
    }
    for step in steps(to: state) {
      delivery.state = step
      if step == .uploaded { delivery.acknowledged = delivery.size }
      if step.isFinished, step != .cancelled {
        let outcome: TechnicalReceipt.Outcome =
          step == .accepted
          ? .receipt(message: "SUCCESS")
          : .errors([try .init(code: 17, codeDescription: "Ukendt rute", description: "ingen rute")])
        let receipt = try TechnicalReceipt(
          fileTransferUUID: TransactionID.random().rawValue, sendersFileID: delivery.sendersFileID, outcome: outcome)
        delivery.fileTransferUUID = receipt.fileTransferUUID
        delivery.outcome = receipt.summary
        delivery.receipt = receipt.xml()
      }
      delivery = try await journal.record(delivery, detail: delivery.outcome)
    }
  }

  /// The order for a delivery once more, with newly drawn ids, perhaps from another path.
  static func again(_ delivery: Delivery, from path: String? = nil) -> NewDelivery {
    let id = TransactionID.random().rawValue
    return NewDelivery(
      identity: .init(
        account: delivery.account, route: delivery.route, wireName: delivery.wireName, sha256: delivery.sha256),
      size: delivery.size, localPath: path ?? delivery.localPath, infRef: delivery.infRef, sendersFileID: id,
      transactionID: id, temporaryTriggerName: "\(id.prefix(8)).part", trigger: delivery.trigger)
  }

  /// The arrival of a transfer that comes again.
  static func again(_ arrival: Arrival) -> NewArrival {
    NewArrival(
      account: arrival.account, fileTransferUUID: arrival.fileTransferUUID, wireName: arrival.wireName,
      size: arrival.size, infRef: arrival.infRef, sender: arrival.sender, metadata: arrival.metadata)
  }

  private static func steps(to state: DeliveryState) -> [DeliveryState] {
    switch state {
    case .staged: []
    case .uploading, .cancelled: [state]
    case .uploaded: [.uploading, .uploaded]
    case .armed, .triggering: [.uploading, .uploaded, state]
    case .triggered: [.uploading, .uploaded, .armed, .triggered]
    case .taken, .accepted, .refused, .overdue, .givenUp: [.uploading, .uploaded, .armed, .triggered, state]
    }
  }

  static func add(_ state: ArrivalState, to journal: Journal) async throws {
    let name = "svar \(state.rawValue).xml"
    let metadata = try FileMetadata(
      fileTransferUUID: TransactionID.random().rawValue,
      fileDescriptor: DataFileDescriptor(
        fileName: name, sizeInBytes: 7, sender: "flis", recipients: ["fagsystem"]),
      fileContentDescriptor: content(.random()))
    var arrival = try await journal.see(
      .init(
        account: "fagsystem", fileTransferUUID: metadata.fileTransferUUID, wireName: JournalledName(kept: name),
        size: 7,
        infRef: InfRef(unchecked: TestExchange.infRef), sender: "flis", metadata: metadata.xml()))
    for step in steps(to: state) {
      arrival.state = step
      if step == .fetched {
        arrival.localName = name
        arrival.sha256 = SHA256.digest(of: Array(name.utf8))
      }
      if step == .quarantined { arrival.reason = .recorded("sender flis is not permitted") }
      arrival = try await journal.record(arrival)
    }
  }

  private static func steps(to state: ArrivalState) -> [ArrivalState] {
    switch state {
    case .seen: []
    case .quarantined, .setAside, .vanished: [state]
    default: Array(ArrivalState.allCases.dropFirst().prefix { $0 != state }) + [state]
    }
  }

  private static func content(_ transactionID: TransactionID) throws -> FileContentDescriptor {
    .routing(
      try RoutingInfo(
        infRef: InfRef(unchecked: TestExchange.infRef), senderITSystem: SystemID(TestExchange.senderSystem),
        senderAuthority: CVRNumber(TestExchange.senderAuthority), transactionID: transactionID, senderTimestamp: .now(),
        recipientITSystem: SystemID(TestExchange.recipientSystem),
        recipientAuthority: CVRNumber(TestExchange.recipientAuthority)))
  }
}

extension Journal {
  /// Puts a delivery into any state, by the write that a restoration uses.
  @discardableResult func record(_ delivery: Delivery, detail: String? = nil) async throws(ExchangeError) -> Delivery {
    try await write { try Journal.record(delivery, detail: detail, in: $0) }
  }

  /// Puts an arrival into any state, by the write that a restoration uses.
  @discardableResult func record(_ arrival: Arrival) async throws(ExchangeError) -> Arrival {
    try await write { try Journal.record(arrival, in: $0) }
  }
}
