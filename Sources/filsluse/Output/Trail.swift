import FileExchange
import FilsluseBase
import SystemPackage
import TriggerFiles

/// A delivery or an arrival in the audit trail: sender, content, recipient and time.
struct Trail: Columned {
  /// One step of the trail.
  struct Step: Columned {
    let at: String
    let state: String
    let detail: String?

    static let columns: [(String, @Sendable (Step) -> String?)] = [
      ("at", { $0.at }), ("state", { $0.state }), ("detail", { $0.detail }),
    ]

    init(_ entry: JournalEntry, unmasked: Bool) {
      at = entry.at.description
      state = entry.state.name
      detail = unmasked ? entry.detail : entry.detail.map(Masked.name)
    }
  }

  /// `D12` for a delivery, `A7` for an arrival.
  let id: String
  let account: String
  let began: String
  let changed: String
  private let begun: Timestamp
  private let lastChanged: Timestamp
  let state: String
  let name: String
  /// The route of a delivery, the sender of an arrival.
  let counterpart: String
  let infRef: InfRef?
  let senderAuthority: String?
  let recipientAuthority: String?
  let transactionID: String?
  let fileTransferUUID: String?
  let bytes: UInt64
  let sha256: SHA256Digest?
  /// The name of the root element that an arrival's metadata came with; the live service writes two.
  let metadataRoot: String?
  /// The absolute path of the file that was sent, or of the one in the inbox folder.
  let localPath: String?
  /// The receipt of a delivery, the reason of a quarantine.
  let remark: String?

  private enum CodingKeys: String, CodingKey {
    case id, account, began, changed, state, name, counterpart, infRef, senderAuthority, recipientAuthority, bytes,
      sha256
    case transactionID = "transactionId"
    case fileTransferUUID = "fileTransferUuid"
    case metadataRoot, localPath, remark
  }

  init(_ delivery: Delivery, unmasked: Bool) {
    let routing = (try? Trigger(reading: delivery.trigger)).flatMap { Self.routing($0.fileContentDescriptor) }
    id = "D\(delivery.id)"
    account = delivery.account
    (begun, lastChanged) = (delivery.stagedAt, delivery.changedAt)
    (began, changed) = (begun.description, lastChanged.description)
    state = delivery.state.rawValue
    name = unmasked ? delivery.wireName.string : Masked.name(delivery.wireName.string)
    counterpart = delivery.route
    infRef = delivery.infRef
    senderAuthority = routing?.senderAuthority.digits
    recipientAuthority = routing?.recipientAuthority.digits
    transactionID = delivery.transactionID
    fileTransferUUID = delivery.fileTransferUUID
    bytes = delivery.size
    sha256 = delivery.sha256
    metadataRoot = nil
    localPath = unmasked ? delivery.localPath : Masked.name(delivery.localPath)
    remark = unmasked ? delivery.outcome : delivery.outcome.map(Masked.name)
  }

  /// - Parameter inbox: the account's folder in the inbox, where the settings are known.
  init(_ arrival: Arrival, inbox: FilePath? = nil, unmasked: Bool, in language: ReportLanguage) {
    let metadata = try? FileMetadata(reading: arrival.metadata)
    let routing = metadata.flatMap { Self.routing($0.fileContentDescriptor) }
    id = "A\(arrival.id)"
    account = arrival.account
    (begun, lastChanged) = (arrival.seenAt, arrival.changedAt)
    (began, changed) = (begun.description, lastChanged.description)
    state = arrival.state.rawValue
    name = unmasked ? arrival.wireName.string : Masked.name(arrival.wireName.string)
    counterpart = arrival.sender
    infRef = arrival.infRef
    senderAuthority = routing?.senderAuthority.digits
    recipientAuthority = routing?.recipientAuthority.digits
    transactionID = routing?.transactionID.rawValue
    fileTransferUUID = arrival.fileTransferUUID
    bytes = arrival.size
    sha256 = arrival.sha256
    metadataRoot = metadata?.root.rawValue
    let place = arrival.localName.map { name in
      inbox.map { $0.appending(name).absolute.lexicallyNormalized().string } ?? name
    }
    localPath = unmasked ? place : place.map(Masked.name)
    let reason = arrival.reason?.text(in: language)
    remark = unmasked ? reason : reason.map(Masked.name)
  }

  private static func routing(_ content: FileContentDescriptor) -> RoutingInfo? {
    if case .routing(let info) = content { return info }
    return nil
  }

  static let columns: [(String, @Sendable (Trail) -> String?)] = [
    ("id", { $0.id }), ("account", { $0.account }), ("began", { $0.began }), ("changed", { $0.changed }),
    ("state", { $0.state }), ("name", { $0.name }), ("route or sender", { $0.counterpart }),
    ("infref", { $0.infRef?.name }), ("sender authority", { $0.senderAuthority }),
    ("recipient authority", { $0.recipientAuthority }), ("transaction id", { $0.transactionID }),
    ("file transfer uuid", { $0.fileTransferUUID }), ("bytes", { String($0.bytes) }), ("sha256", { $0.sha256?.hex }),
    ("metadata root", { $0.metadataRoot }), ("local path", { $0.localPath }), ("remark", { $0.remark }),
  ]

  /// The Danish names of the columns, for people; CSV has those of ``columns``.
  private static let danishNames = [
    "account": "konto", "began": "begyndt", "changed": "ændret", "state": "tilstand", "name": "navn",
    "route or sender": "rute eller afsender", "sender authority": "afsendermyndighed",
    "recipient authority": "modtagermyndighed", "transaction id": "transaktions-id",
    "file transfer uuid": "filoverførslens uuid", "bytes": "byte",
    "metadata root": "metadatas rod", "local path": "lokal sti", "remark": "bemærkning",
  ]

  /// Returns all facts, one per line, with the meaning of the state and the remedy.
  func facts(explained state: Explanation?, in language: ReportLanguage) -> String {
    var facts = Facts(in: language)
    for (name, value) in Self.columns {
      let shown: String? =
        switch name {
        case "began": WallClock.denmark.stamp(at: begun)
        case "changed": WallClock.denmark.stamp(at: lastChanged)
        case "state": SubjectState(name: self.state)?.title[language]
        default: value(self)
        }
      facts.add(name, Self.danishNames[name] ?? name, shown)
      guard name == "state", let state else { continue }
      facts.add("which means", "det betyder", state.meaning.text(in: language))
      facts.add("what to do", "gør dette", state.remedy.text(in: language))
    }
    return facts.text
  }
}
