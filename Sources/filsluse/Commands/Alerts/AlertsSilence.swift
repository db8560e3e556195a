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
      "Kun det, som denne alarm handler om, nu og når den kommer igen.", valueName: "number"),
    completion: Proposals.openAlerts, transform: AlertsCommand.number)
  var alert: Int64?

  @Option(
    help: ArgumentHelp(
      "Only of this kind and rule, as alerts groups shows them.",
      "Kun af denne slags og regel, som alerts groups viser dem.", valueName: "group"),
    transform: AlertsCommand.group)
  var group: RuleGroup.Key?

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("For how long: 2h, 1d12h.", "Hvor længe: 2h, 1d12h.", valueName: "period"),
    transform: Period.parse)
  var period: Duration?

  @Option(
    help: ArgumentHelp(
      "Until when instead: 08:00, the next one, or 2026-11-24 08:00, by time-zone.",
      "I stedet til hvornår: 08:00, det næste, eller 2026-11-24 08:00, efter time-zone.", valueName: "time"))
  var until: String?

  @Option(
    help: ArgumentHelp(
      "From when, written as --until; now unless given.",
      "Fra hvornår, skrevet som --until; nu, hvis intet er angivet.",
      valueName: "time"))
  var from: String?

  @Option(help: ArgumentHelp("Why.", "Hvorfor.", valueName: "text"))
  var why: String

  @OptionGroup var speaker: SpeakerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  /// Refuses an unknown kind when it is parsed, before missing options are reported.
  private static func knownKind(_ kind: String) throws -> String {
    let kinds = (Finding.Kind.all + Finding.Kind.ofJournal).map(\.rawValue)
    if kinds.contains(kind) { return kind }
    let meant = NearestName.to(kind, among: kinds).map { NearestName.question($0) + LocalizedText(" ") }
    let (name, list) = (Printable.text(kind), kinds.joined(separator: ", "))
    throw ValidationError(
      "there is no kind “\(name)”", "der er ingen slags „\(name)“",
      remedy: (meant ?? LocalizedText("")) + LocalizedText("write one of \(list)", "skriv en af \(list)"))
  }

  func validate() throws {
    try Remark.check(why, as: "--why")
    guard account != nil || infRef != nil || kind != nil || alert != nil || group != nil else {
      throw ValidationError(
        remedy: LocalizedText(
          "say what is to be silent: --account, --infref, --kind, --group or --alert",
          "angiv, hvad der skal være stille: --account, --infref, --kind, --group eller --alert"))
    }
    guard kind == nil || group == nil else {
      throw ValidationError(
        "a group has its kind", "en gruppe har sin slags",
        remedy: LocalizedText("give --kind or --group", "angiv --kind eller --group"))
    }
    guard (period == nil) != (until == nil) else {
      throw ValidationError(remedy: LocalizedText("give --for or --until", "angiv --for eller --until"))
    }
    guard period ?? .zero <= WatchDatabase.longestSilence else {
      throw ValidationError("--for takes a year at most", "--for tager højst et år")
    }
    for text in [from, until].compactMap(\.self) {
      // The clock of the settings is not known here; every one reads the same texts.
      _ = try Self.moment(text, by: .denmark, after: .now)
    }
  }

  /// Reads a moment: `08:00`, the next one, or `2026-11-24 08:00`.
  private static func moment(_ text: String, by clock: WallClock, after now: Timestamp) throws -> Timestamp {
    let parts = text.split { $0 == " " || $0 == "T" }.map(String.init)
    if parts.count == 1, let minute = ClockText.parse(parts[0]) {
      let today = clock.reading(at: now).day
      let moment = clock.moment(today, minute: minute)
      return moment > now ? moment : clock.moment(today.later(byDays: 1), minute: minute)
    }
    if parts.count == 2, let day = CivilDay(parts[0]), let minute = ClockText.parse(parts[1]) {
      return clock.moment(day, minute: minute)
    }
    let shown = Printable.text(text)
    throw ValidationError(
      "“\(shown)” is no time", "„\(shown)“ er ikke et tidspunkt",
      remedy: LocalizedText("write 08:00 or 2026-11-24 08:00", "skriv 08:00 eller 2026-11-24 08:00"))
  }

  func run() async throws {
    let loaded = try settings.load()
    try AlertsCommand.check(account: account, loaded)
    let store = try await settings.openAlertsToAct()
    try await AlertsCommand.check(infRef: infRef, loaded, store, besides: [InfRef.sf7002.name])
    let matcher = try await matcher(in: store)
    let (now, clock) = (Timestamp.now, loaded.watch.alerts.wallClock)
    let begin = try from.map { try Self.moment($0, by: clock, after: now) }
    let end = try until.map { try Self.moment($0, by: clock, after: now) } ?? (begin ?? now).later(by: period ?? .zero)
    let recorder = ActRecorder(store, of: loaded)
    let answer = try await recorder.silence(
      matcher, from: begin, until: end, Act(by: speaker.name, why: why, at: now))
    guard case .done(let result) = answer else {
      if case .refused(let refusal) = answer { throw AlertsCommand.refused(refusal, code: .silenceRefused) }
      return
    }
    try show(result.silence, by: clock)
    try await recorder.confirm()
  }

  /// Returns the criteria of the options, with those of the alert or the group.
  private func matcher(in store: WatchDatabase) async throws -> Silence.Matcher {
    var matcher = Silence.Matcher(account: account, infRef: infRef.map(InfRef.init(unchecked:)), kind: kind)
    if let alert {
      guard let found = try await store.alert(alert) else {
        throw AlertsCommand.missing(alert)
      }
      matcher.findingID = found.finding.id
    }
    if let group {
      guard let example = try await store.example(of: group) else {
        throw AlertsCommand.missing(group)
      }
      matcher.kind = group.kind.rawValue
      matcher.rule = example.finding.rule
    }
    return matcher
  }

  private func show(_ silence: Silence, by clock: WallClock) throws {
    if output.json { return try Output.print(json: SilenceLine(silence)) }
    let end = clock.stamp(at: silence.until)
    let text = LocalizedText(
      "silence \(silence.id) holds until \(end)", "dæmpning \(silence.id) gælder til \(end)")
    Output.print(text.shown)
  }
}

extension ExchangeSettings {
  /// Every InfRef in the settings, and those behind SF7002 if a rule names it.
  var namedInfRefs: Set<String> {
    let watched = watch.infRefRules.flatMap {
      ([$0.infRef, $0.answer?.infRef].compactMap(\.self) + $0.wireInfRefs).map(\.name)
    }
    let exchanged = routes.compactMap(\.addressing?.infRef.name) + arrivals.compactMap(\.infRef?.name)
    return register.union(watched).union(exchanged)
  }
}
