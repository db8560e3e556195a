internal import ExchangeSettings
package import FilsluseBase
internal import TriggerFiles

extension RuleEvaluator {
  /// Returns the last expectation that is due, for each rule of an account that has one.
  func dueExpectations(
    of account: String, at now: Timestamp
  ) -> [(rule: InfRefRule, expected: ExpectedFiles, occurrence: Occurrence)] {
    rules(of: account).infRefRules.compactMap { rule in
      guard let expected = rule.expected,
        let occurrence = calendar.lastOccurrence(of: expected.rhythm, at: now.earlier(by: expected.grace))
      else { return nil }
      return (rule, expected, occurrence)
    }
  }

  /// Returns findings about missing files. They last until the next deadline.
  ///
  /// - Parameter arrivals: the files received since the last deadlines' windows began.
  package func missing(among arrivals: [ArrivedFile], in state: InboxState, at now: Timestamp) -> [Finding] {
    let now = judgedAt(state, now)
    return dueExpectations(of: state.account, at: now).flatMap { rule, expected, occurrence -> [Finding] in
      // Deadlines before the beginning of the watch are unknown.
      guard let watchedSince = state.watchedSince, watchedSince < occurrence.deadline else { return [] }
      return missing(expected, rule, occurrence, counted(arrivals, rule, occurrence, at: now), state)
    }
  }

  /// Returns the files that count for a deadline of a rule, each once, in the order of arrival.
  func counted(
    _ arrivals: [ArrivedFile], _ rule: InfRefRule, _ occurrence: Occurrence, at now: Timestamp
  ) -> [ArrivedFile] {
    var counted: Set<String> = []
    return arrivals.filter { occurrence.window.contains($0.came) && $0.came <= now && rule.covers($0) }
      .sorted { $0.came < $1.came }.filter { counted.insert($0.transfer).inserted }
  }

  /// Returns the subject of findings about a deadline of a rule.
  private static func subject(_ expected: ExpectedFiles, _ rule: InfRefRule, _ day: CivilDay) -> String {
    "\(rule.subject.title)/\(day)T\(ClockText.format(expected.rhythm.minute))"
  }

  /// Returns the deadline in the subject of a finding; `nil` if the finding is another rule's.
  func occurrence(of expected: ExpectedFiles, _ rule: InfRefRule, subject: String) -> Occurrence? {
    let title = "\(rule.subject.title)/"
    guard subject.hasPrefix(title), let day = CivilDay(String(subject.dropFirst(title.count).prefix(10))) else {
      return nil
    }
    let own = Self.subject(expected, rule, day)
    guard subject == own || subject.hasPrefix("\(own)/") else { return nil }
    let deadline = calendar.clock.moment(day, minute: expected.rhythm.minute)
    return calendar.lastOccurrence(of: expected.rhythm, at: deadline).flatMap { $0.day == day ? $0 : nil }
  }

  /// Returns the file that ended a finding about missing files; `nil` if it did not come.
  func completing(_ finding: Finding, _ expected: ExpectedFiles, _ came: [ArrivedFile]) -> ArrivedFile? {
    switch finding.kind {
    case .expectedMissing: return came.first
    case .tooFewFiles: return came.count >= expected.files ? came[expected.files - 1] : nil
    default:
      guard let municipality = expected.municipalities?.first(where: { finding.subject.hasSuffix("/\($0)") }) else {
        return nil
      }
      let own = came.filter { MunicipalityCounts([MunicipalityCounts.Share($0)])[municipality] > 0 }
      return own.count >= expected.files ? own[expected.files - 1] : nil
    }
  }

  private func missing(
    _ expected: ExpectedFiles, _ rule: InfRefRule, _ occurrence: Occurrence, _ came: [ArrivedFile], _ state: InboxState
  ) -> [Finding] {
    let subject = Self.subject(expected, rule, occurrence.day)
    let unwatched = state.unwatched(in: occurrence.window.lowerBound..<occurrence.deadline)
    func finding(
      _ kind: Finding.Kind, _ detail: LocalizedText, _ subject: String, authority: String? = nil
    ) -> Finding {
      let gap = unwatched.first.map { span in
        LocalizedText(
          da:
            " Mapperne blev ikke set fra \(moments.danish(span.lowerBound)) til \(moments.danish(span.upperBound)): filen kan være kommet og være hentet i den tid.",
          en:
            "; nobody looked from \(moments.english(span.lowerBound)) to \(moments.english(span.upperBound)): it may have come and gone"
        )
      }
      return Finding(
        kind: kind, severity: gap == nil ? .critical : .warning, account: state.account, subject: subject,
        infRef: rule.infRef.map { ShownInfRef($0) }, authority: authority, since: occurrence.deadline,
        due: occurrence.deadline.later(by: expected.grace), ruleLine: rule.line.number,
        rule: RuleText.expected(expected, rule), detail: gap.map { detail + $0 } ?? detail)
    }
    func some(_ count: Int) -> LocalizedText {
      LocalizedText(
        da: count == 0 ? "Der er ikke kommet nogen fil" : "Der er kommet \(count) af \(expected.files) filer",
        en: count == 0 ? "no file has come" : "\(count) of \(expected.files) files have come")
    }
    let end = LocalizedText(da: ".", en: "")
    if came.isEmpty { return [finding(.expectedMissing, some(0) + end, subject)] }
    guard let municipalities = expected.municipalities else {
      guard came.count < expected.files else { return [] }
      return [finding(.tooFewFiles, some(came.count) + end, subject)]
    }
    let counts = MunicipalityCounts(came.map(MunicipalityCounts.Share.init))
    return municipalities.compactMap { municipality in
      let count = counts[municipality]
      guard count < expected.files else { return nil }
      let title = municipality.title
      let detail = some(count) + LocalizedText(da: " for \(title).", en: " for \(title)")
      var authority: String?
      if case .cvr(let digits) = municipality { authority = digits }
      return finding(
        .municipalityMissing, detail, "\(subject)/\(municipality)", authority: authority)
    }
  }
}

/// The number of files received for each municipality, by their names (contract section 5) and by their recipients.
struct MunicipalityCounts {
  private var byCode: [String: Int] = [:]
  private var byCVR: [String: Int] = [:]

  /// The municipalities that one file counts for.
  struct Share: Sendable {
    let codes: Set<String>
    let authority: String?

    init(_ file: ArrivedFile) {
      let named = MunicipalityMention.counted(MunicipalityMention.all(in: file.name))
      codes = Set(named.map(\.municipality.code))
      authority = file.recipientAuthority
    }

    /// Returns true if the file counts for a municipality.
    func counts(for municipality: ExpectedMunicipality) -> Bool {
      switch municipality {
      case .code(let code): codes.contains(code)
      case .cvr(let digits): authority == digits
      }
    }
  }

  init(_ files: some Sequence<Share>) {
    for file in files {
      for code in file.codes { byCode[code, default: 0] += 1 }
      if let authority = file.authority { byCVR[authority, default: 0] += 1 }
    }
  }

  subscript(_ municipality: ExpectedMunicipality) -> Int {
    switch municipality {
    case .code(let code): byCode[code] ?? 0
    case .cvr(let digits): byCVR[digits] ?? 0
    }
  }
}

extension ExpectedMunicipality {
  /// The municipality in words.
  var title: String {
    switch self {
    case .code(let code): Municipality(code: code)?.title ?? code
    case .cvr(let digits): "CVR \(digits)"
    }
  }
}
