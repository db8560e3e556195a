package import FilsluseBase

/// The public holidays of Denmark, computed.
///
/// Store bededag, the fourth Friday after Easter, was one until 2023. 5 June, 24 December and 31 December are none:
/// many do not work then, but no law says so, and the settings name them where they are days off.
package enum DanishHolidays {
  /// The holiday that a day is, by its Danish name; `nil` for any other day.
  package static func name(of day: CivilDay) -> String? {
    let (year, month, number) = day.parts
    switch (month, number) {
    case (1, 1): return "nytårsdag"
    case (12, 25): return "juledag"
    case (12, 26): return "2. juledag"
    default: break
    }
    guard let easter = easterSunday(of: year) else { return nil }
    switch day.daysSince1970 - easter.daysSince1970 {
    case -3: return "skærtorsdag"
    case -2: return "langfredag"
    case 0: return "påskedag"
    case 1: return "2. påskedag"
    case 26: return year <= 2023 ? "store bededag" : nil
    case 39: return "Kristi himmelfartsdag"
    case 49: return "pinsedag"
    case 50: return "2. pinsedag"
    default: return nil
    }
  }

  /// Easter Sunday by the Gregorian reckoning; `nil` for a year before 1700, when Denmark took it up.
  package static func easterSunday(of year: Int) -> CivilDay? {
    guard year >= 1700 else { return nil }
    let goldenNumber = year % 19
    let (century, yearOfCentury) = (year / 100, year % 100)
    let moonCorrection = (century - (century + 8) / 25 + 1) / 3
    let epact = (19 * goldenNumber + century - century / 4 - moonCorrection + 15) % 30
    let toSunday = (32 + 2 * (century % 4) + 2 * (yearOfCentury / 4) - epact - yearOfCentury % 4) % 7
    let correction = (goldenNumber + 11 * epact + 22 * toSunday) / 451
    let sum = epact + toSunday - 7 * correction + 114
    return CivilDay(year: year, month: sum / 31, day: sum % 31 + 1)
  }
}
