internal import FilsluseBase
internal import FilsluseHTTP
internal import PickupWatch
internal import TriggerFiles

/// The page's language, local clock and numbers.
struct PageVoice: Sendable {
  let language: PageLanguage
  /// The moment that the page is about.
  let now: Timestamp
  private let wallClock: WallClock

  init(_ language: PageLanguage, now: Timestamp, timeZone: String) {
    self.language = language
    self.now = now
    wallClock = WallClock(zone: timeZone) ?? .denmark
  }

  /// The one in the page's language.
  func say(_ danish: String, _ english: String) -> String { language == .danish ? danish : english }

  func say(_ text: LocalizedText) -> String { say(text.da, text.en) }

  /// A moment as the clock on the wall shows it: `03:14`, `yesterday 22:40`, `19 Nov 06:00`.
  func time(_ moment: Timestamp) -> Markup {
    "<time datetime=\"\(moment.description)\">\(timeText(moment))</time>"
  }

  /// The same without the day, where another moment beside it shows the day.
  func time(_ moment: Timestamp, sameDayAs other: Timestamp) -> Markup {
    let reading = wallClock.reading(at: moment)
    guard wallClock.reading(at: other).day == reading.day else { return dayAndTime(moment) }
    return "<time datetime=\"\(moment.description)\">\(clock(moment))</time>"
  }

  /// A moment with its day, whatever day it is: `19 Nov 06:00`.
  func dayAndTime(_ moment: Timestamp) -> Markup {
    let day = date(wallClock.reading(at: moment).day.description)
    return "<time datetime=\"\(moment.description)\">\("\(day) \(clock(moment))")</time>"
  }

  /// The time of day; in the hour that the clock shows twice with its zone.
  private func clock(_ moment: Timestamp) -> String {
    let minute = wallClock.reading(at: moment).minute
    let zone = wallClock.doubled(at: moment).map { doubled in
      " (\(say(doubled.isDaylightSaving ? "sommertid" : "normaltid", WallClock.zoneText(doubled.offset))))"
    }
    return say("kl.\u{A0}", "") + "\((minute / 60).twoDigits)\(say(".", ":"))\((minute % 60).twoDigits)" + (zone ?? "")
  }

  func timeText(_ moment: Timestamp) -> String {
    let reading = wallClock.reading(at: moment)
    switch wallClock.reading(at: now).day.daysSince1970 - reading.day.daysSince1970 {
    case 0: return clock(moment)
    case 1: return say("i går ", "yesterday ") + clock(moment)
    default: return "\(date(reading.day.description)) \(clock(moment))"
    }
  }

  /// A day as `19. nov.` or `19 Nov`; text that is no day stays as it is.
  func date(_ day: String) -> String {
    guard let (_, month, number) = CivilDay(day)?.parts else { return day }
    let danish = ["jan.", "feb.", "mar.", "apr.", "maj", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec."]
    return say("\(number). \(danish[month - 1])", "\(number) \(CivilDay.englishMonths[month - 1])")
  }

  /// The letter of a day's weekday.
  func weekday(_ day: String) -> String {
    guard let weekday = CivilDay(day)?.weekday else { return "" }
    return Array(say("MTOTFLS", "MTWTFSS")).map(String.init)[weekday - 1]
  }

  /// The last days up to now, the oldest first, as `2026-11-21`.
  func lastDays(_ count: Int) -> [String] {
    let today = wallClock.reading(at: now).day
    return (0..<count).reversed().map { today.later(byDays: -$0).description }
  }

  /// The next eight o'clock in the morning.
  var nextMorning: Timestamp {
    let reading = wallClock.reading(at: now)
    let day = reading.minute < 8 * 60 ? reading.day : reading.day.later(byDays: 1)
    return wallClock.moment(day, minute: 8 * 60)
  }

  /// A moment as the value of a field for a local date and time: `2026-11-21T08:00`.
  func localMinute(_ moment: Timestamp) -> String {
    let reading = wallClock.reading(at: moment)
    return "\(reading.day)T\((reading.minute / 60).twoDigits):\((reading.minute % 60).twoDigits)"
  }

  /// Reads what such a field holds, with seconds or without; `nil` for anything else.
  func moment(ofLocal text: String) -> Timestamp? {
    let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let day = CivilDay(String(parts[0])) else { return nil }
    let digits = parts[1].split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(digits.count),
      digits.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let hour = Int(digits[0]), let minute = Int(digits[1]), hour < 24, minute < 60
    else { return nil }
    return wallClock.moment(day, minute: hour * 60 + minute)
  }

  /// A text whose moments in UTC stand as the clock on the wall shows them.
  func localizing(_ text: String) -> String { wallClock.localizing(text) }

  /// The day of a moment, as `2026-11-21`.
  func day(_ moment: Timestamp) -> String { wallClock.reading(at: moment).day.description }

  /// A time as `45 s`, `12 min`, `3 h 10 min`, `2 d 4 h`: two units at most.
  func span(_ seconds: Int) -> String {
    let (hour, day) = (say("t", "h"), say("d", "d"))
    let minutes = seconds / 60
    switch seconds {
    case ..<60: return "\(max(seconds, 0)) s"
    case ..<3600: return "\(minutes) min"
    case ..<86_400:
      return minutes % 60 == 0 ? "\(minutes / 60) \(hour)" : "\(minutes / 60) \(hour) \(minutes % 60) min"
    default:
      let hours = minutes / 60
      return hours % 24 == 0 ? "\(hours / 24) \(day)" : "\(hours / 24) \(day) \(hours % 24) \(hour)"
    }
  }

  /// The time from a moment until another, or until now.
  func span(since moment: Timestamp, until end: Timestamp? = nil) -> String {
    span(Int(max((end ?? now).since(moment), .zero).components.seconds))
  }

  /// Returns the time since a moment, in words.
  func ago(_ moment: Timestamp) -> String {
    let span = span(since: moment)
    return say("for \(span) siden", "\(span) ago")
  }

  /// A size as `4.1 kB`, in powers of ten.
  func size(_ bytes: UInt64) -> String {
    var (value, unit) = (Double(bytes), "B")
    for next in ["kB", "MB", "GB", "TB"] where value >= 1000 { (value, unit) = (value / 1000, next) }
    guard unit != "B", value < 100 else { return "\(Int(value.rounded())) \(unit)" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10)\(say(",", "."))\(tenths % 10) \(unit)"
  }

  /// `1 inbox`, `7 inboxes`.
  func inboxes(_ count: Int) -> String {
    "\(number(count)) \(count == 1 ? say("indbakke", "inbox") : say("indbakker", "inboxes"))"
  }

  /// `1 alert`, `7 alerts`.
  func alerts(_ count: Int) -> String {
    "\(number(count)) \(count == 1 ? say("alarm", "alert") : say("alarmer", "alerts"))"
  }

  /// `1 file`, `7 files`.
  func files(_ count: Int) -> String {
    "\(number(count)) \(count == 1 ? say("fil", "file") : say("filer", "files"))"
  }

  /// A number with its thousands apart.
  func number(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += say(".", ",") }
      text.append(digit)
    }
    return number < 0 ? "-\(text)" : text
  }
}
