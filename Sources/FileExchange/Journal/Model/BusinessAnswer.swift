public import TriggerFiles

/// The answer of a receiver's program to an arrival, as the business receipt for the sender.
public struct BusinessAnswer: Sendable, Hashable {
  /// The journal's number of the arrival.
  public let arrival: Int64
  /// The platform's id of it.
  public let fileTransferUUID: String
  /// The receiver's action on the file.
  public let acceptance: BusinessReceipt.Acceptance
  /// The business receipt, as sent.
  public let document: [UInt8]
  /// The route for sending it back; `nil` to keep it in the journal only.
  public let route: String?
  /// The delivery of the answer, once that is staged.
  public let delivery: Int64?
}

/// A business receipt, and the delivery that it answers.
public struct TiedBusinessReceipt: Sendable, Hashable {
  /// The journal's number of the receipt's arrival.
  public let arrival: Int64
  /// The journal's number of the delivery.
  public let delivery: Int64
  /// The recipient's action on the file.
  public let acceptance: BusinessReceipt.Acceptance
  /// The reason, in the recipient's words.
  public let reason: String?

  /// The answer in a line.
  public var summary: String { reason.map { "\(acceptance.rawValue): \($0)" } ?? acceptance.rawValue }
}
