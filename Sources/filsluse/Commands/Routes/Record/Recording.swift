import ArgumentParser
import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// Adds entries to the record beside the register, or only shows them.
struct Recording {
  let settings: ExchangeSettings
  let register: RouteRegister
  let language: ReportLanguage
  private let options: RecordingOptions
  private let json: Bool

  init(
    _ settings: SettingsOptions, _ options: RecordingOptions, _ language: LanguageOptions, _ output: OutputOptions
  ) throws {
    (self.settings, register) = try settings.loadRegister()
    self.options = options
    self.language = language.chosen
    json = output.json
  }

  /// The environment of a route: its own, or its account's.
  func environment(of route: RegisteredRoute) -> ExchangeEnvironment? {
    route.environment ?? settings.account(named: route.account)?.environment
  }

  /// Records events, unless the record's check finds an error in one of them; shows its other findings.
  ///
  /// - Returns: the register with the new entries.
  /// - Throws: `CommandFailure` with the findings about the entries; then nothing is recorded.
  @discardableResult
  func add(_ events: [RecordedEvent]) throws -> RouteRegister {
    let entries = options.entries(events)
    var after = register
    for entry in entries { after.record.add(entry) }
    let recordFile = RouteRegister.record(of: register.source)
    let findings = newFindings(after)
    let refusals = findings.filter { $0.severity == .error && $0.file == recordFile }
    if refusals.count == 1, let refusal = refusals.first {
      throw CommandFailure(.badData, refusal.message, remedy: refusal.remedy, in: language)
    }
    guard refusals.isEmpty else {
      throw CommandFailure(.badData, refusals.map { $0.sentence(in: language) }.joined(separator: "\n"))
    }
    let warning = LocalizedText("warning", "advarsel")[language]
    for finding in findings { Output.note("filsluse: \(warning): \(finding.sentence(in: language))") }
    if !options.dryRun { try RouteRegister.record(entries, of: register.source) }
    try show(entries)
    if !options.dryRun, !entries.isEmpty { sayReload() }
    return after
  }

  /// The findings that are not there without the new entries.
  private func newFindings(_ after: RouteRegister) -> [RegisterFinding] {
    let before = Set(check(register).map(FindingPlace.init))
    return check(after).filter { !before.contains(FindingPlace($0)) }
  }

  private func check(_ register: RouteRegister) -> [RegisterFinding] {
    RegisterCheck.ofToday(register, settings: settings).findings()
  }

  /// The kind and place of a finding: its words change where a part of the cause goes away.
  private struct FindingPlace: Hashable {
    let code: RegisterFindingCode
    let file: FilePath
    let position: SourcePosition?

    init(_ finding: RegisterFinding) { (code, file, position) = (finding.code, finding.file, finding.position) }
  }

  /// Shows when a running service uses the new entries: until then it sends by the old ones.
  private func sayReload() {
    let words = LocalizedText(
      "a running service goes by it when it reads its settings again: systemctl reload filsluse",
      "en kørende tjeneste følger det, når den læser sine indstillinger igen: systemctl reload filsluse")
    Output.note("filsluse: \(words[language])")
  }

  private func show(_ entries: [RecordedEntry]) throws {
    if json {
      try Output.print(json: RecordingJSON(isDryRun: options.dryRun, entries: entries.map(RecordedEntryJSON.init)))
    } else {
      for entry in entries { Output.print(Printable.text(entry.sentence[language])) }
    }
    if options.dryRun { options.sayDryRun(in: language) }
  }
}

extension RegisterCheck {
  /// The check by today's date in Denmark and by all onboarding tasks.
  static func ofToday(_ register: RouteRegister, settings: ExchangeSettings) -> RegisterCheck {
    let tasks = Set(OnboardingTasks.all.flatMap { $0.tasks.map(\.key.description) })
    var check = RegisterCheck(register, settings: settings, today: RecordingOptions.day(), knownTasks: tasks)
    check.trialAccounts = settings.trialAccounts
    return check
  }
}

extension RecordedEntry {
  /// The entry in words: event, day and person.
  var sentence: LocalizedText {
    let day = on.map { LocalizedText(" on \($0)", " den \($0)") } ?? LocalizedText("")
    let person = by.map(Masked.name).map { LocalizedText(" by \($0)", " af \($0)") } ?? LocalizedText("")
    return event.words + day + person
  }
}

extension RecordedEvent {
  fileprivate var words: LocalizedText {
    switch self {
    case .infRef(let infRef, let state, let owner, let environment):
      let place = environment.map { LocalizedText(" in \($0.title())", " i \($0.title(in: .danish))") }
      let system = owner.map { LocalizedText(" for the IT-system \($0)", " for it-systemet \($0)") }
      return LocalizedText("\(infRef): \(state.title())", "\(infRef): \(state.title(in: .danish))")
        + (place ?? LocalizedText("")) + (system ?? LocalizedText(""))
    case .declaration(let edition):
      let digest = edition.specification.map {
        LocalizedText(" for the specification \($0.hex)", " for specifikationen \($0.hex)")
      }
      return LocalizedText(
        "\(edition.infRef): declaration \(edition.number) sent",
        "\(edition.infRef): erklæring \(edition.number) indsendt") + (digest ?? LocalizedText(""))
    case .agreement(let route, let authority, .withdrawn, _):
      return LocalizedText(
        "\(route): approval of the service agreement by \(authority) withdrawn",
        "\(route): godkendelse af serviceaftalen fra \(authority) trukket tilbage")
    case .agreement(let route, let authority, .approved, _):
      return LocalizedText(
        "\(route): service agreement approved for \(authority)",
        "\(route): serviceaftale godkendt for \(authority)")
    case .order(let order):
      return LocalizedText("\(order.route): ") + order.subject.title + LocalizedText(" ") + order.state.title
    case .task(let task):
      return LocalizedText("\(task.route.map { "\($0): " } ?? "")\(task.task): ") + task.state.title
    }
  }
}

extension RouteOrder.Subject {
  fileprivate var title: LocalizedText {
    switch self {
    case .route: LocalizedText("route", "rute")
    case .monitoring: LocalizedText("pickup monitoring", "overvågning af afhentning")
    }
  }
}

extension RouteOrder.State {
  fileprivate var title: LocalizedText {
    switch self {
    case .ordered: LocalizedText("ordered", "bestilt")
    case .confirmed: LocalizedText("confirmed", "bekræftet")
    case .ended: LocalizedText("ended", "opsagt")
    }
  }
}

extension TaskRecord.State {
  /// The state as a report names it.
  var title: LocalizedText {
    switch self {
    case .done: LocalizedText("done", "gjort")
    case .notDone: LocalizedText("not done", "ikke gjort")
    case .notNeeded: LocalizedText("not needed", "ikke nødvendig")
    }
  }
}

/// The entries that a command adds, as JSON has them.
private struct RecordingJSON: Encodable {
  let isDryRun: Bool
  let entries: [RecordedEntryJSON]
}

/// An entry as JSON has it, with the names of the record's keys; `routeKind` is the `kind` of an order's route.
private struct RecordedEntryJSON: Encodable {
  var kind = ""
  var name: String?
  var infref: String?
  var number: String?
  var specification: String?
  var owner: String?
  var id: String?
  var route: String?
  var municipality: String?
  var authority: String?
  var environment: String?
  var routeKind: String?
  var sender: String?
  var senderAuthority: String?
  var recipient: String?
  var recipients: [String]?
  var of: String?
  var state: String?
  let on: String?
  let by: String?
  let note: String?

  init(_ entry: RecordedEntry) {
    (on, by, note) = (entry.on?.description, entry.by.map(Masked.name), entry.note.map(Masked.name))
    switch entry.event {
    case .infRef(let infRef, let reached, let system, let platform):
      kind = "infref"
      environment = platform?.rawValue
      name = infRef.name
      state = reached.rawValue
      owner = system?.rawValue
    case .declaration(let edition):
      kind = "declaration"
      infref = edition.infRef.name
      number = edition.number
      specification = edition.specification?.hex
    case .agreement(let name, let approver, let approval, let terms):
      kind = "agreement"
      route = name
      authority = approver.digits
      state = approval.rawValue
      environment = terms.environment?.rawValue
      infref = terms.infRef?.name
      sender = terms.sender?.rawValue
      recipient = terms.recipient?.rawValue
    case .order(let order):
      kind = "order"
      route = order.route
      of = order.subject.rawValue
      state = order.state.rawValue
      environment = order.terms.environment?.rawValue
      infref = order.terms.infRef?.name
      routeKind = order.terms.kind?.rawValue
      sender = order.terms.sender?.rawValue
      senderAuthority = order.terms.senderAuthority?.digits
      recipients = order.terms.recipients
      recipient = order.terms.recipient?.rawValue
      authority = order.terms.authority?.digits
    case .task(let task):
      kind = "task"
      id = task.task
      route = task.route
      municipality = task.municipality
      state = task.state.rawValue
    }
  }
}
