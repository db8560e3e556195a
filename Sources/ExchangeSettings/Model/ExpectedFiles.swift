internal import TriggerFiles

/// Files that are expected at recurring deadlines.
public struct ExpectedFiles: Sendable, Hashable {
  /// The deadlines of the expected files.
  public var rhythm: Rhythm
  /// The number of files per deadline; of each municipality if municipalities are named.
  public var files: Int
  /// The municipalities that must each send; `nil` where they are not distinguished.
  public var municipalities: [ExpectedMunicipality]?
  /// The grace period after the deadline.
  public var grace: Duration

  /// The default of ``files``.
  public static let standardFiles = 1

  /// Creates an expectation.
  public init(
    rhythm: Rhythm, files: Int = standardFiles, municipalities: [ExpectedMunicipality]? = nil, grace: Duration = .zero
  ) {
    self.rhythm = rhythm
    self.files = files
    self.municipalities = municipalities
    self.grace = grace
  }
}

/// A municipality whose file is expected.
public enum ExpectedMunicipality: Sendable, Hashable, CustomStringConvertible {
  /// Identified by its code in the files' names: `0101`.
  case code(String)
  /// Identified by its CVR number as the recipient's in the metadata.
  case cvr(String)

  /// Reads a municipality's code, of four digits or three, or a CVR number of eight.
  public init?(_ text: String) {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    if text.utf8.count == 8 {
      self = .cvr(text)
    } else if let municipality = Municipality(code: text) {
      self = .code(municipality.code)
    } else {
      return nil
    }
  }

  /// True if the municipality is identified by its CVR number.
  var isCVR: Bool {
    if case .cvr = self { true } else { false }
  }

  /// The digits.
  public var description: String {
    switch self {
    case .code(let digits), .cvr(let digits): digits
    }
  }
}

/// A recurring deadline for files: `daily by 06:00`, `weekdays by 06:00`, `weekly mon by 06:00`, `monthly 1 by 06:00`.
public struct Rhythm: Sendable, Hashable, CustomStringConvertible {
  /// The days with a deadline.
  public enum Days: Sendable, Hashable {
    /// Every day, holidays too.
    case daily
    /// Monday to Friday, except public holidays and days off.
    case weekdays
    /// One day of each week.
    case weekly(WeeklyHours.Weekday)
    /// One day of each month, 1 to 31; the month's last day where it is shorter.
    case monthly(Int)
  }

  /// The days.
  public var days: Days
  /// The deadline as a minute of the day, 0 to 1439.
  public var minute: Int

  /// A rhythm.
  public init(_ days: Days, byMinute minute: Int) {
    self.days = days
    self.minute = minute
  }

  /// Reads a rhythm; `nil` for anything else.
  public init?(_ text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count >= 3, words[words.count - 2] == "by", let last = words.last, let minute = ClockText.parse(last),
      minute < 24 * 60
    else { return nil }
    switch (words[0], words.count) {
    case ("daily", 3): days = .daily
    case ("weekdays", 3): days = .weekdays
    case ("weekly", 4):
      guard let day = WeeklyHours.Weekday.allCases.first(where: { $0.name == words[1] }) else { return nil }
      days = .weekly(day)
    case ("monthly", 4):
      guard words[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let day = Int(words[1]), (1...31).contains(day)
      else { return nil }
      days = .monthly(day)
    default: return nil
    }
    self.minute = minute
  }

  /// The rhythm as settings write it.
  public var description: String {
    let days =
      switch days {
      case .daily: "daily"
      case .weekdays: "weekdays"
      case .weekly(let day): "weekly \(day.name)"
      case .monthly(let day): "monthly \(day)"
      }
    return "\(days) by \(ClockText.format(minute))"
  }
}
