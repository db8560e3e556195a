internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import TriggerFiles

/// Words an alert: the file, its place and age, its sender, its rule, the remedy and the party to ask.
struct AlertWording: Sendable {
  private let texts: any AlertTexts
  private let language: AlertSettings.Language
  private let moments: MomentText

  init(_ language: AlertSettings.Language, clock: WallClock = .denmark) {
    self.language = language
    moments = MomentText(clock: clock)
    switch language {
    case .danish: texts = DanishAlertTexts()
    case .english: texts = EnglishAlertTexts()
    }
  }

  /// The headline: `KRITISK: SortimentOverfør_1 …`.
  func headline(_ alert: Alert, reason: AlertNotification.Reason) -> String {
    let finding = alert.finding
    let severity = finding.severity == .critical ? texts.critical : texts.warning
    let what = title(of: alert)
    let mark = texts.reasons[reason].map { reason.isEnd ? "\($0): " : "\(severity) (\($0)): " } ?? "\(severity): "
    let place = finding.source == .servers ? finding.subject : finding.account
    let account = place.isEmpty ? nil : Self.plain(place)
    let about = [account, finding.infRef.map(Self.plain), finding.fileName.map(Self.plain)].compactMap(\.self)
    return mark + what + (about.isEmpty ? "" : " – " + about.joined(separator: ", "))
  }

  /// The title in a few words, without severity and subject.
  func title(of alert: Alert) -> String {
    guard let fold = alert.fold else { return words(for: alert.finding).title }
    return alert.finding.source == .journal
      ? texts.problems(fold.count, critical: fold.critical) : texts.storm(fold.count, critical: fold.critical)
  }

  /// Whom to ask about it.
  func advice(for finding: Finding) -> String? {
    texts.advice(words(for: finding).contact, authority: finding.authority.map(Self.plain))
  }

  /// The remedy for it.
  func remedy(for finding: Finding) -> String { texts.text(words(for: finding).remedy) }

  /// One finding in one line, as a fold names it.
  func shortLine(_ finding: Finding) -> String {
    var parts = [words(for: finding).title]
    if finding.problemKind != nil, !finding.subject.isEmpty { parts.append(Self.plain(finding.subject)) }
    parts += [finding.infRef, finding.fileName].compactMap { $0.map(Self.plain) }
    if let since = finding.since { parts.append("\(texts.labels.since.lowercased()) \(clock(since))") }
    return parts.joined(separator: ", ")
  }

  /// Everything a person needs.
  func lines(_ alert: Alert, reason: AlertNotification.Reason) -> [String] {
    let finding = alert.finding
    let labels = texts.labels
    let kind = words(for: finding)
    var lines = [reason.isEnd ? texts.formerly(kind.meaning) : kind.meaning, ""]
    func add(_ label: String, _ value: String?) {
      if let value { lines.append("\(label): \(value)") }
    }
    add(labels.account, finding.account.isEmpty ? nil : Self.plain(finding.account))
    add(labels.file, finding.fileName.map(Self.plain))
    add(labels.infRef, finding.infRef.map(Self.plain))
    add(labels.orderForm, Self.orderForm(of: finding.infRef))
    add(labels.sender, finding.sender.map(Self.plain))
    add(labels.authority, finding.authority.map(Self.plain))
    add(labels.size, finding.size.map { "\($0) \(texts.bytes)" })
    add(labels.since, finding.since.map { since(clock($0), finding.ageBasis) })
    add(labels.due, finding.due.map(clock))
    add(labels.rule, rule(of: finding))
    add(labels.detail, detail(of: finding))
    add(labels.firing, alert.fired.map(clock))
    add(reason == .expired ? labels.expired : labels.resolved, alert.resolved.map(clock))
    if let fold = alert.fold { lines += members(of: fold) }
    if reason.isEnd {
      add(labels.ending, alert.ending.map(text) ?? texts.unexplained)
    } else {
      lines.append("")
      add(labels.remedy, texts.text(kind.remedy))
      add(labels.ask, advice(for: finding))
      if finding.kind != .test { add(labels.acknowledge, texts.text("\(.acknowledge(alert.id))")) }
    }
    return lines
  }

  private func members(of fold: AlertFold) -> [String] {
    guard fold.count > 0 else { return [] }
    let kinds = fold.kinds.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      .map { "\($0.value) × \(title(of: $0.key))" }
    var lines = ["\(texts.labels.kinds): \(kinds.joined(separator: "; "))", "\(texts.labels.oldest):"]
    lines += fold.oldest.map { "  – \(shortLine($0))" }
    if fold.count > fold.oldest.count { lines.append("  – \(texts.more(fold.count - fold.oldest.count))") }
    return lines
  }

  private func title(of kind: Finding.Kind) -> String {
    OpenProblem.Kind(rawValue: kind.rawValue).map { texts.words(for: $0).title } ?? texts.kinds[kind]?.title
      ?? texts.unknownKind.title
  }

  private func rule(of finding: Finding) -> String? {
    let parts = [finding.localizedRule.map(text), finding.ruleLine.map(texts.settingsLine)].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private func since(_ moment: String, _ basis: Finding.AgeBasis?) -> String {
    basis.flatMap { texts.ages[$0] }.map { "\(moment) (\($0))" } ?? moment
  }

  /// The details beside the facts.
  func detail(of finding: Finding) -> String? {
    // What is folded into one finding names all that it is about.
    finding.localizedDetail.map {
      Self.plain(language == .danish ? $0.da : $0.en, most: finding.source == .servers ? 2000 : 400)
    }
  }

  /// The reason for the resolution.
  func text(_ ending: FindingEnding) -> String { text(ending.why) }

  private func text(_ text: LocalizedText) -> String { Self.plain(language == .danish ? text.da : text.en) }

  /// The words for what a finding is and what to do about it.
  func words(for finding: Finding) -> KindText {
    if finding.kind == .unknownSender, Self.orderForm(of: finding.infRef) != nil { return texts.foreignSortiment }
    if let problem = finding.problemKind { return texts.words(for: problem) }
    if finding.kind == .manyFindings, finding.source == .journal { return texts.manyProblems }
    if finding.severity == .warning, let text = texts.warnings[finding.kind] { return text }
    return texts.kinds[finding.kind] ?? texts.unknownKind
  }

  // MARK: Values

  /// The InfRef as KOMBIT's order form prints it, where that differs from the wire (contract section 4, TFH206).
  static func orderForm(of infRef: String?) -> String? {
    guard let infRef, InfRef.monitored(by: "SF7002").contains(where: { $0.name.utf8.elementsEqual(infRef.utf8) }) else {
      return nil
    }
    return "SF7002"
  }

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
