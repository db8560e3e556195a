internal import FilsluseBase
internal import ExchangeSettings
internal import TriggerFiles

/// Rules in words: in English those of the settings, in Danish a sentence's.
enum RuleText {
  static func pickUp(_ limit: PickUpLimit, _ rule: InfRefRule) -> LocalizedText {
    prefixed(
      rule,
      LocalizedText(
        da: "skal hentes inden \(DanishTime.period(limit.within))", en: "pick-up-within: \(limit.within)"))
  }

  static func expected(_ expected: ExpectedFiles, _ rule: InfRefRule) -> LocalizedText {
    prefixed(rule, LocalizedText(da: "ventes \(DanishTime.rhythm(expected.rhythm))", en: "expect: \(expected.rhythm)"))
  }

  /// The deadlines of expected files, without the word that begins a rule.
  static func rhythm(_ rhythm: Rhythm) -> LocalizedText {
    LocalizedText(da: DanishTime.rhythm(rhythm), en: "\(rhythm)")
  }

  static func answer(_ limit: AwaitedAnswer.Limit) -> LocalizedText {
    switch limit {
    case .within(let period):
      LocalizedText(
        da: "forretningssvar ventes inden \(DanishTime.period(period))", en: "business-answer-within: \(period)")
    case .by(let minute):
      LocalizedText(
        da: "forretningssvar ventes inden \(DanishTime.time(minute))",
        en: "business-answer-by: \(ClockText.format(minute))")
    }
  }

  static func platformTakes(_ period: Duration) -> LocalizedText {
    LocalizedText(
      da: "platformen skal tage triggere inden \(DanishTime.period(period))",
      en: "platform-takes-within: \(DurationText.format(period))")
  }

  static func receipt(_ period: Duration) -> LocalizedText {
    LocalizedText(
      da: "teknisk kvittering ventes inden \(DanishTime.period(period))",
      en: "receipt-within: \(DurationText.format(period))")
  }

  static func halfPair(_ period: Duration) -> LocalizedText {
    LocalizedText(
      da: "et ufuldstændigt filpar må ligge i \(DanishTime.period(period))",
      en: "half-pair-after: \(DurationText.format(period))")
  }

  static func stalled(_ period: Duration) -> LocalizedText {
    LocalizedText(
      da: "en fil, der ikke er hel, må stå stille i \(DanishTime.period(period))",
      en: "stalled-after: \(DurationText.format(period))")
  }

  static func cleanUp(_ period: Duration) -> LocalizedText {
    LocalizedText(
      da: "platformen sletter efter \(DanishTime.period(period))", en: "clean-up-after: \(DurationText.format(period))")
  }

  static func mostFiles(_ count: Int) -> LocalizedText {
    LocalizedText(da: "højst \(count.counted("fil", "filer")) i IN", en: "most-files: \(count)")
  }

  static func mostBytes(_ count: UInt64) -> LocalizedText {
    LocalizedText(da: "højst \(DanishTime.bytes(count)) i IN", en: "most-bytes: \(ByteCountText.format(count))")
  }

  /// Puts the rule's words for its files before its condition, if it names no InfRef.
  private static func prefixed(_ rule: InfRefRule, _ text: LocalizedText) -> LocalizedText {
    rule.infRef == nil ? rule.subject.localizedTitle + LocalizedText(da: " ", en: ", ") + text : text
  }
}

extension WatchedFiles {
  /// The title of the files: the InfRef, or the rule's own words.
  var localizedTitle: LocalizedText {
    let danish =
      switch self {
      case .infRef(let infRef): infRef.name
      case .direct(let arrival, _): "direkte sendte filer (modtagelsen \(arrival))"
      case .bare(let pattern): "filer uden metadata (\(pattern))"
      }
    return LocalizedText(da: danish, en: title)
  }
}
