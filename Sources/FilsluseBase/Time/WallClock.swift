internal import Foundation

/// Local time in a time zone, daylight saving included.
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

  /// The clock in Denmark. Foundation includes its rules, so it also works on a machine without a time zone database.
  public static let denmark: WallClock = {
    let name = "Europe/Copenhagen"
    return WallClock(name, TimeZone(identifier: name) ?? TimeZone(secondsFromGMT: 3600) ?? .gmt)
  }()

  /// The clock without a zone's rules.
  public static let utc = WallClock("UTC", .gmt)

  /// Returns the local date and time at a moment.
  public func reading(at moment: Timestamp) -> Reading {
    let seconds = moment.millisecondsSince1970.quotientFloored(by: 1000)
    return Reading(secondsSince1970: seconds + offset(at: seconds))
  }

  /// Returns the local date and time at a moment, as `2026-11-21 06:00`; in the hour that occurs twice with its offset
  /// from UTC, as `2026-10-25 02:30 (UTC+02:00)`.
  public func text(at moment: Timestamp) -> String {
    reading(at: moment).description + (doubled(at: moment).map { " (\(Self.zoneText($0.offset)))" } ?? "")
  }

  /// Returns the local date and time at a moment with its second and its offset from UTC, as
  /// `2026-11-21 06:00:12+01:00`: for lists of steps, in any night of the year.
  public func stamp(at moment: Timestamp) -> String {
    let seconds = moment.millisecondsSince1970.quotientFloored(by: 1000)
    let distance = offset(at: seconds)
    let reading = Reading(secondsSince1970: seconds + distance)
    let (year, month, day) = reading.day.parts
    guard (0...9999).contains(year) else { return "year \(year)" }
    let minutes = Int(distance.magnitude / 60)
    return String(unsafeUninitializedCapacity: 25) { text in
      var digits = DigitWriter(into: text)
      digits.put(year, 4, UInt8(ascii: "-"))
      digits.put(month, 2, UInt8(ascii: "-"))
      digits.put(day, 2, UInt8(ascii: " "))
      digits.put(reading.minute / 60, 2, UInt8(ascii: ":"))
      digits.put(reading.minute % 60, 2, UInt8(ascii: ":"))
      digits.put(reading.second % 60, 2, UInt8(ascii: distance < 0 ? "-" : "+"))
      digits.put(minutes / 60, 2, UInt8(ascii: ":"))
      digits.put(minutes % 60, 2)
      return digits.end
    }
  }

  /// Returns a text whose moments in UTC, as ``Timestamp`` writes them, stand as ``stamp(at:)`` writes them: what is
  /// kept for ever names UTC.
  package func localizing(_ text: String) -> String {
    text.replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z/) { match -> String in
      let written = String(match.output)
      return Timestamp(written).map { stamp(at: $0) } ?? written
    }
  }

  /// A distance from UTC in seconds, as `UTC+02:00`.
  public static func zoneText(_ offset: Int) -> String {
    let minutes = offset.magnitude / 60
    return "UTC\(offset < 0 ? "-" : "+")\((minutes / 60).twoDigits):\((minutes % 60).twoDigits)"
  }

  /// Returns the first moment at which the clock shows a minute of a day; a minute of 1440 or more belongs to a later
  /// day.
  ///
  /// A minute that the clock skips in spring is moved forward by the skipped hour: 02:30 becomes 03:30.
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

  /// Returns the clock's offset from UTC in seconds, and whether it is daylight saving time, for a minute that the
  /// clock shows twice, as at the end of daylight saving time; `nil` for any other moment.
  public func doubled(at moment: Timestamp) -> (offset: Int, isDaylightSaving: Bool)? {
    let seconds = moment.millisecondsSince1970.quotientFloored(by: 1000)
    let here = offset(at: seconds)
    // A clock is set back by three hours at the most.
    let others = [seconds - 10_800, seconds + 10_800].map { offset(at: $0) }
    guard others.contains(where: { $0 != here && offset(at: seconds + here - $0) == $0 }) else { return nil }
    return (Int(here), zone.isDaylightSavingTime(for: Date(timeIntervalSince1970: Double(seconds))))
  }

  private func offset(at seconds: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
  }

  /// A local date and time of day.
  public struct Reading: Sendable, Hashable, CustomStringConvertible {
    /// The day.
    public let day: CivilDay
    /// Seconds since the day began, by the clock: 0 to 86,399.
    public let second: Int

    /// Creates the reading for a number of seconds after 1970-01-01 00:00 by this clock.
    fileprivate init(secondsSince1970 local: Int64) {
      let days = local.quotientFloored(by: 86_400)
      day = CivilDay(daysSince1970: Int(days))
      second = Int(local - days * 86_400)
    }

    /// The minute of the day, 0 to 1439.
    public var minute: Int { second / 60 }

    /// The reading as `2026-11-21 06:00`.
    public var description: String { "\(day) \((minute / 60).twoDigits):\((minute % 60).twoDigits)" }

    /// The reading as HTTP and mail have it, without the weekday and the zone: `21 Nov 2026 06:00:12`.
    package var internetText: String {
      let (year, month, day) = day.parts
      return "\(day.twoDigits) \(CivilDay.englishMonths[month - 1]) \(year) "
        + "\((minute / 60).twoDigits):\((minute % 60).twoDigits):\((second % 60).twoDigits)"
    }
  }
}

extension Int64 {
  /// The quotient rounded down, for negative numbers too.
  fileprivate func quotientFloored(by divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : (self - divisor + 1) / divisor
  }
}
