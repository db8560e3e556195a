internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
package import TriggerFiles

/// An alert in words, in both languages.
extension Alert {
  /// The title in a few words, without severity and subject.
  package var title: LocalizedText {
    guard let group else { return KindText(of: finding).title }
    return finding.source == .journal
      ? AlertTexts.problems(group.count, critical: group.critical)
      : AlertTexts.manyFindings(group.count, critical: group.critical)
  }
  /// The meaning, in a sentence or two.
  package var meaning: LocalizedText { KindText(of: finding).meaning }
  /// The remedy.
  package var remedy: LocalizedText { KindText(of: finding).remedy }
  /// Advice on the contact.
  package var advice: LocalizedText? {
    AlertTexts.advice(
      KindText(of: finding).contact, authority: finding.authority.map(AlertWording.plain))
  }
  /// The InfRef as KOMBIT's order forms print it, where that is another.
  package var orderForm: String? { finding.infRef?.orderForm }
  /// The number of findings of the alert: 1, or more for a group.
  package var count: Int { group?.count ?? 1 }
}

/// Words an alert in one language: the file, its place and age, its sender, its rule, the remedy and the party to ask.
struct AlertWording: Sendable {
  private let language: AlertSettings.Language
  private let moments: MomentText
  /// The machine that sends; `nil` where notifications do not name it.
  let machine: String?
  private let console: String?

  /// Prepares to word alerts.
  ///
  /// - Parameter console: the address of the console, which alerts link to.
  init(
    _ language: AlertSettings.Language, clock: WallClock = .denmark, machine: String? = nil, console: String? = nil
  ) {
    self.language = language
    self.machine = machine.map(Self.plain)
    self.console = console
    moments = MomentText(clock: clock)
  }

  /// Words alerts as settings say, on this machine.
  init(_ settings: AlertSettings) {
    self.init(
      settings.language, clock: settings.wallClock, machine: MachineName.present, console: settings.console)
  }

  /// Returns the address of an alert's page; `nil` where no console is known.
  func link(to alert: Alert) -> String? {
    // A test is kept nowhere.
    guard let console, alert.finding.kind != .test else { return nil }
    return (console.hasSuffix("/") ? String(console.dropLast()) : console) + "/alert/\(alert.id)"
  }

  /// Returns the machine, the address of the alert's page and the time zone of all times, line by line.
  func whereabouts(of alert: Alert) -> [String] {
    [
      machine.map { "\(say(AlertTexts.Label.machine)): \($0)" },
      link(to: alert).map { "\(say(AlertTexts.Label.page)): \($0)" },
      "\(say(AlertTexts.Label.timeZone)): \(moments.clock.zoneName)",
    ].compactMap(\.self)
  }

  /// The headline: `KRITISK: SortimentOverfør_1 …`.
  func headline(_ alert: Alert, reason: NotificationReason) -> String {
    let finding = alert.finding
    let severity = say(finding.severity == .critical ? AlertTexts.critical : AlertTexts.warning)
    let mark =
      AlertTexts.reasons[reason].map {
        reason.isEnd ? "\(say($0)): " : "\(severity) (\(say($0))): "
      } ?? "\(severity): "
    let place = finding.source == .servers ? finding.subject : finding.account
    let account = place.isEmpty ? nil : Self.plain(place)
    let about = [account, (finding.infRef?.description).map(Self.plain), finding.fileName.map(Self.plain)]
      .compactMap(\.self)
    return mark + say(alert.title) + (about.isEmpty ? "" : " – " + about.joined(separator: ", "))
  }

  /// One finding in one line, as a group names it.
  func shortLine(_ finding: Finding) -> String {
    var parts = [say(KindText(of: finding).title)]
    if finding.problemKind != nil, !finding.subject.isEmpty {
      parts.append(Self.plain(finding.subject))
    }
    parts += [finding.infRef?.description, finding.fileName].compactMap { $0.map(Self.plain) }
    if let since = finding.since {
      parts.append("\(say(AlertTexts.Label.since).lowercased()) \(clock(since))")
    }
    return parts.joined(separator: ", ")
  }

  /// Everything a person needs.
  func lines(_ alert: Alert, reason: NotificationReason) -> [String] {
    typealias Label = AlertTexts.Label
    let finding = alert.finding
    var lines = [say(reason.isEnd ? AlertTexts.formerly(alert.meaning) : alert.meaning), ""]
    func add(_ label: LocalizedText, _ value: String?) {
      if let value { lines.append("\(say(label)): \(value)") }
    }
    add(Label.account, finding.account.isEmpty ? nil : Self.plain(finding.account))
    add(Label.file, finding.fileName.map(Self.plain))
    add(Label.infRef, (finding.infRef?.description).map(Self.plain))
    add(Label.orderForm, alert.orderForm)
    add(Label.sender, finding.sender.map(Self.plain))
    add(Label.authority, finding.authority.map(Self.plain))
    add(Label.size, finding.size.map { "\($0) \(say(AlertTexts.bytes))" })
    add(Label.since, finding.since.map { since(clock($0), finding.ageBasis) })
    add(Label.due, finding.due.map(clock))
    add(Label.rule, rule(of: finding))
    add(Label.detail, detail(of: finding))
    add(Label.firing, alert.fired.map(clock))
    add(reason == .expired ? Label.expired : Label.resolved, alert.resolved.map(clock))
    if let group = alert.group { lines += members(of: group) }
    if reason.isEnd {
      add(Label.ending, alert.ending.map(text) ?? say(AlertTexts.unexplained))
    } else {
      lines.append("")
      add(Label.remedy, say(alert.remedy))
      add(Label.ask, alert.advice.map(say))
      if finding.kind != .test {
        let step = Remedy.Step.acknowledge(alert.id)
        add(Label.acknowledge, say(LocalizedText(da: step.inDanish, en: step.description)))
      }
    }
    return lines
  }

  private func members(of group: AlertGroup) -> [String] {
    guard group.count > 0 else { return [] }
    let kinds = group.kinds.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      .map { "\($0.value) × \(say(LocalizedText(naming: $0.key)))" }
    var lines = [
      "\(say(AlertTexts.Label.kinds)): \(kinds.joined(separator: "; "))",
      "\(say(AlertTexts.Label.oldest)):",
    ]
    lines += group.oldest.map { "  – \(shortLine($0))" }
    if group.count > group.oldest.count {
      lines.append("  – \(say(AlertTexts.more(group.count - group.oldest.count)))")
    }
    return lines
  }

  private func rule(of finding: Finding) -> String? {
    let parts = [finding.rule.map(text), finding.ruleLine.map(AlertTexts.settingsLine).map(say)]
      .compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private func since(_ moment: String, _ basis: Finding.AgeBasis?) -> String {
    basis.flatMap { AlertTexts.ages[$0] }.map { "\(moment) (\(say($0)))" } ?? moment
  }

  /// The details beside the facts.
  func detail(of finding: Finding) -> String? {
    // A finding about a server names all its accounts, so its detail may be longer.
    finding.detail.map { Self.plain(say($0), most: finding.source == .servers ? 2000 : 400) }
  }

  /// The reason for the resolution.
  func text(_ ending: FindingEnding) -> String { text(ending.why) }

  /// A text with words from outside.
  private func text(_ text: LocalizedText) -> String { Self.plain(say(text)) }

  /// A text of our own.
  private func say(_ text: LocalizedText) -> String { language == .danish ? text.da : text.en }

  // MARK: Values

  /// Text from outside: on one line, without characters that hide or move anything, CPR-like numbers masked, not
  /// endless.
  static func plain(_ text: String) -> String { plain(text, most: 400) }

  private static func plain(_ text: String, most: Int) -> String {
    // Far more than is shown, so that no number is cut in two before it is masked.
    let visible = text.unicodeScalars.prefix(2000).map { VisibleText.isVisible($0) ? $0 : " " }
    let masked = Masked.name(String(String.UnicodeScalarView(visible))).unicodeScalars
    return String(String.UnicodeScalarView(masked.prefix(most))) + (masked.count > most ? "…" : "")
  }

  /// A moment by the clock on the wall.
  private func clock(_ moment: Timestamp) -> String {
    language == .danish ? moments.danish(moment) : moments.english(moment)
  }
}

extension LocalizedText {
  /// The name of a kind of finding, in a few words.
  package init(naming kind: Finding.Kind) {
    self = KindText(of: Finding(kind: kind, severity: .critical, account: "", subject: "")).title
  }
}
