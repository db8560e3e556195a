/// Reads the settings of `filsluse run`: watched folders, hours, speeds, the alert program.
extension SettingsReader {
  func watchedFolder(_ entry: Entry) -> WatchedFolder? {
    guard let section = Section(entry, keys: ["folder", "settled-for", "ready-marker", "accepted", "keep-sent"]) else {
      return nil
    }
    let folder = section.required("folder", "the folder whose files this route delivers").flatMap(path)
    let settled = section["settled-for"].map(period) ?? .seconds(10)
    let marker = section["ready-marker"].map(ending)
    let accepted = section["accepted"].map { entry in
      entry.value("keep or remove") { AfterAcceptance(rawValue: $0) }
    }
    let keepSent = section["keep-sent"].map(period)
    if let entry = section["keep-sent"], accepted == .some(.remove) {
      entry.report(
        .conflict, "accepted files are removed at once, expected no keep-sent", remedy: "remove one of the two")
    }
    guard let folder, let settled, marker != .some(nil), accepted != .some(nil), keepSent != .some(nil) else {
      return nil
    }
    return WatchedFolder(
      path: folder, settledFor: settled, readyMarker: marker ?? nil, whenAccepted: (accepted ?? nil) ?? .keep,
      keepSent: keepSent ?? nil)
  }

  func period(_ entry: Entry) -> Duration? { entry.value("a period such as 90s, 10m or 1h30m", DurationText.parse) }

  func hours(_ entry: Entry) -> WeeklyHours? {
    entry.value("hours such as \"mon-fri 08:00-16:00\", \"sun 02:00-06:00\" or \"daily 23:30-00:30\"") {
      WeeklyHours($0)
    }
  }

  func bandwidth(_ entry: Entry) -> Bandwidth? {
    guard let section = Section(entry, keys: ["hours", "limit"]) else { return nil }
    let hours = section["hours"].map(self.hours)
    let limit = section.required("limit", "a speed")?.value(
      "a speed such as 500kB/s, 2MB/s or 16Mbit/s, or unlimited", SpeedText.parse)
    guard let limit, hours != .some(nil) else { return nil }
    return Bandwidth(hours: hours ?? nil, bytesPerSecond: limit)
  }

  func alert(_ entry: Entry) -> AlertCommand? {
    guard let section = Section(entry, keys: ["run", "timeout"]) else { return nil }
    let command = section.required("run", "the program and its arguments").flatMap(self.command)
    let timeout = section["timeout"].map(period) ?? .seconds(30)
    guard let command, let timeout else { return nil }
    return AlertCommand(command: command, timeout: timeout)
  }

  private func ending(_ entry: Entry) -> String? {
    entry.value("an ending such as .ready", remedy: "begin it with a dot") { text in
      let isSound = text.escapingControls == text && !text.contains("/") && (2...32).contains(text.utf8.count)
      return isSound && text.hasPrefix(".") ? text : nil
    }
  }
}
