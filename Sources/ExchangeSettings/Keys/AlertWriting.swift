internal import SystemPackage

extension YAMLLines {
  /// Writes the section `alerts`.
  mutating func add(_ alerts: AlertSettings) {
    section("alerts") { file in
      file.line("language: \(alerts.language.rawValue)")
      file.line("fire-after: \(DurationText.format(alerts.fireAfter))")
      file.line("repeat-every: \(DurationText.format(alerts.repeatEvery))")
      file.line("fold-above: \(alerts.foldAbove)")
      if !alerts.maintenance.isEmpty { file.add("maintenance", list: alerts.maintenance.map(\.description)) }
      if !alerts.sinks.isEmpty { file.section("sinks") { file in for sink in alerts.sinks { file.add(sink) } } }
    }
  }

  private mutating func add(_ sink: AlertSink) {
    switch sink {
    case .log(let target): line("- log: \(target.level.rawValue)")
    case .command(let target):
      add("- command", command: target.command)
      line("  timeout: \(DurationText.format(target.timeout))")
    case .mail(let target):
      line("- mail:")
      line("    to: [\(target.to.map(YAMLText.scalar).joined(separator: ", "))]")
      add("    from", target.from)
      add("    sendmail", path: target.sendmail)
      line("    timeout: \(DurationText.format(target.timeout))")
    case .webhook(let target):
      line("- webhook:")
      add("    url", target.url)
      if let file = target.tokenFile { add("    token-file", path: file) }
      line("    form: \(target.form.rawValue)")
      line("    timeout: \(DurationText.format(target.timeout))")
    }
  }
}
