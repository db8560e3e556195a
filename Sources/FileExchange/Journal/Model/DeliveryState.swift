/// The state of a delivery. Each state is in the journal before the step that follows it begins.
public enum DeliveryState: String, Sendable, Hashable, Codable, CaseIterable {
  /// The file is read and hashed, and the ids of the transmission are drawn.
  case staged
  /// The data is being uploaded to OUT, under its final name.
  case uploading
  /// The data is complete in OUT. Skipped if the trigger was armed during the upload.
  case uploaded
  /// The trigger is whole in OUT, under its temporary name; a rename will commit the delivery.
  case armed
  /// The trigger is being written in place, in one write, because this server cannot rename.
  case triggering
  /// The trigger is in OUT: the delivery is committed.
  case triggered
  /// The platform has taken the trigger from OUT.
  case taken
  /// The platform's receipt says that it went well.
  case accepted
  /// The platform's receipt lists errors.
  case refused
  /// The receipt did not come within the time that was given; it may still come.
  case overdue
  /// Given up by its user before the trigger was complete.
  case cancelled
  /// Given up by its user while its receipt was missing: the platform may have it. A receipt that comes still counts.
  case givenUp = "given-up"

  /// True if the state is final.
  public var isFinished: Bool { self == .accepted || self == .refused || self == .cancelled || self == .givenUp }

  /// True if the platform may act on it, as far as the journal knows.
  public var isCommitted: Bool {
    switch self {
    case .staged, .uploading, .uploaded, .cancelled: false
    case .armed, .triggering, .triggered, .taken, .accepted, .refused, .overdue, .givenUp: true
    }
  }

  /// True if only a look into OUT can show whether it is committed: its trigger was about to be written there.
  public var isAboutToBeCommitted: Bool { self == .armed || self == .triggering }

  /// True if only the platform's receipt is missing.
  public var awaitsReceipt: Bool { self == .triggered || self == .taken || self == .overdue }

  /// True if its trigger is still to be put into OUT, or to be looked for there.
  var isToBeSent: Bool { !awaitsReceipt && !isFinished }
}
