extension Exchange {
  /// Options of a collection.
  public struct CollectionOptions: Sendable {
    /// The number of arrivals fetched at a time over one connection.
    public var inFlight = 128
    /// The number of the receiver's programs, or of calls of its closure, that run at a time.
    public var programsAtATime = 4
    /// The time limit for one call of the closure of ``Exchange/collect(from:options:takeOver:)``. At its end the
    /// closure's task is cancelled, which counts as a failure. Programs have their own in the settings.
    public var closureTimeout: Duration = .seconds(600)
    /// The number of failures of the closure for one file after which the file is set aside. Programs have their own in
    /// the settings.
    public var closureTries = 10
    /// The time of the hand-over to the programs of the arrival routes.
    public var handOver = HandOverTime.atOnce
    /// Leaves everything in IN, as for a trial. A later collection without this removes the arrivals that were handed
    /// over.
    public var keepsRemote = false
    /// Fetches a repeated arrival again and compares it before it is removed from IN, even where its size and
    /// modification time prove it to be the same. One without that proof is always compared.
    public var verifiesRepeats = false
    /// True to leave a failed arrival alone until its pause is over; false to try all at once.
    public var keepsPauses = false
    /// Shares the work among several machines: one lists IN, and the others fetch some of its files. Without this IN is
    /// listed in any case.
    var sharesListing = false
    /// Called as bytes come and arrivals change.
    public var onProgress: @Sendable (CollectionProgress) -> Void = { _ in }

    /// The defaults.
    public init() {}
  }

  /// The time of the hand-over to the programs of the arrival routes.
  public enum HandOverTime: Sendable, Hashable {
    /// In the same call, while other files are fetched.
    case atOnce
    /// By ``Exchange/handOver(_:programsAtATime:lookAgain:onNews:)``. A closure is always called at once.
    case later
  }

  /// Something happened to an arrival.
  public enum CollectionProgress: Sendable {
    /// The number of pairs found in IN.
    case found(Int)
    /// The number of further bytes fetched.
    case fetched(bytes: UInt64)
    /// An arrival was handed over.
    case collected(Arrival)
  }
}
