public import FilsluseSystem

/// A day without business beside the public holidays: one day (`2026-05-15`), or one of each year (`12-24`).
public enum DayOff: Sendable, Hashable, CustomStringConvertible {
  /// One day.
  case once(CivilDay)
  /// The same day of each year.
  case yearly(month: Int, day: Int)

  /// Reads `2026-05-15` or `12-24`; `nil` for anything else.
  public init?(_ text: String) {
    if let day = CivilDay(text) {
      self = .once(day)
    } else if text.utf8.count == 5, let day = CivilDay("2000-\(text)") {
      // 2000 was a leap year: 02-29 is a day, though not of each year.
      self = .yearly(month: day.parts.month, day: day.parts.day)
    } else {
      return nil
    }
  }

  /// Returns true if it falls on that day.
  public func isOn(_ day: CivilDay) -> Bool {
    switch self {
    case .once(let only): return only == day
    case .yearly(let month, let number):
      let parts = day.parts
      return parts.month == month && parts.day == number
    }
  }

  /// The day as settings write it.
  public var description: String {
    switch self {
    case .once(let day): return "\(day)"
    case .yearly(let month, let day):
      return CivilDay(year: 2000, month: month, day: day).map { String($0.description.dropFirst(5)) } ?? ""
    }
  }
}
