extension Exchange {
  /// How a collection is carried out.
  public struct CollectionOptions: Sendable {
    /// How many arrivals are fetched at a time over one connection.
    public var inFlight = 32
    /// How many programs of the receiver's run at a time.
    public var programsAtATime = 4
    /// When arrivals are given to the programs that their routes name.
    public var handOver = HandOverTime.atOnce
    /// Whether everything stays in IN, as for a trial. A later collection without this removes what was handed over.
    public var keepsRemote = false
    /// Whether what an earlier run fetched is fetched again and compared before it is removed from IN, even where its
    /// size and modification time prove it to be the same. What cannot be proven so always is.
    public var verifiesRepeats = false
    /// Whether an arrival that failed is left alone until its pause is over; without this everything is tried at once.
    public var keepsPauses = false
    /// Told as bytes come and arrivals change.
    public var onProgress: @Sendable (CollectionProgress) -> Void = { _ in }

    /// The defaults.
    public init() {}
  }

  /// When arrivals are given to the programs that their routes name.
  public enum HandOverTime: Sendable, Hashable {
    /// In the same call, beside the fetching of others.
    case atOnce
    /// By ``Exchange/handOver(_:options:)``.
    case later
  }

  /// Something happened to an arrival.
  public enum CollectionProgress: Sendable {
    /// So many pairs wait in IN.
    case found(Int)
    /// So many more bytes came.
    case fetched(bytes: UInt64)
    /// An arrival is the receiver's.
    case collected(Arrival)
  }
}
