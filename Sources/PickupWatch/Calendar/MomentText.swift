internal import ExchangeSettings
internal import FilsluseBase
internal import TriggerFiles

/// A moment by the clock on the wall, as people of each language write it.
///
/// In the hour that the clock shows twice, when daylight saving ends, the time names its zone.
struct MomentText: Sendable {
  let clock: WallClock

  /// `2026-11-21 06:00`, in the doubled hour `2026-10-25 02:30 (UTC+02:00)`.
  func english(_ moment: Timestamp) -> String { clock.text(at: moment) }

  /// `21. november 2026 kl. 06.00`, in the doubled hour with `(sommertid, UTC+02:00)` behind it.
  func danish(_ moment: Timestamp) -> String {
    let reading = clock.reading(at: moment)
    let (year, month, day) = reading.day.parts
    let zone = clock.doubled(at: moment).map {
      " (\($0.isDaylightSaving ? "sommertid" : "normaltid"), \(WallClock.zoneText($0.offset)))"
    }
    return "\(day). \(DanishTime.months[month - 1]) \(year) \(DanishTime.time(reading.minute))\(zone ?? "")"
  }

  func both(_ moment: Timestamp) -> LocalizedText { LocalizedText(da: danish(moment), en: english(moment)) }
}

/// Times, periods and amounts as Danes write them.
enum DanishTime {
  static let months = [
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
  ]
  private static let weekdays = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]

  /// A minute of the day as `kl. 06.00`.
  static func time(_ minute: Int) -> String { "kl. " + ClockText.format(minute).replacing(":", with: ".") }

  static func weekday(_ day: WeeklyHours.Weekday) -> String { weekdays[day.rawValue - 1] }

  /// A period as `4 timer`, `1 døgn og 30 minutter`.
  static func period(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    var rest = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    let units: [(milliseconds: Int64, one: String, many: String)] = [
      (86_400_000, "døgn", "døgn"), (3_600_000, "time", "timer"), (60_000, "minut", "minutter"),
      (1000, "sekund", "sekunder"), (1, "millisekund", "millisekunder"),
    ]
    var parts: [String] = []
    for unit in units where rest >= unit.milliseconds {
      let count = rest / unit.milliseconds
      parts.append("\(count) \(count == 1 ? unit.one : unit.many)")
      rest %= unit.milliseconds
    }
    guard let last = parts.last else { return "0 sekunder" }
    return parts.count == 1 ? last : parts.dropLast().joined(separator: ", ") + " og " + last
  }

  /// A period of a rule as `4 timer` or `8 timer i åbningstiden`.
  static func period(_ period: RulePeriod) -> String {
    guard period.isBusinessTime else { return self.period(period.duration) }
    // Business time has no days of 24 hours.
    let hours = period.duration.components.seconds / 3600
    let rest = period.duration - .seconds(hours * 3600)
    let parts =
      (hours > 0 ? [hours.counted("time", "timer")] : []) + (rest > .zero ? [self.period(rest)] : [])
    return "\(parts.joined(separator: " og ")) i åbningstiden"
  }

  /// A rhythm as `hver hverdag inden kl. 06.00`.
  static func rhythm(_ rhythm: Rhythm) -> String {
    let days =
      switch rhythm.days {
      case .daily: "hver dag"
      case .weekdays: "hver hverdag"
      case .weekly(let day): "hver \(weekday(day))"
      case .monthly(let day): "den \(day). i hver måned"
      }
    return "\(days) inden \(time(rhythm.minute))"
  }

  /// An amount of data as `20 MB`.
  static func bytes(_ count: UInt64) -> String {
    let text = ByteCountText.format(count)
    let digits = text.prefix { $0.isNumber }
    return "\(digits) \(text.dropFirst(digits.count))"
  }
}
