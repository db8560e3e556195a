internal import ExchangeSettings
public import FilsluseSystem
internal import TriggerFiles

extension Judgement {
  /// The expectation whose time was up last, for each rule about an account that has one.
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

  /// What should have come and did not. It is told until the next time at which something is to come.
  ///
  /// - Parameter arrivals: what came since the last times' windows began.
  public func missing(among arrivals: [ArrivedFile], in state: InboxState, at now: Timestamp) -> [Finding] {
    let now = judgedAt(state, now)
    return dueExpectations(of: state.account, at: now).flatMap { rule, expected, occurrence -> [Finding] in
      // Of a time before anybody watched nothing can be said.
      guard let watchedSince = state.watchedSince, watchedSince < occurrence.deadline else { return [] }
      var counted: Set<String> = []
      let came = arrivals.filter {
        occurrence.window.contains($0.came) && $0.came <= now && rule.covers($0)
          && counted.insert($0.transfer).inserted
      }
      return missing(expected, rule, occurrence, came, state)
    }
  }

  private func missing(
    _ expected: ExpectedFiles, _ rule: InfRefRule, _ occurrence: Occurrence, _ came: [ArrivedFile], _ state: InboxState
  ) -> [Finding] {
    let subject = "\(rule.subject.title)/\(occurrence.day)T\(ClockText.format(expected.rhythm.minute))"
    let unwatched = state.unwatched(in: occurrence.window.lowerBound..<occurrence.deadline)
    func finding(_ kind: Finding.Kind, _ detail: String, _ subject: String, authority: String? = nil) -> Finding {
      let gap = unwatched.first.map {
        "; nobody looked from \(clockText($0.lowerBound)) to \(clockText($0.upperBound)): it may have come and gone"
      }
      return Finding(
        kind: kind, severity: gap == nil ? .critical : .warning, account: state.account, subject: subject,
        infRef: rule.infRef, authority: authority, since: occurrence.deadline,
        due: occurrence.deadline.later(by: expected.grace), ruleLine: rule.line.number,
        rule: "\(rule.subjectPrefix)expect: \(expected.rhythm)", detail: detail + (gap ?? ""))
    }
    if came.isEmpty { return [finding(.expectedMissing, "no file has come", subject)] }
    guard let municipalities = expected.municipalities else {
      guard came.count < expected.files else { return [] }
      return [finding(.tooFewFiles, "\(came.count) of \(expected.files) files have come", subject)]
    }
    let counts = MunicipalityCounts(came.map(MunicipalityCounts.Share.init))
    return municipalities.compactMap { municipality in
      let count = counts[municipality]
      guard count < expected.files else { return nil }
      let detail = expected.files == 1 ? "no file has come" : "\(count) of \(expected.files) files have come"
      var authority: String?
      if case .cvr(let digits) = municipality { authority = digits }
      return finding(
        .municipalityMissing, "\(detail) for \(municipality.title)", "\(subject)/\(municipality)", authority: authority)
    }
  }
}

/// How many files came for each municipality, by what their names say (contract section 5) and by their recipients.
struct MunicipalityCounts {
  private var byCode: [String: Int] = [:]
  private var byCVR: [String: Int] = [:]

  /// What one file counts for.
  struct Share: Sendable {
    let codes: Set<String>
    let authority: String?

    init(_ file: ArrivedFile) {
      let named = MunicipalityNaming.counted(MunicipalityNaming.all(in: file.name))
      codes = Set(named.map(\.municipality.code))
      authority = file.recipientAuthority
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
