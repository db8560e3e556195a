/// Reads the settings under `alerts:`.
extension SettingsReader {
  private static let alertKeys = ["language", "fire-after", "repeat-every", "fold-above", "maintenance", "sinks"]

  /// The section `alerts` of `watch`; `nil` where something in it is wrong, which is reported.
  func readAlerts(_ entry: Entry) -> AlertSettings? {
    guard let section = Section(entry, keys: Self.alertKeys) else { return nil }
    let language = section["language"].map { entry in
      entry.value("da or en", remedy: "da is Danish, en is English") { AlertSettings.Language(rawValue: $0) }
    }
    let fireAfter = section["fire-after"].map { entry in
      entry.value("a period up to 7d such as 5m, or 0s", remedy: "0s tells at the look that finds it") { text in
        text == "0s" ? .zero : DurationText.parse(text).flatMap { $0 <= .seconds(7 * 86_400) ? $0 : nil }
      }
    }
    let repeatEvery = section["repeat-every"].map { entry in
      entry.value("a period from 1m to 30d such as 4h") { text in
        DurationText.parse(text).flatMap { (.seconds(60)...(.seconds(30 * 86_400))).contains($0) ? $0 : nil }
      }
    }
    let foldAbove = section["fold-above"].map { entry in
      entry.value("a number from 1 to 10000", remedy: "so many new alerts of one look are told one by one") { text in
        Int(text).flatMap { (1...10_000).contains($0) && "\($0)" == text ? $0 : nil }
      }
    }
    let maintenance = section["maintenance"].map { each($0, "hours", hours) }
    let sinks = section["sinks"].map(alertSinks)
    guard language != .some(nil), fireAfter != .some(nil), repeatEvery != .some(nil), foldAbove != .some(nil),
      maintenance != .some(nil), sinks != .some(nil)
    else { return nil }
    return AlertSettings(
      language: (language ?? nil) ?? .danish, fireAfter: (fireAfter ?? nil) ?? .zero,
      repeatEvery: (repeatEvery ?? nil) ?? AlertSettings.usualRepetition,
      foldAbove: (foldAbove ?? nil) ?? AlertSettings.usualFold, maintenance: (maintenance ?? nil) ?? [],
      sinks: (sinks ?? nil) ?? [])
  }

  private func alertSinks(_ entry: Entry) -> [AlertSink]? {
    guard let items = entry.list("a list of sinks: log, command, mail or webhook") else { return nil }
    var sinks: [AlertSink] = []
    for item in items where !log.isFull {
      guard let sink = alertSink(item) else { continue }
      if sinks.contains(sink) {
        item.report(.conflict, "found the same sink twice, expected each once", remedy: "remove one of the two")
      }
      sinks.append(sink)
    }
    return sinks.count == items.count ? sinks : nil
  }
}
