internal import FilsluseBase
internal import TriggerFiles

/// A delivery about to be staged, with the ids drawn for it.
struct NewDelivery: Sendable {
  let identity: Delivery.Identity
  let size: UInt64
  let localPath: String
  let infRef: InfRef?
  let sendersFileID: String
  let transactionID: String?
  let temporaryTriggerName: String
  let trigger: [UInt8]
  /// The ordinal of the earlier delivery of the same identity that it retries; `nil` when it is no retry.
  var retryOf: Int?
  /// The notes on the checks of the order, for the journal.
  var notes = StagingNotes()
}

/// The journal's notes on the checks of an order, made before it was staged.
struct StagingNotes: Sendable, Hashable {
  /// A municipality that was stated, or ignored in the file's name, in words; `nil` for none.
  var municipality: String?
  /// The code of the municipality that the sender stated the file to hold; `nil` for none.
  var statedMunicipality: String?
  /// A refusal of the route register that a person overrode; `nil` for none.
  var override: OverriddenRefusal?

  /// The statement as a fact of the entry that records it.
  var municipalityFacts: AuditFacts { AuditFacts([Self.statedMunicipality: statedMunicipality]) }

  /// The fact with the code of a stated municipality.
  static let statedMunicipality = "stated-municipality"
  /// The name of the fact with a person's reason for overriding a refusal.
  static let overrideReason = "override-reason"
  /// The state name of the entry that adds a note about the municipality to a delivery staged before.
  static let municipalityEvent: EntryState = "municipality"
  /// The entry about an overridden refusal.
  static let overrideEvent: EntryState = "override"
  /// The facts of entries that no column of a delivery holds.
  static let factsOfEntries: Set<String> = [statedMunicipality, overrideReason]
}

/// A refusal of the route register that a person overrode.
struct OverriddenRefusal: Sendable, Hashable {
  /// The route that is refused.
  let route: String
  /// The refusals, as the register says them.
  let refusals: String
  /// The person's reason.
  let reason: String

  /// The sentence in the journal.
  var text: String { "sent by \(route) although \(refusals); reason: \(reason)" }
}

/// The result of staging.
enum StagingOutcome: Sendable {
  /// A new delivery.
  case staged(Delivery)
  /// A delivery of the same content staged before, finished or not.
  case known(Delivery)
  /// Another content or route holds the name and is not finished.
  case nameTaken(by: Delivery)
}

extension Delivery {
  /// A new delivery with all its identifiers, before anything of it is sent.
  init(
    _ new: NewDelivery, id: Int64, ordinal: Int, state: DeliveryState, stagedAt: Timestamp, changedAt: Timestamp
  ) {
    let settled = Settled.Values(
      account: new.identity.account, route: new.identity.route, wireName: new.identity.wireName,
      sha256: new.identity.sha256, ordinal: ordinal, size: new.size, localPath: new.localPath, infRef: new.infRef,
      sendersFileID: new.sendersFileID, transactionID: new.transactionID,
      temporaryTriggerName: new.temporaryTriggerName, trigger: new.trigger, stagedAt: stagedAt)
    self.init(id: id, settled, state: state, changedAt: changedAt)
  }
}
