/// The dates in a file name, and the times of day right after them.
///
/// 59 of the 98 municipality codes are also times of day (`0730`), and 11 are days with their month (`0710`).
struct NameDates {
  let pieces: [NamePiece]

  /// Returns true if a run of digits is part of a date, or the time right after one.
  func covers(_ index: Int) -> Bool {
    switch pieces[index].text.utf8.count {
    case 4: isTimeAfterDate(index) || isDayMonth(index)
    case 3: isFractionOfTime(index)
    default: false
    }
  }

  private func isTimeAfterDate(_ index: Int) -> Bool {
    guard Self.isTime(pieces[index].text), let before = lastDigits(before: index) else { return false }
    return endsDate(before)
  }

  /// The run of digits before another, with nothing between but a short separator, or the word before a time.
  private func lastDigits(before index: Int) -> Int? {
    var (at, words) = (index - 1, 0)
    while at >= 0, index - at <= 4 {
      switch pieces[at].kind {
      case .digits: return at
      case .other: if pieces[at].range.count > 3 { return nil }
      case .letters:
        words += 1
        if words > 1 || !Self.wordsBeforeTime.contains(pieces[at].text) { return nil }
      }
      at -= 1
    }
    return nil
  }

  /// Returns true if a date ends with this run of digits.
  private func endsDate(_ index: Int) -> Bool {
    let text = pieces[index].text
    switch text.utf8.count {
    case 8, 6: return Self.isCompactDate(text)
    case 7: return Self.isYear(String(text.prefix(4))) && (1...366).contains(pieces[index].number % 1000)
    case 1, 2: return isSplitDate(index)
    case 4:
      if isSplitDate(index) || isDayMonth(index) { return true }
      if let year = neighbour(of: index, -1), Self.isYear(pieces[year].text), Municipality(code: text) == nil {
        return Self.isDayMonth(text)
      }
      return neighbour(of: index, -1).map { Self.isYear(text) && isDayMonth($0) } ?? false
    default: return false
    }
  }

  /// Year, month and day as runs of their own: `2026-11-28`, `28.11.2026`, `11-28-2026`, `28-11-26`, `28nov2026`.
  private func isSplitDate(_ index: Int) -> Bool {
    if let month = neighbour(of: index, -1), let first = neighbour(of: month, -1),
      pieces[index - 1].text == pieces[month - 1].text
    {
      return Self.isDate(pieces[first], month: pieces[month].number, pieces[index])
        && pieces[month].text.utf8.count <= 2
    }
    // A month by its name, with or without separators.
    var word = index - 1
    if word >= 0, pieces[word].kind == .other { word -= 1 }
    guard word >= 0, pieces[word].kind == .letters, let month = Self.months[pieces[word].text] else { return false }
    var first = word - 1
    if first >= 0, pieces[first].kind == .other { first -= 1 }
    guard first >= 0, pieces[first].kind == .digits else { return false }
    return Self.isDate(pieces[first], month: month, pieces[index])
  }

  /// Returns true if four digits are a day and a month beside a year that a separator of their own joins: `2026-1128`.
  /// With the same separator or `_` around them, they are a field of the name: `udtræk_2026_0710` names 0710.
  private func isDayMonth(_ index: Int) -> Bool {
    guard Self.isDayMonth(pieces[index].text) else { return false }
    func joins(_ separator: Int, _ outside: [Int]) -> Bool {
      let text = pieces[separator].text
      // The dot of the file's ending is no separator of fields.
      let fields = outside.filter { pieces.indices.contains($0) && $0 != pieces.count - 2 }
      return (text == "-" || text == ".") && fields.allSatisfy { pieces[$0].text != text }
    }
    if let year = neighbour(of: index, -1), Self.isYear(pieces[year].text) {
      return joins(index - 1, [year - 1, index + 1])
    }
    if let year = neighbour(of: index, 1), Self.isYear(pieces[year].text) {
      return joins(index + 1, [index - 1, year + 1])
    }
    return false
  }

  /// Returns true for milliseconds after a time with seconds that follows a date: `20261128_073015.751`.
  private func isFractionOfTime(_ index: Int) -> Bool {
    guard let seconds = neighbour(of: index, -1) else { return false }
    let separator = pieces[index - 1].text
    let text = pieces[seconds].text
    switch text.utf8.count {
    case 14: return (separator == "." || separator == ",") && Self.isCompactDate(String(text.prefix(8)))
    case 6:
      guard separator == "." || separator == ",", Self.isTime(String(text.prefix(4))) else { return false }
      return lastDigits(before: seconds).map(endsDate) ?? false
    case 2:
      guard let minutes = neighbour(of: seconds, -1), let hours = neighbour(of: minutes, -1),
        Self.isTime(pieces[hours].text + pieces[minutes].text), pieces[seconds].number < 60,
        [".", ",", pieces[seconds - 1].text].contains(separator)
      else { return false }
      return lastDigits(before: hours).map(endsDate) ?? false
    default: return false
    }
  }

  /// The run of digits beside another, with one character between them.
  private func neighbour(of index: Int, _ step: Int) -> Int? {
    let other = index + 2 * step
    guard pieces.indices.contains(other), pieces[other].kind == .digits, pieces[index + step].kind == .other,
      pieces[index + step].range.count == 1
    else { return nil }
    return other
  }

  // MARK: What digits can be

  private static func isTime(_ text: String) -> Bool {
    let (hour, minute) = pair(text, 0)
    return text.utf8.count == 4 && hour < 24 && minute < 60
  }

  private static func isYear(_ text: String) -> Bool {
    let (century, _) = pair(text, 0)
    return text.utf8.count == 4 && (century == 19 || century == 20)
  }

  /// The month first or the day.
  private static func isDayMonth(_ text: String) -> Bool {
    let (one, other) = pair(text, 0)
    return text.utf8.count == 4 && (isDay(other, month: one) || isDay(one, month: other))
  }

  /// `20261128`, `28112026`, `281126` or `261128`.
  private static func isCompactDate(_ text: String) -> Bool {
    let (first, second) = pair(text, 0)
    let (third, fourth) = pair(text, 4)
    if text.utf8.count == 8 {
      return ((first == 19 || first == 20) && isDay(fourth, month: third))
        || ((third == 19 || third == 20) && isDay(first, month: second))
    }
    return isDay(third, month: second) || isDay(first, month: second)
  }

  /// Returns true if the runs before and after a month are its year and day, in either order.
  private static func isDate(_ first: NamePiece, month: Int, _ last: NamePiece) -> Bool {
    let counts = (first.text.utf8.count, last.text.utf8.count)
    switch counts {
    case (4, 1...2): return isYear(first.text) && isDay(last.number, month: month)
    case (1...2, 4):
      return isYear(last.text) && (isDay(first.number, month: month) || isDay(month, month: first.number))
    case (2, 2), (1, 2): return isDay(first.number, month: month) || isDay(last.number, month: month)
    default: return false
    }
  }

  private static func isDay(_ day: Int, month: Int) -> Bool {
    guard (1...12).contains(month), day > 0 else { return false }
    return day <= (month == 2 ? 29 : [4, 6, 9, 11].contains(month) ? 30 : 31)
  }

  /// The numbers that two pairs of digits are, from a place on; -1 where there are none.
  private static func pair(_ text: String, _ start: Int) -> (Int, Int) {
    let digits = text.utf8.dropFirst(start).prefix(4).map { Int($0 & 0x0F) }
    return (digits.count > 1 ? digits[0] * 10 + digits[1] : -1, digits.count > 3 ? digits[2] * 10 + digits[3] : -1)
  }

  private static let wordsBeforeTime: Set<String> = ["t", "kl", "klokken", "tid", "time", "at"]

  /// Months by their Danish and English names, short and long.
  private static let months: [String: Int] = {
    let names = [
      "januar january jan", "februar february feb", "marts march mar", "april apr", "maj may", "juni june jun",
      "juli july jul", "august aug", "september sep sept", "oktober october okt oct", "november nov",
      "december dec",
    ]
    var months: [String: Int] = [:]
    for (index, group) in names.enumerated() {
      for name in group.split(separator: " ") { months[String(name)] = index + 1 }
    }
    return months
  }()
}
