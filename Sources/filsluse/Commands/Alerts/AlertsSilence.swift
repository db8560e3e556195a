import ArgumentParser
import ExchangeSettings
import FilsluseBase
import PickupWatch
import TriggerFiles

/// `filsluse alerts silence`: silences certain alerts for a while.
struct AlertsSilence: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "silence",
    abstract: LocalizedText(
      "Silence certain alerts for a while.", "Lad bestemte alarmer være uden besked et stykke tid."
    ).shown,
    discussion: LocalizedText(
      """
      They are kept and listed all the same, and sent if they are still there when it ends. The end of an alert is sent \
      to whoever was told of it.
      """,
      """
      De gemmes og vises alligevel og meldes, hvis de stadig er der, når den slutter. At en alarm er overstået, meldes til dem, \
      der fik den at vide.
      """
    ).shown)

  @Option(
    help: ArgumentHelp("Only of this account.", "Kun for denne konto.", valueName: "name"),
    completion: Proposals.accounts)
  var account: String?

  @Option(
    name: .customLong("infref"),
    help: ArgumentHelp(
      "Only about this InfRef; SF7002 is both of SortimentOverfør.",
      "Kun om denne InfRef; SF7002 er begge SortimentOverfør.", valueName: "name"))
  var infRef: String?

  @Option(
    help: ArgumentHelp(
      "Only of this sort, such as pick-up-late.", "Kun af denne slags, for eksempel pick-up-late.", valueName: "sort"),
    transform: AlertsSilence.knownKind)
  var kind: String?

  @Option(
    help: ArgumentHelp(
      "Only what this alert is about, now and when it comes back.",
      "Kun det, som denne alarm handler om, nu og når den kommer igen.", valueName: "number"))
  var alert: Int64?

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("For how long: 2h, 1d12h.", "Hvor længe: 2h, 1d12h.", valueName: "period"),
    transform: Period.parse)
  var period: Duration

  @Option(help: ArgumentHelp("Why.", "Hvorfor.", valueName: "text"))
  var why: String

  @OptionGroup var speaker: SpeakerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  /// Refuses a kind that no finding has, as soon as it is read: before what else is missing is said.
  private static func knownKind(_ kind: String) throws -> String {
    let kinds = (Finding.Kind.all + Finding.Kind.ofJournal).map(\.rawValue)
    if kinds.contains(kind) { return kind }
    let meant = NearestName.to(kind, among: kinds).map { "; \(NearestName.question($0).shown)" } ?? "."
    let (name, list) = (Printable.text(kind), kinds.joined(separator: ", "))
    throw ValidationError(
      "There is no kind “\(name)”\(meant) --kind takes one of \(list).",
      "Der er ingen slags „\(name)“\(meant) --kind tager en af \(list).")
  }

  func validate() throws {
    try Remark.check(why, as: "--why")
    guard account != nil || infRef != nil || kind != nil || alert != nil else {
      throw ValidationError(
        "Say what is to be silent: --account, --infref, --kind or --alert.",
        "Angiv, hvad der skal være stille: --account, --infref, --kind eller --alert.")
    }
    guard period <= .seconds(366 * 86_400) else {
      throw ValidationError("--for takes a year at most.", "--for tager højst et år.")
    }
  }

  func run() async throws {
    let loaded = try settings.load()
    if let account {
      try KnownName.check(
        account, isAmong: loaded.accounts.map(\.name), LocalizedText("there is no account", "der er ingen konto"),
        LocalizedText("the settings have", "indstillingerne har"))
    }
    let store = try await settings.openAlerts()
    if let infRef {
      let known = try await Set(store.infRefs()).union(loaded.namedInfRefs)
      try KnownName.check(
        infRef, isAmong: known.sorted(),
        LocalizedText("no alert can be about the InfRef", "ingen alarm kan handle om InfRef"),
        LocalizedText("the settings and the alerts have", "indstillingerne og alarmerne har"),
        besides: Self.fixedInfRefs)
    }
    var matcher = Silence.Matcher(account: account, infRef: infRef.map(InfRef.init(unchecked:)), kind: kind)
    if let alert {
      guard let found = try await store.alert(alert) else {
        throw AlertsCommand.missing(alert)
      }
      matcher.findingID = found.finding.id
    }
    let now = Timestamp.now
    let silence = try await store.silence(
      matcher, from: now, until: now.later(by: period), by: speaker.name, why: why)
    if output.json { return try Output.print(json: SilenceLine(silence)) }
    let end = loaded.watch.alerts.wallClock.stamp(at: silence.until)
    let text = LocalizedText(
      "silence \(silence.id) holds until \(end)", "dæmpning \(silence.id) gælder til \(end)")
    Output.print(text.shown)
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
