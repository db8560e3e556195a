import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import Glibc
import PickupWatch
import SystemPackage
import TriggerFiles

/// `filsluse alerts`: lists the watcher's alerts, acknowledges and silences them.
struct AlertsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts",
    abstract: LocalizedText(
      "List, acknowledge and silence the watcher's alerts, and test whether they come through.",
      "Vis, kvittér for og dæmp overvågningens alarmer, og prøv, om de når frem."
    ).shown,
    discussion: LocalizedText(
      "Works beside a watcher that runs; what is said here counts from its next look on.",
      "Virker ved siden af en overvågning, der kører; det, der siges her, gælder fra dens næste blik."
    ).shown,
    subcommands: [
      AlertsList.self, AlertsGroups.self, AlertsShow.self, AlertsAcknowledge.self, AlertsUnacknowledge.self,
      AlertsSilence.self, AlertsSilences.self, AlertsUnsilence.self, AlertsTest.self,
    ])
}

extension SettingsOptions {
  /// Opens the watcher's database, which holds its alerts.
  ///
  /// - Throws: `CommandFailure` with `inputMissing` where no watcher has made one.
  func openAlerts() async throws -> WatchDatabase {
    let path = try load().watch.database
    // A file created here would belong to the user of the command, not to the watcher's.
    guard access(path.string, F_OK) == 0 else {
      throw CommandFailure(
        .inputMissing, "\(path) is not there: no watcher has kept alerts here yet",
        "\(path) findes ikke: ingen overvågning har gemt alarmer her endnu",
        remedy: LocalizedText("start filsluse watch first", "start filsluse watch først"))
    }
    return try await WatchDatabase.open(path)
  }
}

extension SettingsOptions {
  /// Opens the watcher's database for a person's act. If several machines use one journal, a watcher must run here: it
  /// keeps the alerts of the machine that leads in the database, and says whether another one does.
  ///
  /// - Throws: `CommandFailure` if no watcher runs here, and as ``openAlerts()``.
  func openAlertsToAct() async throws -> WatchDatabase {
    let settings = try load()
    let store = try await openAlerts()
    guard settings.journalServer != nil, try !WatchDatabase.hasWatcher(settings.watch.database) else { return store }
    try await store.close()
    throw CommandFailure(
      .notDoneYet,
      "no watcher runs on this machine, so the alerts of the machine that leads the watch are not known here",
      "ingen overvågning kører på denne maskine, så alarmerne fra den maskine, der leder overvågningen, kendes ikke her",
      remedy: LocalizedText(
        "do it on a machine where filsluse watch runs, or start that here first; watch --once sends no alerts, and what it finds cannot be acknowledged or silenced",
        "gør det på en maskine, hvor filsluse watch kører, eller start den her først; watch --once sender ingen alarmer, og der kan ikke kvitteres for det, den finder, og det kan ikke dæmpes"
      ))
  }
}

extension ActRecorder {
  /// Records a person's acts in the database of the watcher that runs here, or through the journal's server on the
  /// machine that leads the watch.
  convenience init(_ store: WatchDatabase, of settings: ExchangeSettings) {
    self.init(
      store,
      lead: { () async throws(ExchangeError) -> LeadAnswer in
        if settings.journalServer == nil { return .leads }
        return try await store.leadAnswer()
      },
      give: { (request: String, key: String) async throws(ExchangeError) -> String in
        try await store.give(request, key, by: settings)
      }, share: { () async throws(ExchangeError) -> Void in try await store.waitUntilShared(by: settings) })
  }
}

extension AlertRefusal: HasExitStatus {
  var exitStatus: ExitStatus { .badData }
  func reported(by command: String) -> ReportedError {
    ReportedError(ending: command, exitStatus, explanation, remedy: remedy?.shown, code: .alertUnchanged)
  }

  var explanation: String {
    let words = Printable.text(WallClock.denmark.localizing(reason.shown))
    return "filsluse: \(words)" + (remedy.map { "; \($0.shown)" } ?? "")
  }
}

extension AlertsCommand {
  /// The failure of a command that names an alert which is not there.
  static func missing(_ alert: Int64) -> CommandFailure {
    CommandFailure(
      .badData, code: .unknownAlert, "there is no alert \(alert)", "der er ingen alarm \(alert)",
      remedy: LocalizedText("alerts list shows those that there are", "alerts list viser dem, der er"))
  }

  /// The failure of a command that names a group without open alerts.
  static func missing(_ group: RuleGroup.Key) -> CommandFailure {
    CommandFailure(
      .badData, code: .unknownGroup,
      "no open alert is in the group \(group.id)", "ingen åben alarm er i gruppen \(group.id)",
      remedy: LocalizedText("alerts groups shows those that there are", "alerts groups viser dem, der er"))
  }

  /// Refuses an account that the settings do not have.
  static func check(account: String?, _ settings: ExchangeSettings) throws(CommandFailure) {
    guard let account else { return }
    try KnownName.check(
      account, isAmong: settings.accounts.map(\.name), LocalizedText("there is no account", "der er ingen konto"),
      LocalizedText("the settings have", "indstillingerne har"))
  }

  /// Refuses an InfRef that neither the settings nor the alerts have, but for those that the platform itself names:
  /// files of them may come to any account that ordered them.
  ///
  /// - Parameter others: names that are as good.
  static func check(
    infRef: String?, _ settings: ExchangeSettings, _ store: WatchDatabase, besides others: [String] = []
  ) async throws {
    guard let infRef else { return }
    let known = try await Set(store.infRefs()).union(settings.namedInfRefs)
    try KnownName.check(
      infRef, isAmong: known.sorted(),
      LocalizedText("no alert can be about the InfRef", "ingen alarm kan handle om InfRef"),
      LocalizedText("the settings and the alerts have", "indstillingerne og alarmerne har"),
      besides: others + InfRef.monitored(by: .sf7002).map(\.name))
  }

  /// Reads the number of an alert.
  static func number(_ text: String) throws -> Int64 {
    if let number = Int64(text) { return number }
    let shown = Printable.text(text)
    guard let entry = try? EntryNumber.parse(text) else {
      throw ValidationError(
        "“\(shown)” is no number of an alert", "„\(shown)“ er ikke nummeret på en alarm",
        remedy: LocalizedText("alerts list shows them, such as 5", "alerts list viser dem, for eksempel 5"))
    }
    let subject =
      entry.isDelivery ? LocalizedText("a delivery", "en levering") : LocalizedText("an arrival", "en modtagelse")
    throw ValidationError(
      "the numbers of alerts have no letter, and \(entry.text) is \(subject.en)",
      "alarmers numre har intet bogstav, og \(entry.text) er \(subject.da)",
      remedy: LocalizedText(
        "filsluse journal show \(entry.text) shows it", "filsluse journal show \(entry.text) viser den"))
  }

  /// Returns the failure of a command with a refused act.
  static func refused(_ refusal: AlertRefusal, code: RequestCode = .alertUnchanged) -> CommandFailure {
    CommandFailure(.badData, code: code, refusal.reason, remedy: refusal.remedy)
  }

  /// Reads the id of a group.
  static func group(_ text: String) throws -> RuleGroup.Key {
    guard let key = RuleGroup.Key(id: text) else {
      let shown = Printable.text(text)
      throw ValidationError(
        "“\(shown)” is no group", "„\(shown)“ er ingen gruppe",
        remedy: LocalizedText(
          "alerts groups shows them, such as pick-up-late.1f00ab34",
          "alerts groups viser dem, for eksempel pick-up-late.1f00ab34"))
    }
    return key
  }
}
