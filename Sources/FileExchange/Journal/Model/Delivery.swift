public import FilsluseBase
public import TriggerFiles

/// One transmission to one route, as the journal knows it.
public struct Delivery: Sendable, Hashable {
  /// The journal's number of it.
  public internal(set) var id: Int64
  /// The values fixed at staging, shared by its copies: dozens are made during a delivery.
  private var settled: Settled
  /// Its state.
  public internal(set) var state: DeliveryState
  /// The number of bytes from the start that the server has acknowledged.
  public internal(set) var acknowledged: UInt64
  /// The hash of those bytes as they were sent, where it is known: the file may have been another one then.
  var acknowledgedSHA256: SHA256Digest?
  /// The platform's own id, from the receipt.
  public internal(set) var fileTransferUUID: String?
  /// The receipt's content, in a line.
  public internal(set) var outcome: String?
  /// The receipt, unchanged; `nil` also in the results of several orders.
  public internal(set) var receipt: [UInt8]?
  /// The time of the last change of state.
  public internal(set) var changedAt: Timestamp

  /// Joins the fixed and the changing values.
  init(id: Int64, _ values: Settled.Values, state: DeliveryState, acknowledged: UInt64 = 0, changedAt: Timestamp) {
    self.id = id
    settled = Settled(values)
    self.state = state
    self.acknowledged = acknowledged
    self.changedAt = changedAt
  }

  /// Identity of a delivery (design: account, route, wire name, content); a re-run finds its delivery by it.
  struct Identity: Sendable, Hashable {
    let account: String
    let route: String
    let wireName: WireName
    let sha256: SHA256Digest

    /// By the bytes of the texts, as the journal and the wire have it: the two spellings of an `å` are two names.
    static func == (one: Identity, other: Identity) -> Bool {
      one.sha256 == other.sha256 && one.wireName == other.wireName
        && one.route.utf8.elementsEqual(other.route.utf8) && one.account.utf8.elementsEqual(other.account.utf8)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(sha256)
      // Many files of a night may have the same content: no rows at all, say.
      hasher.combine(wireName)
    }
  }
  /// The identity for finding it again in a re-run.
  var identity: Identity { Identity(account: account, route: route, wireName: wireName, sha256: sha256) }
}

extension Delivery {
  /// The account that sends it.
  public var account: String { settled.values.account }
  /// Its route.
  public var route: String { settled.values.route }
  /// Its name in OUT.
  public var wireName: WireName { settled.values.wireName }
  /// The hash of its content.
  public var sha256: SHA256Digest { settled.values.sha256 }
  /// 1 for the first delivery of this content, name and route; one more each time it was sent again on purpose.
  public var ordinal: Int { settled.values.ordinal }
  /// Its size in bytes.
  public var size: UInt64 { settled.values.size }
  /// The path of the file when it was staged; for a file from a watched folder its name in that folder's `.taken`.
  public var localPath: String { settled.values.localPath }
  /// The InfRef of its route, `nil` for a direct one.
  public var infRef: InfRef? { settled.values.infRef }
  /// The id that its receipt carries.
  public var sendersFileID: String { settled.values.sendersFileID }
  /// The id of the transmission, `nil` for a direct route.
  public var transactionID: String? { settled.values.transactionID }
  /// The trigger's name in OUT before the rename.
  public var temporaryTriggerName: String { settled.values.temporaryTriggerName }
  /// The trigger as sent; empty in the results of several orders, since there may be tens of thousands.
  public var trigger: [UInt8] { settled.values.trigger }
  /// The time of staging.
  public var stagedAt: Timestamp { settled.values.stagedAt }

  /// The delivery without its trigger and its receipt, which the journal has.
  var withoutDocuments: Delivery {
    var values = settled.values
    values.trigger = []
    var delivery = self
    delivery.settled = Settled(values)
    delivery.receipt = nil
    return delivery
  }
}

extension Delivery {
  /// The values that are fixed when a delivery is staged; the delivery's own properties document them.
  final class Settled: Sendable, Hashable {
    struct Values: Sendable, Hashable {
      let account: String
      let route: String
      let wireName: WireName
      let sha256: SHA256Digest
      let ordinal: Int
      let size: UInt64
      let localPath: String
      let infRef: InfRef?
      let sendersFileID: String
      let transactionID: String?
      let temporaryTriggerName: String
      var trigger: [UInt8]
      let stagedAt: Timestamp
    }

    let values: Values

    init(_ values: Values) { self.values = values }

    static func == (one: Settled, other: Settled) -> Bool { one === other || one.values == other.values }

    func hash(into hasher: inout Hasher) { hasher.combine(values) }
  }
}
