/// Limits for listing a folder of an account. A longer listing ends the look into that folder and affects no other
/// account.
public struct ListingSettings: Sendable, Hashable {
  /// The most names in one folder.
  public var mostNames: Int
  /// The most bytes that the names and what the server says about them may take.
  public var mostBytes: UInt64
  /// The longest time that listing one folder may take.
  public var longest: Duration

  /// Limits; by default a million names, 1 GB and ten minutes.
  public init(mostNames: Int = 1_000_000, mostBytes: UInt64 = 1_000_000_000, longest: Duration = .seconds(600)) {
    self.mostNames = mostNames
    self.mostBytes = mostBytes
    self.longest = longest
  }
}
