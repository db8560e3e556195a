public import FilsluseBase
public import TriggerFiles

/// The state of the watching of one account.
public struct InboxState: Sendable, Hashable {
  /// The reason why the folders cannot be seen.
  public struct Failure: Sendable, Hashable {
    /// The kind of its finding.
    public var kind: Finding.Kind
    /// The failure and its remedy, safe to log.
    public var text: LocalizedText
    /// The time of first finding it.
    public var since: Timestamp
  }

  /// The account's name.
  public var account: String
  /// The first look that showed its folders; `nil` before there was any.
  public var watchedSince: Timestamp?
  /// The last look that showed its folders.
  public var lastLook: Timestamp?
  /// The reason why the folders cannot be seen now.
  public var failure: Failure?
  /// The lead of the server's clock over ours; `nil` if not measured.
  public var clockDifference: Duration?
  /// The time of the last comparison of the clocks.
  public var clockMeasured: Timestamp?
  /// Monitoring gaps that ended within the last weeks, the latest first.
  public var gaps: [Range<Timestamp>] = []
  /// The number of data files in IN, without bare files.
  public var files = 0
  /// The number of their bytes.
  public var bytes: UInt64 = 0

  /// Returns the monitoring gaps within a span, the time before the first look included.
  public func unwatched(in span: Range<Timestamp>) -> [Range<Timestamp>] {
    guard let watchedSince else { return [span] }
    let before = span.lowerBound < watchedSince ? [span.lowerBound..<min(watchedSince, span.upperBound)] : []
    return before + gaps.map { $0.clamped(to: span) }.filter { !$0.isEmpty }
  }
}
