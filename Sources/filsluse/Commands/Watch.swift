import ArgumentParser
import ExchangeSettings
import FilsluseSystem
import Logging
import PickupWatch

/// `filsluse watch`: whether files are picked up, come and are answered in time.
struct Watch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what lies too long, does not come, or gets no receipt or answer.",
    discussion: """
      Rules stand under "watch" in the settings. The folders are listed and new metadata is read; nothing is written on \
      the server, and no data is opened. What was seen is kept in a file of its own (watch: sights:). Exit status of \
      --once: 0 nothing, 1 a warning, 2 something critical, such as an inbox that cannot be looked into.
      """)

  @Flag(help: "Look once and end.")
  var once = false

  @Flag(help: "Say in a sentence what each rule asks and would do now; no server is asked.")
  var explain = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard once != explain else {
      throw ValidationError("Add either --once or --explain: looking again and again is not there yet.")
    }
  }

  func run() async throws {
    let settings = try settings.load()
    guard !settings.watch.isEmpty else {
      throw CommandFailure(
        .configuration, "\(self.settings.config): no rules stand under \"watch\", so there is nothing to look for")
    }
    if explain { return try explain(settings) }
    let reports = try await WatchRound(settings: settings, logger: CommandLogger.make()).run()
    if output.json {
      try Output.print(json: reports.map(ReportedAccount.init))
    } else {
      WatchList(reports, clock: WallClock(zone: settings.watch.timeZone)).print()
    }
    for report in reports {
      if let failure = report.failure { Output.note("filsluse: \(report.account): \(failure)") }
    }
    switch reports.compactMap(\.gravity).max() {
    case .critical: throw CommandFailure(.critical)
    case .warning: throw CommandFailure(.warning)
    case nil: break
    }
  }

  private func explain(_ settings: ExchangeSettings) throws {
    guard let judgement = Judgement(settings) else {
      throw CommandFailure(.configuration, "there is no time zone \(settings.watch.timeZone)")
    }
    let rules = judgement.explanations(at: .now)
    if output.json { return try Output.print(json: rules.map(ExplainedRule.init)) }
    for rule in rules {
      let line = rule.line.map { "line \($0): " } ?? ""
      Output.print(Printable.text("\(line)\(rule.sentence) \(rule.now)"))
    }
  }
}

/// A rule as JSON explains it.
private struct ExplainedRule: Encodable {
  let line: Int?
  let accounts: [String]
  let asks: String
  let now: String

  init(_ rule: RuleExplanation) {
    line = rule.line
    accounts = rule.accounts
    asks = rule.sentence
    now = rule.now
  }
}
