public import FilsluseBase

/// Hours of each week, by the wall clock: `mon-fri 08:00-16:00`, `daily 03:00-03:30`.
///
/// Hours with an end that is not after their beginning pass midnight, and belong to the day of their beginning.
public struct WeeklyHours: Sendable, Hashable, CustomStringConvertible {
  /// A day of the week.
  public enum Weekday: Int, Sendable, Hashable, CaseIterable {
    /// Monday is the first.
    case mon = 1
    case tue, wed, thu, fri, sat, sun

    /// The day's name in settings: its first three letters in English.
    public var name: String { Self.names[rawValue - 1] }
    private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    /// The day before.
    public var previous: Weekday { Weekday(rawValue: rawValue == 1 ? 7 : rawValue - 1) ?? .sun }
  }

  /// The days of their beginning; never empty.
  public let days: Set<Weekday>
  /// The minute of the day at their beginning, 0 to 1439.
  public let from: Int
  /// The minute of the day at their end (exclusive), 1 to 1440.
  public let to: Int

  /// Reads hours; `nil` for anything else.
  public init?(_ text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 2, let days = Self.days(words[0]) else { return nil }
    let times = words[1].split(separator: "-", omittingEmptySubsequences: false).map { ClockText.parse($0) }
    guard times.count == 2, let from = times[0], let to = times[1], from < Self.day, to > 0, from != to else {
      return nil
    }
    self.days = days
    self.from = from
    self.to = to
  }

  /// Returns true if the hours include a moment, in local time.
  public func contains(_ moment: Timestamp, by clock: WallClock) -> Bool {
    let reading = clock.reading(at: moment)
    guard let day = Weekday(rawValue: reading.day.weekday) else { return false }
    return contains(day, minute: reading.minute)
  }

  /// Returns true if the hours include a minute of a day.
  public func contains(_ day: Weekday, minute: Int) -> Bool {
    if from < to { return days.contains(day) && (from..<to).contains(minute) }
    return days.contains(day) && minute >= from || days.contains(day.previous) && minute < to
  }

  /// The hours as settings write them.
  public var description: String {
    let all = Weekday.allCases
    let named = all.filter(days.contains)
    let isRow = named.count > 2 && named.last.map { $0.rawValue - named[0].rawValue + 1 } == named.count
    let days =
      if named == all {
        "daily"
      } else if isRow, let last = named.last {
        "\(named[0].name)-\(last.name)"
      } else {
        named.map(\.name).joined(separator: ",")
      }
    return "\(days) \(ClockText.format(from))-\(ClockText.format(to))"
  }

  private static let day = 24 * 60

  private static func days(_ text: Substring) -> Set<Weekday>? {
    if text == "daily" { return Set(Weekday.allCases) }
    var days: Set<Weekday> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
        .map { name in Weekday.allCases.first { $0.name == name } }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends.last ?? nil else { return nil }
      var day = first
      days.insert(day)
      while day != last {
        day = Weekday(rawValue: day.rawValue % 7 + 1) ?? .mon
        days.insert(day)
      }
    }
    return days.isEmpty ? nil : days
  }
}
