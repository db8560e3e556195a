/// A period of a rule, by the clock (`4h`) or in business time (`4h business`).
public struct RulePeriod: Sendable, Hashable, CustomStringConvertible {
  /// The length of the period.
  public var duration: Duration
  /// True if only business hours count.
  public var isBusinessTime: Bool

  /// A period.
  public init(_ duration: Duration, isBusinessTime: Bool = false) {
    self.duration = duration
    self.isBusinessTime = isBusinessTime
  }

  /// Reads `4h` or `4h business`; `nil` for anything else.
  ///
  /// A day of business time has no length that all agree on, so business time is counted in hours, minutes and seconds,
  /// and 1,000 hours are the most.
  public init?(_ text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard let first = words.first, let duration = DurationText.parse(String(first)) else { return nil }
    switch words.dropFirst() {
    case []: self.init(duration)
    case ["business"]:
      guard !first.utf8.contains(UInt8(ascii: "d")), duration <= .seconds(1000 * 3600) else { return nil }
      self.init(duration, isBusinessTime: true)
    default: return nil
    }
  }

  /// The period as settings write it.
  public var description: String {
    guard isBusinessTime else { return DurationText.format(duration) }
    let (seconds, attoseconds) = duration.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    let hours = milliseconds / 3_600_000
    let rest = milliseconds % 3_600_000
    // Never in days, which business time does not have.
    let text = (hours > 0 ? "\(hours)h" : "") + (rest > 0 ? DurationText.format(.milliseconds(rest)) : "")
    return "\(text.isEmpty ? "0s" : text) business"
  }
}
