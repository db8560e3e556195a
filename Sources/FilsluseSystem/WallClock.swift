internal import Foundation

/// The clock on the wall in a time zone, daylight saving minded.
public struct WallClock: Sendable, Hashable {
  /// The zone's name, such as `Europe/Copenhagen`.
  public let zoneName: String
  private let zone: TimeZone

  /// The clock of a zone; `nil` where no zone has that name.
  public init?(zone name: String) {
    // Abbreviations such as CET name no rules of daylight saving; UTC has none.
    guard name == "UTC" || name.utf8.contains(UInt8(ascii: "/")), let zone = TimeZone(identifier: name) else {
      return nil
    }
    self.init(name, zone)
  }

  private init(_ name: String, _ zone: TimeZone) {
    zoneName = name
    self.zone = zone
  }

  /// The clock in Denmark. Foundation brings its rules along, so that they are there on a machine without a time zone
  /// database too.
  public static let denmark: WallClock = {
    let name = "Europe/Copenhagen"
    return WallClock(name, TimeZone(identifier: name) ?? TimeZone(secondsFromGMT: 3600) ?? .gmt)
  }()

  /// What it shows at a moment.
  public func reading(at moment: Timestamp) -> Reading {
    let milliseconds = moment.millisecondsSince1970
    let seconds = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    let local = seconds + offset(at: seconds)
    let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    return Reading(day: CivilDay(daysSince1970: Int(days)), second: Int(local - days * 86_400))
  }

  /// The first moment at which it shows that minute of that day; a minute of 1440 or more belongs to a later day.
  ///
  /// A minute that it skips in spring counts as so much later: 02:30 is then 03:30.
  public func moment(_ day: CivilDay, minute: Int) -> Timestamp {
    let local = Int64(day.daysSince1970) * 86_400 + Int64(minute) * 60
    let before = offset(at: local - 86_400)
    let after = offset(at: local + 86_400)
    // Where both offsets show the minute the greater one comes first.
    let found = [max(before, after), min(before, after)].map { local - $0 }.first { offset(at: $0) == local - $0 }
    return Timestamp(secondsSince1970: found ?? local - before)
  }

  /// The moments of a day, from its midnight to the next: 23, 24 or 25 hours where there is daylight saving.
  public func moments(of day: CivilDay) -> Range<Timestamp> {
    moment(day, minute: 0)..<moment(day.later(byDays: 1), minute: 0)
  }

  private func offset(at seconds: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
  }

  /// What a clock on the wall shows.
  public struct Reading: Sendable, Hashable, CustomStringConvertible {
    /// The day.
    public let day: CivilDay
    /// Seconds since the day began, by the clock: 0 to 86,399.
    public let second: Int

    /// The minute of the day, 0 to 1439.
    public var minute: Int { second / 60 }

    /// The reading as `2026-11-21 06:00`.
    public var description: String {
      func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
      return "\(day) \(two(minute / 60)):\(two(minute % 60))"
    }
  }
}
