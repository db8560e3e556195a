extension Exchange {
  /// Options of a collection.
  public struct CollectionOptions: Sendable {
    /// The number of arrivals fetched at a time over one connection.
    public var inFlight = 128
    /// The number of the receiver's programs that run at a time.
    public var programsAtATime = 4
    /// The time at which arrivals are given to the programs that their routes name.
    public var handOver = HandOverTime.atOnce
    /// Leaves everything in IN, as for a trial. A later collection without this removes the arrivals that were handed
    /// over.
    public var keepsRemote = false
    /// Fetches a repeated arrival again and compares it before it is removed from IN, even where its size and
    /// modification time prove it to be the same. One without that proof is always compared.
    public var verifiesRepeats = false
    /// Leaves an arrival that failed alone until its pause is over; without this everything is tried at once.
    public var keepsPauses = false
    /// Called as bytes come and arrivals change.
    public var onProgress: @Sendable (CollectionProgress) -> Void = { _ in }

    /// The defaults.
    public init() {}
  }

  /// The time at which arrivals are given to the programs that their routes name.
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
