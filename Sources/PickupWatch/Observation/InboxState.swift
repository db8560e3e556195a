public import FilsluseBase
public import TriggerFiles

/// The state of the watching of one account.
public struct InboxState: Sendable, Hashable {
  /// The reason why the folders cannot be seen.
  public struct Failure: Sendable, Hashable {
    /// The sort of finding that it is.
    public var kind: Finding.Kind
    /// The failure and its remedy, safe to log.
    public var text: LocalizedText
    /// The time at which it was first found.
    public var since: Timestamp

    /// Describes a failure.
    package init(kind: Finding.Kind, text: LocalizedText, since: Timestamp) {
      self.kind = kind
      self.text = text
      self.since = since
    }
  }

  /// The account's name.
  public var account: String
  /// The first look that showed its folders; `nil` before there was any.
  public var watchedSince: Timestamp?
  /// The last look that showed its folders.
  public var lastLook: Timestamp?
  /// The reason why the folders cannot be seen now.
  public var failure: Failure?
  /// The time by which the server's clock is ahead of ours; `nil` where it is not measured.
  public var clockDifference: Duration?
  /// The time at which the clocks were last compared.
  public var clockMeasured: Timestamp?
  /// Monitoring gaps, the last first; those that ended within the last weeks.
  public var gaps: [Range<Timestamp>]
  /// The number of data files in IN, without bare files.
  public var files: Int
  /// The number of their bytes.
  public var bytes: UInt64

  /// Describes a state.
  package init(
    account: String, watchedSince: Timestamp? = nil, lastLook: Timestamp? = nil, failure: Failure? = nil,
    clockDifference: Duration? = nil, clockMeasured: Timestamp? = nil, gaps: [Range<Timestamp>] = [], files: Int = 0,
    bytes: UInt64 = 0
  ) {
    self.account = account
    self.watchedSince = watchedSince
    self.lastLook = lastLook
    self.failure = failure
    self.clockDifference = clockDifference
    self.clockMeasured = clockMeasured
    self.gaps = gaps
    self.files = files
    self.bytes = bytes
  }

  /// Returns the monitoring gaps within a span, the time before the first look included.
  public func unwatched(in span: Range<Timestamp>) -> [Range<Timestamp>] {
    guard let watchedSince else { return [span] }
    let before = span.lowerBound < watchedSince ? [span.lowerBound..<min(watchedSince, span.upperBound)] : []
    return before + gaps.map { $0.clamped(to: span) }.filter { !$0.isEmpty }
  }
}
