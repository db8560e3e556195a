public import TriggerFiles

/// The answer of a closure that was given an arrived file.
public enum ReceiverAnswer: Sendable, Hashable {
  /// The file is the receiver's now; nothing goes back to its sender.
  case takenOver
  /// The receiver has taken over the file, and the same collection sends a business receipt back to its sender by that
  /// route of the settings. Without a route the answer is only in the journal.
  case businessReceipt(BusinessReceipt.Acceptance, reason: String? = nil, by: String? = nil)
}

/// Thrown by a closure that can take over no file at the moment. This is no failure of the file's: the closure is
/// called again later, and the file is never set aside for it.
public struct ReceiverNotReady: Error, Sendable, Hashable, CustomStringConvertible {
  /// The reason, for readers of the report and the journal.
  public let reason: String

  /// States the reason.
  public init(_ reason: String) { self.reason = reason }

  /// The reason in a sentence.
  public var description: String { "its receiver says: not now: \(reason)" }
}
