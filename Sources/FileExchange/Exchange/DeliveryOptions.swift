extension Exchange {
  /// Options of a delivery run.
  public struct DeliveryOptions: Sendable {
    /// The time to wait for receipts after the last trigger; `nil` does not wait.
    public var waitForReceipts: Duration?
    /// The number of deliveries that have files open at the server at a time over one connection. Others wait for the
    /// journal, or for a rename.
    public var inFlight = 128
    /// The interval between two reports about missing receipts.
    public var waitingReport: Duration = .seconds(30)
    /// Called as data is acknowledged and deliveries change.
    public var onProgress: @Sendable (DeliveryProgress) -> Void = { _ in }

    /// Options that wait ten minutes for the receipts.
    public init(waitForReceipts: Duration? = .seconds(600)) { self.waitForReceipts = waitForReceipts }
  }

  /// Something happened to a delivery.
  public enum DeliveryProgress: Sendable {
    /// The file is hashed and in the journal.
    case staged(Delivery)
    /// The number of further bytes that the server acknowledged.
    case sent(bytes: UInt64)
    /// The trigger is in OUT.
    case triggered(Delivery)
    /// Its receipt came.
    case settled(Delivery)
    /// An order was refused because another delivery holds its name in OUT; the error has that delivery's number.
    case nameTaken(DeliveryOrder, ExchangeError)
    /// Receipts are still missing; repeated while that is so.
    case waiting(WaitingReport)
  }
}

/// The deliveries of a run without a receipt, by their step.
public struct WaitingReport: Sendable {
  /// Deliveries with their trigger still in OUT, as far as is known: the platform has not taken them.
  public let inOut: [Delivery]
  /// Deliveries that the platform has taken and that have no receipt.
  public let taken: [Delivery]
  /// The longest remaining wait.
  public let remaining: Duration

  /// Sorts the deliveries without receipt by their state.
  init(_ deliveries: [Delivery], remaining: Duration) {
    inOut = deliveries.filter { $0.state == .triggered }
    taken = deliveries.filter { $0.state == .taken || $0.state == .overdue }
    self.remaining = remaining
  }
}
