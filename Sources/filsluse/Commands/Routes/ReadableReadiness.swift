import FilsluseBase
import ExchangeSettings
import TriggerFiles

extension RouteReadiness {
  /// The route with all its tasks.
  func readable(in language: ReportLanguage) -> String {
    var facts = Facts(in: language)
    facts.add("route", "rute", route)
    facts.add("municipality", "kommune", municipality?.title)
    facts.add(
      "integration", "integration",
      integration.map { LocalizedText($0) }
        ?? LocalizedText("not known: record one of its tasks", "ikke kendt: optegn en af dens opgaver"))
    facts.add("ready", "klar", verdict)
    guard !tasks.isEmpty else { return facts.text }
    let header = [
      LocalizedText("TASK", "OPGAVE"), LocalizedText("STAGE", "TRIN"), LocalizedText("STATE", "TILSTAND"),
      LocalizedText("DONE", "GJORT"),
      LocalizedText("WHO", "HVEM"), LocalizedText("WHERE", "HVOR"), LocalizedText("WAITS FOR", "VENTER PÅ"),
      LocalizedText("TITLE", "TITEL"),
    ]
    var table = Table(header: header.map { $0[language] })
    for task in tasks { table.add(task.row(in: language)) }
    return facts.text + "\n\n" + table.text
  }

  /// The answer whether the route may be used, with the number of missing tasks.
  var verdict: LocalizedText {
    if tasks.isEmpty { return LocalizedText("no task is documented", "ingen opgave er dokumenteret") }
    let count = missing.count
    if count == 0 { return LocalizedText("yes", "ja") }
    return LocalizedText(
      "no: \(count.counted("task is", "tasks are")) missing",
      "nej: \(count.counted("opgave", "opgaver")) mangler")
  }
}

extension TaskReadiness {
  fileprivate func row(in language: ReportLanguage) -> [String] {
    var state = self.state.title[language]
    if !task.mode.isRequired, self.state == .mayStart || self.state == .waits {
      state = LocalizedText("if needed", "efter behov")[language]
    }
    return [
      task.key.description, task.stage.map(String.init) ?? "–", state, evidence?.sentence[language] ?? "–",
      task.actor[language], task.place[language],
      waitsFor.isEmpty ? "–" : waitsFor.map { $0.title[language] }.joined(separator: ", "), task.fullTitle[language],
    ]
  }
}

extension TaskEvidence {
  /// The day, the person and the kind of line: `2026-03-01 by AB (state of the InfRef)`.
  var sentence: LocalizedText {
    let day = on.map { LocalizedText("\($0)") } ?? LocalizedText("no date", "ingen dato")
    let person = by.map { LocalizedText(Printable.text(Masked.name($0))) }.map { LocalizedText(" by ", " af ") + $0 }
    let unnamed = LocalizedText(", no name", ", intet navn")
    let source: LocalizedText
    switch kind {
    case .task: source = LocalizedText("")
    case .twin: source = LocalizedText(" (by its twin)", " (ved tvillingen)")
    case .infRef: source = LocalizedText(" (state of the InfRef)", " (InfRef's tilstand)")
    case .declaration: source = LocalizedText(" (declaration)", " (erklæring)")
    case .order: source = LocalizedText(" (order)", " (bestilling)")
    }
    return day + (person ?? unnamed) + source
  }
}

extension [RouteReadiness] {
  /// Every route in one line.
  func summary(in language: ReportLanguage) -> String {
    let header = [
      LocalizedText("ROUTE", "RUTE"), LocalizedText("MUNICIPALITY", "KOMMUNE"), LocalizedText("INTEGRATION"),
      LocalizedText("DONE", "GJORT"), LocalizedText("MAY START", "KAN BEGYNDE"), LocalizedText("WAITS", "VENTER"),
      LocalizedText("NEXT", "NÆSTE"),
    ]
    var table = Table(header: header.map { $0[language] })
    for route in self {
      let missing = route.missing
      let next = missing.first { $0.state == .mayStart }
      let step = next.map { "\($0.task.key): \($0.task.actor[language])" } ?? route.verdict[language]
      table.add([
        Printable.text(route.route), route.municipality?.title ?? "–", route.integration ?? "–",
        "\(route.tasks(.done).count)", "\(missing.count { $0.state == .mayStart })",
        "\(missing.count { $0.state == .waits })", step,
      ])
    }
    return table.text
  }

  /// The routes grouped by municipality, in their order.
  var byMunicipality: [(municipality: Municipality?, wave: WaveAnswers)] {
    var order: [Municipality?] = []
    var answers: [Municipality?: [WaveAnswers]] = [:]
    for route in self {
      if answers[route.municipality] == nil { order.append(route.municipality) }
      answers[route.municipality, default: []].append(route.wave)
    }
    return order.map { ($0, WaveAnswers(of: answers[$0] ?? [])) }
  }

  /// The three questions of a wave, per municipality.
  func wave(in language: ReportLanguage) -> String {
    let header = [
      LocalizedText("MUNICIPALITY", "KOMMUNE"), LocalizedText("SUBSCRIPTION DONE", "ABONNEMENT BESTILT"),
      LocalizedText("AGREEMENTS APPROVED", "SERVICEAFTALER GODKENDT"),
      LocalizedText("MONITORING ESTABLISHED", "OVERVÅGNING ETABLERET"),
    ]
    var table = Table(header: header.map { $0[language] })
    for (municipality, wave) in byMunicipality {
      table.add([
        municipality?.title ?? "–", wave.subscription.title[language], wave.agreements.title[language],
        wave.monitoring.title[language],
      ])
    }
    return table.text
  }
}
