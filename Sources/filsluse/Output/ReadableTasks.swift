import ExchangeSettings
import TriggerFiles

extension OnboardingTasks {
  /// The tasks as a table, under a line that names the document.
  func readable(in language: ReportLanguage) -> String {
    let heading =
      LocalizedText("Tasks of \(integration)", "Opgaver til \(integration)") + LocalizedText(" (") + document
    let header = [
      LocalizedText("TASK", "OPGAVE"), LocalizedText("WHO", "HVEM"), LocalizedText("WHERE", "HVOR"),
      LocalizedText("HOW OFTEN", "HVOR TIT"), LocalizedText("NEEDS", "KRÆVER"), LocalizedText("TITLE", "TITEL"),
    ]
    var table = Table(header: header.map { $0[language] })
    for task in tasks {
      table.add([
        task.key.description, task.actor[language], task.place[language], task.frequency.title[language],
        task.needs.map { $0.title[language] }.joined(separator: ", "), task.fullTitle[language],
      ])
    }
    let circles = circles().map { circle in
      LocalizedText("done together: ", "gøres sammen: ")[language]
        + circle.map(\.description).joined(separator: " + ")
    }
    return ([heading[language] + "):", table.text] + circles).joined(separator: "\n")
  }
}

extension OlderTaskSheet {
  /// The sheet as a table, below a heading.
  func readable(in language: ReportLanguage) -> String {
    let heading = LocalizedText(
      "Tasks of an older sheet of \(integration) (KSD, 2019-2020), which informs and decides nothing:",
      "Opgaver på et ældre ark til \(integration) (KSD, 2019-2020), som er til orientering og intet afgør:")
    let header = [LocalizedText("TASK", "OPGAVE"), LocalizedText("ABOUT", "OM"), LocalizedText("TITLE", "TITEL")]
    var table = Table(header: header.map { $0[language] })
    for task in tasks {
      table.add([task.key.description, task.concerns.map(\.rawValue).joined(separator: "+"), task.title[language]])
    }
    return heading[language] + "\n" + table.text
  }
}

extension OnboardingTask {
  /// The actor: the performer with its party; if the document states none, the performer of the corresponding task.
  var actor: LocalizedText {
    guard let performer else {
      let unsaid = LocalizedText("not stated", "ikke oplyst")
      guard let like, let other = OnboardingTasks.task(like)?.performer else { return unsaid }
      return unsaid + LocalizedText(" (\(like): ") + other.title + LocalizedText(")")
    }
    return performer.title
  }

  /// The places where it is done.
  var place: LocalizedText {
    guard let first = places.first else { return LocalizedText("not stated", "ikke oplyst") }
    return places.dropFirst().reduce(first.title) { $0 + LocalizedText("; ") + $1.title }
  }

  /// The title with the duty, where it need not be done in any case.
  var fullTitle: LocalizedText {
    guard let duty = mode.title else { return title }
    return title + LocalizedText(" [") + duty + LocalizedText("]")
  }
}
