import ArgumentParser
import ExchangeSettings
import FilsluseBase
import PickupWatch
import TriggerFiles

/// `filsluse alerts silence`: silences certain alerts for a while.
struct AlertsSilence: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "silence", abstract: "Silence certain alerts for a while.",
    discussion: """
      They are kept and listed all the same, and sent if they are still there when it ends. The end of an alert is sent \
      to whoever was told of it.
      """)

  @Option(help: ArgumentHelp("Only of this account.", valueName: "name"))
  var account: String?

  @Option(
    name: .customLong("infref"),
    help: ArgumentHelp("Only about this InfRef; SF7002 is both of SortimentOverfør.", valueName: "name"))
  var infRef: String?

  @Option(help: ArgumentHelp("Only of this sort, such as pick-up-late.", valueName: "sort"))
  var kind: String?

  @Option(help: ArgumentHelp("Only what this alert is about, now and when it comes back.", valueName: "number"))
  var alert: Int64?

  @Option(
    name: .customLong("for"), help: ArgumentHelp("For how long: 2h, 1d12h.", valueName: "period"),
    transform: Period.parse)
  var period: Duration

  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var why: String

  @OptionGroup var speaker: SpeakerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try Remark.check(why, as: "--why")
    guard account != nil || infRef != nil || kind != nil || alert != nil else {
      throw ValidationError("Say what is to be silent: --account, --infref, --kind or --alert.")
    }
    let kinds = (Finding.Kind.all + Finding.Kind.ofJournal).map(\.rawValue)
    if let kind, !kinds.contains(kind) {
      let meant = NearestName.to(kind, among: kinds).map { "; \(NearestName.question($0).en)" } ?? "."
      throw ValidationError(
        "There is no kind “\(Printable.text(kind))”\(meant) --kind takes one of \(kinds.joined(separator: ", ")).")
    }
    guard period <= .seconds(366 * 86_400) else { throw ValidationError("--for takes a year at most.") }
  }

  func run() async throws {
    let loaded = try settings.load()
    if let account {
      try KnownName.check(account, isAmong: loaded.accounts.map(\.name), "there is no account", "the settings have")
    }
    let store = try await settings.openAlerts()
    if let infRef {
      let known = try await Set(store.infRefs()).union(loaded.namedInfRefs)
      try KnownName.check(
        infRef, isAmong: known.sorted(), "no alert can be about the InfRef", "the settings and the alerts have",
        besides: Self.fixedInfRefs)
    }
    var matcher = Silence.Matcher(account: account, infRef: infRef.map(InfRef.init(unchecked:)), kind: kind)
    if let alert {
      guard let found = try await store.alert(alert) else {
        throw CommandFailure(.badData, "there is no alert \(alert); alerts list shows those that there are")
      }
      matcher.findingID = found.finding.id
    }
    let now = Timestamp.now
    let silence = try await store.silence(
      matcher, from: now, until: now.later(by: period), by: speaker.name, why: why)
    if output.json { return try Output.print(json: SilenceLine(silence)) }
    Output.print("silence \(silence.id) holds until \(loaded.watch.alerts.wallClock.text(at: silence.until))")
  }

  /// The InfRefs that the platform itself names; files of them may come wherever they are ordered.
  private static let fixedInfRefs = [InfRef.sf7002.name] + InfRef.monitored(by: .sf7002).map(\.name)
}

extension ExchangeSettings {
  /// Every InfRef that stands in the settings, and those that SF7002 stands for where a rule is about it.
  var namedInfRefs: Set<String> {
    let watched = watch.infRefRules.flatMap {
      ([$0.infRef, $0.answer?.infRef].compactMap(\.self) + $0.wireInfRefs).map(\.name)
    }
    let exchanged = routes.compactMap(\.addressing?.infRef.name) + arrivals.compactMap(\.infRef?.name)
    return register.union(watched).union(exchanged)
  }
}
