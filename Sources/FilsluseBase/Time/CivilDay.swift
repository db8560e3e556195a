/// A day of the calendar, without a time zone.
public struct CivilDay: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The number of days since 1970-01-01.
  public let daysSince1970: Int

  /// Creates the day that is this number of days after 1970-01-01.
  public init(daysSince1970: Int) { self.daysSince1970 = daysSince1970 }

  /// The day of that year, month (1 to 12) and number; `nil` where the month has no such day.
  public init?(year: Int, month: Int, day: Int) {
    guard (0...9999).contains(year), (1...12).contains(month),
      (1...Self.length(ofMonth: month, year: year)).contains(day)
    else { return nil }
    // Counted as if a year began in March, so that the leap day comes last.
    let marchYear = month > 2 ? year : year - 1
    let century = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - century * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    daysSince1970 = century * 146_097 + dayOfEra - 719_468
  }

  /// Reads `2026-11-21`; `nil` for anything that is no day.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]), let day = Self.number(bytes[8..<10])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The year, the month from 1 and the day of the month from 1.
  public var parts: (year: Int, month: Int, day: Int) {
    let shifted = daysSince1970 + 719_468
    let century = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - century * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + century * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  /// 1 for Monday to 7 for Sunday.
  public var weekday: Int {
    // 1970-01-01 was a Thursday.
    ((daysSince1970 + 3) % 7 + 7) % 7 + 1
  }

  /// Returns the day this number of days later; earlier for a negative number.
  public func later(byDays days: Int) -> CivilDay { CivilDay(daysSince1970: daysSince1970 + days) }

  /// The months as HTTP and mail write them.
  package static let englishMonths = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Returns the number of days in a month.
  public static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The day as `2026-11-21`.
  public var description: String {
    let (year, month, day) = parts
    func digits(_ number: Int, _ width: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
    return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
  }

  /// The earlier day comes first.
  public static func < (one: CivilDay, other: CivilDay) -> Bool { one.daysSince1970 < other.daysSince1970 }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    digits.allSatisfy { (0x30...0x39).contains($0) } ? digits.reduce(0) { $0 * 10 + Int($1) - 0x30 } : nil
  }
}
