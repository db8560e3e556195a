package import ExchangeSettings
package import FilsluseBase
package import TriggerFiles

/// Evaluates the rules on observations. Pure: observations, deliveries and the time are arguments.
///
/// While an account's folders cannot be listed, they are evaluated as of the last look: findings from then stay, and no
/// new ones are added.
package struct RuleEvaluator: Sendable {
  /// Accounts, arrivals and rules.
  package let settings: ExchangeSettings
  /// The clock and calendar that the rules count by.
  package let calendar: WatchCalendar
  private let rulesByAccount: [String: AccountRules]

  /// Creates an evaluator; `nil` if the settings name an unknown time zone.
  package init?(_ settings: ExchangeSettings) {
    guard let calendar = WatchCalendar(settings.watch) else { return nil }
    self.settings = settings
    self.calendar = calendar
    let names = settings.watch.accounts.union(settings.accounts.map(\.name))
    rulesByAccount = Dictionary(uniqueKeysWithValues: names.map { ($0, AccountRules($0, settings)) })
  }

  /// Returns the rules of an account.
  func rules(of account: String) -> AccountRules { rulesByAccount[account] ?? AccountRules(account, settings) }

  /// Longest interval between scans that does not count as a monitoring gap.
  package var longestPause: Duration { settings.watch.lookEvery * 3 }

  /// Returns the time of an account's evaluation: that of the last look while its folders cannot be listed, otherwise
  /// now.
  func judgedAt(_ state: InboxState, _ now: Timestamp) -> Timestamp {
    state.failure == nil ? now : min(now, state.lastLook ?? now)
  }

  /// The duration of a finding about a monitoring gap after the gap's end.
  static let gapReportPeriod = Duration.seconds(3600)

  /// Returns the findings about the watching itself, and about the folder as a whole.
  package func findings(about state: InboxState, at now: Timestamp) -> [Finding] {
    var findings: [Finding] = []
    if let failure = state.failure {
      findings.append(
        Finding(
          kind: failure.kind, severity: .critical, account: state.account, subject: "connection",
          since: failure.since,
          detail: failure.text))
    }
    if let gap = state.gaps.first, now.since(gap.upperBound) < Self.gapReportPeriod {
      findings.append(
        Finding(
          kind: .watchGap, severity: .warning, account: state.account,
          subject: "\(gap.lowerBound.millisecondsSince1970)", since: gap.lowerBound,
          detail: LocalizedText(
            da:
              "Mapperne blev ikke set før \(moments.danish(gap.upperBound)); der siges intet om, hvad der var rettidigt i den tid.",
            en:
              "nobody looked until \(moments.english(gap.upperBound)); nothing is said of how punctual that time was")))
    }
    return findings + excess(in: state)
  }

  private func excess(in state: InboxState) -> [Finding] {
    let rule = rules(of: state.account).account
    var findings: [Finding] = []
    func found(_ kind: Finding.Kind, _ rule: LocalizedText, _ line: Int?, _ detail: LocalizedText) {
      findings.append(
        Finding(
          kind: kind, severity: .warning, account: state.account, subject: "inbox", ruleLine: line,
          rule: rule, detail: detail))
    }
    if let most = rule.mostFiles, state.files > most {
      let detail = LocalizedText(
        da: "Der ligger \(state.files.counted("fil", "filer")) i IN.",
        en: "\(state.files.counted("file lies", "files lie")) in IN")
      found(.tooManyFiles, RuleText.mostFiles(most), rule.line.number, detail)
    }
    if let most = rule.mostBytes, state.bytes > most {
      let detail = LocalizedText(
        da: "Filerne i IN fylder \(state.bytes) byte.", en: "\(state.bytes.counted("byte lies", "bytes lie")) in IN")
      found(.tooManyBytes, RuleText.mostBytes(most), rule.line.number, detail)
    }
    return findings
  }

  /// Moments as the clock on the wall shows them.
  var moments: MomentText { MomentText(clock: calendar.clock) }
}

extension InfRefRule {
  /// The InfRefs of the rule on the wire; none where it is about other files.
  package var wireInfRefs: [InfRef] {
    guard let infRef else { return [] }
    let monitored = InfRef.monitored(by: infRef)
    return monitored.isEmpty ? [infRef] : monitored
  }
}

/// The settings for evaluating an account, collected once, because an inbox is evaluated each minute, file by file.
struct AccountRules: Sendable {
  /// The rules about files, in the order of the settings.
  let infRefRules: [InfRefRule]
  /// The rule about the account.
  let account: AccountRule
  /// The arrivals that the account expects.
  let arrivals: [ArrivalRoute]
  /// The account as the settings describe it.
  let settings: Account?
  /// The endings of the contract's files.
  let suffixes: WireSuffixes

  init(_ name: String, _ settings: ExchangeSettings) {
    infRefRules = settings.watch.infRefRules(for: name)
    account = settings.watch.accountRule(for: name)
    arrivals = settings.arrivals.filter { $0.account == name }
    self.settings = settings.account(named: name)
    suffixes = self.settings?.suffixes ?? .default
  }
}
