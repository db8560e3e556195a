internal import FilsluseSystem

/// A delivery about to be staged, with the ids drawn for it.
struct NewDelivery: Sendable {
  let identity: Delivery.Identity
  let size: UInt64
  let localPath: String
  let infRef: String?
  let sendersFileID: String
  let transactionID: String?
  let temporaryTriggerName: String
  let trigger: [UInt8]
  /// The ordinal of the earlier delivery of the same identity that it retries; `nil` when it is no retry.
  var retryOf: Int?
  /// A note on a municipality that was stated, or ignored in the file's name.
  var municipalityNote: String?
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
