extension Exchange {
  /// The limits and intervals of waiting.
  public struct Patience: Sendable, Hashable {
    /// The pause between two looks at a trigger that could not be renamed into place.
    public var settle: Duration = .seconds(30)
    /// The longest time between two looks for receipts; the first ones come sooner.
    public var receiptPoll: Duration = .seconds(5)
    /// The time limit for the oldest unanswered request, after which its connection counts as lost.
    public var reply: Duration = .seconds(30)
    /// The number of times a lost connection is made again before the exchange gives up for now.
    public var connectionAttempts = 4
    /// The longest wait for a connection where an account has as many as the settings allow; then it is tried again
    /// later.
    public var freeConnection: Duration = .seconds(10)
    /// The time between two looks into a watched folder.
    public var folderLook: Duration = .seconds(1)
    /// The time that a file may keep a name for unfinished files, or a second name, before a person is alerted.
    public var unfinished: Duration = .seconds(3600)
    /// The interval of full reviews of all waiting work, to notice other processes' changes.
    public var review: Duration = .seconds(300)
    /// The time after which an unfinished delivery without a worker counts as abandoned.
    public var abandoned: Duration = OpenProblem.abandonedAfter
    /// The time without a look into an account's IN after which a person is alerted; longer where the poll interval is
    /// long.
    public var uncollected: Duration = .seconds(3600)
    /// The time that running work has after a stop was requested; the rest continues with the next run.
    public var stop: Duration = .seconds(20)
    /// The pauses between two tries, and the number of failures allowed for one file.
    public var retry = RetryPolicy()

    /// The defaults.
    public init() {}
  }
}
