public import FilsluseSystem

/// One transmission to one route, as the journal knows it.
public struct Delivery: Sendable, Hashable {
  /// The journal's number of it.
  public internal(set) var id: Int64
  /// The account that sends it.
  public let account: String
  /// The route it goes by.
  public let route: String
  /// Its name in OUT.
  public let wireName: String
  /// The hash of its content.
  public let sha256: SHA256Digest
  /// 1 for the first delivery of this content, name and route; one more each time it was sent again on purpose.
  public let ordinal: Int
  /// Its size in bytes.
  public let size: UInt64
  /// The path of the file when it was staged; for a file from a watched folder its name in that folder's `.taken`.
  public let localPath: String
  /// The InfRef of its route, `nil` for a direct one.
  public let infRef: String?
  /// The id that its receipt carries.
  public let sendersFileID: String
  /// The id of the transmission, `nil` for a direct route.
  public let transactionID: String?
  /// The trigger's name in OUT before the rename.
  public let temporaryTriggerName: String
  /// The trigger, as it is sent.
  public let trigger: [UInt8]
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
  /// The receipt, as it came.
  public internal(set) var receipt: [UInt8]?
  /// The time of staging.
  public let stagedAt: Timestamp
  /// The time of the last change of state.
  public internal(set) var changedAt: Timestamp

  /// Identity of a delivery (design: account, route, wire name, content); a re-run finds its delivery by it.
  struct Identity: Sendable, Hashable {
    let account: String
    let route: String
    let wireName: String
    let sha256: SHA256Digest

    /// By the bytes of the texts, as the journal and the wire have it: the two spellings of an `å` are two names.
    static func == (one: Identity, other: Identity) -> Bool {
      one.sha256 == other.sha256 && one.wireName.utf8.elementsEqual(other.wireName.utf8)
        && one.route.utf8.elementsEqual(other.route.utf8) && one.account.utf8.elementsEqual(other.account.utf8)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(sha256) }
  }
  /// The identity by which a re-run finds it.
  var identity: Identity { Identity(account: account, route: route, wireName: wireName, sha256: sha256) }
}
