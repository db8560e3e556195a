internal import FilsluseBase
internal import TriggerFiles

extension Delivery {
  /// Its audit facts. A fact that is added in a later version is `nil` in a row that lacks it.
  var facts: AuditFacts {
    var facts = changingFacts
    facts.add([
      "account": account, "route": route, "name": wireName.string, "sha256": sha256.hex, "ordinal": "\(ordinal)",
      "size": "\(size)", "infref": infRef?.name, "local-path": localPath, "senders-file-id": sendersFileID,
      "transaction-id": transactionID,
      "trigger": SHA256.digest(of: trigger).hex, "staged": "\(stagedAt.millisecondsSince1970)",
    ])
    return facts
  }

  /// The facts that may change after staging.
  var changingFacts: AuditFacts {
    AuditFacts([
      "file-transfer-uuid": fileTransferUUID, "outcome": outcome, "receipt": receipt.map { SHA256.digest(of: $0).hex },
    ])
  }
}

extension Arrival {
  /// Its audit facts. A fact that is added in a later version is `nil` in a row that lacks it.
  var facts: AuditFacts {
    var facts = changingFacts
    facts.add([
      "account": account, "file-transfer-uuid": fileTransferUUID, "name": wireName.string, "size": "\(size)",
      "infref": infRef?.name, "sender": sender, "metadata": SHA256.digest(of: metadata).hex,
      "seen": "\(seenAt.millisecondsSince1970)",
    ])
    return facts
  }

  /// The facts that may change after it was first seen.
  var changingFacts: AuditFacts {
    AuditFacts([
      "route": route, "local-name": localName, "sha256": sha256?.hex, "reason": reason?.stored,
      "settled-modified": settledModified.map(String.init), "different-modified": differentModified.map(String.init),
    ])
  }

  /// Returns true if another arrival has the same changing facts; this is faster than comparing them as text.
  func hasChangingFacts(of other: Arrival) -> Bool {
    route == other.route && localName == other.localName && sha256 == other.sha256 && reason == other.reason
      && settledModified == other.settledModified && differentModified == other.differentModified
  }
}
