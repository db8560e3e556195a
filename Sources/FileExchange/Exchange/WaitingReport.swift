/// The deliveries of a run without a receipt, by the step that they are at.
public struct WaitingReport: Sendable {
  /// Deliveries whose trigger is still in OUT, as far as is known: the platform has not taken them.
  public let inOut: [Delivery]
  /// Deliveries that the platform has taken and that have no receipt.
  public let taken: [Delivery]
  /// The longest remaining wait.
  public let remaining: Duration

  /// Sorts what has no receipt by its step.
  init(_ deliveries: [Delivery], remaining: Duration) {
    inOut = deliveries.filter { $0.state == .triggered }
    taken = deliveries.filter { $0.state == .taken || $0.state == .overdue }
    self.remaining = remaining
  }
}
