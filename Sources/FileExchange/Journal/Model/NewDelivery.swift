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
  /// A municipality that was stated, or ignored in the file's name; `nil` for none.
  var municipality: String?
  /// A refusal of the route register that a person overrode, with the reason; `nil` for none.
  var override: String?
}

/// The result of staging.
enum StagingOutcome: Sendable {
  /// It is new.
  case staged(Delivery)
  /// The same was staged before: it is finished, or to be finished.
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
