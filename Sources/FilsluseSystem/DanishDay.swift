/// A day by the clock on the wall in Denmark: 23, 24 or 25 hours.
public struct DanishDay: Sendable, Hashable, CustomStringConvertible {
  /// When it begins.
  public let begin: Timestamp
  /// When the next one begins.
  public let end: Timestamp
  /// The day as `2026-11-21`.
  public let description: String

  /// Reads `2026-11-21`; `nil` for anything that is no day of the years 1970 to 9999.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard text.utf8.count == 10, parts.map(\.utf8.count) == [4, 2, 2],
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2]), year >= 1970
    else { return nil }
    let midnight = Timestamp(secondsSince1970: Self.daysSince1970(year, month, day) * 86_400)
    guard midnight.description.hasPrefix(text), let begin = Self.begin(of: text, near: midnight),
      let end = Self.begin(
        of: DanishTime(at: begin.later(by: .seconds(36 * 3600))).day, near: midnight.later(by: .seconds(86_400)))
    else { return nil }
    description = text
    self.begin = begin
    self.end = end
  }

  /// The day that a moment belongs to.
  public static func containing(_ moment: Timestamp) -> DanishDay? { DanishDay(DanishTime(at: moment).day) }

  /// Danish midnight is one or two hours before the one in UTC; the clock never changes at midnight.
  private static func begin(of day: String, near midnight: Timestamp) -> Timestamp? {
    [2, 1].map { midnight.earlier(by: .seconds($0 * 3600)) }.first {
      let local = DanishTime(at: $0)
      return local.minute == 0 && local.day == day
    }
  }

  /// Counts the days as if a year began in March, so that the leap day comes last.
  private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let marchYear = month > 2 ? year : year - 1
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return 365 * marchYear + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468
  }
}
