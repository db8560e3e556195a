internal import FilsluseSystem
internal import Foundation

/// How the page speaks: language, the clock on the wall, numbers.
struct PageVoice: Sendable {
  let language: PageLanguage
  /// The moment that the page is about.
  let now: Timestamp
  private let zone: TimeZone

  init(_ language: PageLanguage, now: Timestamp, timeZone: String) {
    self.language = language
    self.now = now
    zone = TimeZone(identifier: timeZone) ?? .gmt
  }

  /// The one in the page's language.
  func say(_ danish: String, _ english: String) -> String { language == .danish ? danish : english }

  func say(_ text: LocalizedText) -> String { say(text.da, text.en) }

  /// A moment as the clock on the wall shows it: `03:14`, `yesterday 22:40`, `19 Nov 06:00`.
  func time(_ moment: Timestamp) -> Markup {
    "<time datetime=\"\(moment.description)\">\(timeText(moment))</time>"
  }

  /// The same without the day, where another moment beside it tells the day.
  func time(_ moment: Timestamp, sameDayAs other: Timestamp) -> Markup {
    let (day, minute) = local(moment)
    guard local(other).day == day else { return time(moment) }
    return "<time datetime=\"\(moment.description)\">\(clock(minute))</time>"
  }

  private func clock(_ minute: Int) -> String {
    say("kl.\u{A0}", "") + "\(Self.two(minute / 60))\(say(".", ":"))\(Self.two(minute % 60))"
  }

  func timeText(_ moment: Timestamp) -> String {
    let (day, minute) = local(moment)
    switch local(now).day - day {
    case 0: return clock(minute)
    case 1: return say("i går ", "yesterday ") + clock(minute)
    default: return "\(date(Self.text(ofDay: day))) \(clock(minute))"
    }
  }

  /// A day as `19. nov.` or `19 Nov`; text that is no day stays as it is.
  func date(_ day: String) -> String {
    let parts = day.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1...12).contains(parts[1]) else { return day }
    let danish = ["jan.", "feb.", "mar.", "apr.", "maj", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec."]
    let english = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return say("\(parts[2]). \(danish[parts[1] - 1])", "\(parts[2]) \(english[parts[1] - 1])")
  }

  /// The letter of a day's weekday.
  func weekday(_ day: String) -> String {
    guard let number = Self.number(ofDay: day) else { return "" }
    return Array(say("MTOTFLS", "MTWTFSS")).map(String.init)[((number + 3) % 7 + 7) % 7]
  }

  /// The last days up to now, the oldest first, as `2026-11-21`.
  func lastDays(_ count: Int) -> [String] {
    let today = local(now).day
    return (0..<count).reversed().map { Self.text(ofDay: today - $0) }
  }

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

  /// How long ago a moment was.
  func ago(_ moment: Timestamp) -> String {
    let span = span(Int(max(now.since(moment), .zero).components.seconds))
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

  private func local(_ moment: Timestamp) -> (day: Int, minute: Int) {
    let seconds = Int(Double(moment.millisecondsSince1970 / 1000).rounded(.down))
    let local = seconds + zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
    let day = Int((Double(local) / 86_400).rounded(.down))
    return (day, (local - day * 86_400) / 60)
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func text(ofDay day: Int) -> String {
    String(Timestamp(secondsSince1970: Int64(day) * 86_400).description.prefix(10))
  }

  private static func number(ofDay day: String) -> Int? {
    Timestamp("\(day)T00:00:00.000Z").map { Int($0.millisecondsSince1970 / 86_400_000) }
  }
}
