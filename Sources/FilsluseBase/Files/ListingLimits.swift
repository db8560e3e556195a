/// Limits for listing one folder, after which the listing fails: a server can send names without end. A listing that is
/// too long affects no other account.
public struct ListingLimits: Sendable, Hashable {
  /// The most names, impossible ones included.
  public var names: Int
  /// The greatest size of the names and attributes in bytes on the wire.
  public var bytes: UInt64
  /// The longest time from the listing's beginning to its end.
  public var duration: Duration

  /// Limits; the defaults, a million names, 1 GB and ten minutes, are far beyond any inbox in use.
  public init(names: Int = 1_000_000, bytes: UInt64 = 1_000_000_000, duration: Duration = .seconds(600)) {
    self.names = names
    self.bytes = bytes
    self.duration = duration
  }
}
