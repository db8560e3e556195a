/// Periods as people write them in settings: `4h`, `10m`, `90s`, `2d`, `1h30m`, `500ms`.
public enum DurationText {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  /// The period that `text` names; `nil` when it is no period, is zero, or is longer than a century.
  ///
  /// Units go from large to small, each at most once, without white space or fractions.
  public static func parse(_ text: String) -> Duration? {
    var rest = Array(text.utf8)[...]
    var smallerUnits = units[...]
    var total: Int64 = 0
    while !rest.isEmpty {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      let letters = rest.dropFirst(digits.count).prefix { (0x61...0x7A).contains($0) }
      guard (1...12).contains(digits.count),
        let index = smallerUnits.firstIndex(where: { Array($0.name.utf8) == Array(letters) })
      else { return nil }
      let count = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
      let (product, tooLarge) = count.multipliedReportingOverflow(by: units[index].milliseconds)
      let (sum, tooLargeTogether) = total.addingReportingOverflow(product)
      if tooLarge || tooLargeTogether { return nil }
      total = sum
      smallerUnits = units[(index + 1)...]
      rest = rest.dropFirst(digits.count + letters.count)
    }
    return (1...century).contains(total) ? .milliseconds(total) : nil
  }

  /// The period as text that `parse` reads as the same period; what is shorter than a millisecond is left out.
  public static func format(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    var rest = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    if rest < 0 { return "-" + format(.zero - duration) }
    var text = ""
    for unit in units where rest >= unit.milliseconds {
      text += "\(rest / unit.milliseconds)\(unit.name)"
      rest %= unit.milliseconds
    }
    return text.isEmpty ? "0s" : text
  }

  private static let century: Int64 = 100 * 366 * 86_400_000
}
