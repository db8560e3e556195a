public import FilsluseSystem

/// What is known of the watching of one account.
public struct InboxState: Sendable, Hashable {
  /// Why nothing can be seen.
  public struct Failure: Sendable, Hashable {
    /// The sort of finding that it is.
    public var kind: Finding.Kind
    /// What happened and what to do, safe to log.
    public var text: String
    /// The same in Danish; `nil` where nothing says it in Danish.
    public var textInDanish: String?
    /// When it was first found.
    public var since: Timestamp

    /// Describes a failure.
    public init(kind: Finding.Kind, text: String, textInDanish: String? = nil, since: Timestamp) {
      self.kind = kind
      self.text = text
      self.textInDanish = textInDanish
      self.since = since
    }

    /// What happened and what to do in both languages.
    var localized: LocalizedText { LocalizedText(da: textInDanish ?? text, en: text) }
  }

  /// The account's name.
  public var account: String
  /// The first look that showed its folders; `nil` before there was any.
  public var watchedSince: Timestamp?
  /// The last look that showed its folders.
  public var lastLook: Timestamp?
  /// Why the folders cannot be seen now.
  public var failure: Failure?
  /// How far the server's clock is ahead of ours; `nil` where that is not measured.
  public var clockDifference: Duration?
  /// When the clocks were last compared.
  public var clockMeasured: Timestamp?
  /// Spans in which nobody looked, the last first; those that ended within the last weeks.
  public var gaps: [Range<Timestamp>]
  /// How many data files lie in IN, bare files not counted.
  public var files: Int
  /// How many bytes they have.
  public var bytes: UInt64

  /// Describes a state.
  public init(
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

  /// The spans within another one in which nobody looked, the time before the first look included.
  public func unwatched(in span: Range<Timestamp>) -> [Range<Timestamp>] {
    guard let watchedSince else { return [span] }
    let before = span.lowerBound < watchedSince ? [span.lowerBound..<min(watchedSince, span.upperBound)] : []
    return before + gaps.map { $0.clamped(to: span) }.filter { !$0.isEmpty }
  }
}
