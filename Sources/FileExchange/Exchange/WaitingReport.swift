/// What a run waits for that has sent its files: at which step each delivery is that has no receipt yet.
public struct WaitingReport: Sendable {
  /// Deliveries whose trigger still lies in OUT, as far as is known: the platform has not taken them.
  public let inOut: [Delivery]
  /// Deliveries that the platform has taken and that have no receipt.
  public let taken: [Delivery]
  /// How long the wait goes on at most.
  public let remaining: Duration

  /// Sorts what has no receipt by its step.
  init(_ deliveries: [Delivery], remaining: Duration) {
    inOut = deliveries.filter { $0.state == .triggered }
    taken = deliveries.filter { $0.state == .taken || $0.state == .overdue }
    self.remaining = remaining
  }
}
