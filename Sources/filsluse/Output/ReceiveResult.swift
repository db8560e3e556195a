import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage
import TriggerFiles

/// The output of `receive` about its arrivals, and its exit status.
struct ReceiveResult {
  let reports: [CollectionReport]
  /// The settings that were collected by.
  let settings: ExchangeSettings

  /// Shows every arrival on standard output, files that stay in IN on standard error, and ends with the worst status of
  /// them.
  func show(json: Bool) throws {
    if json {
      try Output.print(json: reports.map(AccountLines.init))
    } else {
      var table = LongTable(
        header: ("STATE|NAME|INFREF|SENDER|BYTES|ARRIVAL", "TILSTAND|NAVN|INFREF|AFSENDER|BYTE|MODTAGELSE"))
      // Lazily joined, because there may be tens of thousands.
      let arrivals = reports.lazy.flatMap {
        [$0.collected, $0.kept, $0.waiting, $0.quarantined, $0.setAside].joined()
      }
      for arrival in arrivals {
        let cells = [
          Self.shownState(of: arrival), Masked.name(arrival.localName ?? arrival.wireName.string),
          arrival.infRef?.name ?? "",
          arrival.sender, String(arrival.size), "A\(arrival.id)",
        ]
        table.add(cells.map { Printable.text(Masked.name($0)) })
      }
      if arrivals.isEmpty { Output.print(emptyText) } else { table.end() }
      for report in reports { noteFolder(of: report) }
    }
    for report in reports { note(report) }
    let status = ExitStatus.worst(reports.flatMap(Self.statuses))
    if status != .done { throw CommandFailure(status) }
  }

  /// The table's word for the successful end of an arrival. The journal calls it `removed`, because it is then removed
  /// from IN, but a reader could take that for the file in the inbox.
  static let collected = LocalizedText("collected", "hentet")

  private static func shownState(of arrival: Arrival) -> String {
    arrival.state == .removed ? collected.shown : arrival.state.title.shown
  }

  /// The text in place of an empty table. It says that nothing waits only when everything was seen.
  private var emptyText: String {
    let unseen = reports.filter { !$0.sawEverything }.map(\.account)
    if !unseen.isEmpty {
      let list = unseen.joined(separator: ", ")
      let text = LocalizedText(
        "nothing was collected; what waits for \(list) is not known",
        "intet blev hentet; det vides ikke, hvad der venter til \(list)")
      return Printable.text(text.shown)
    }
    let nothing = LocalizedText("nothing was collected", "intet blev hentet")
    let names = reports.map(\.namesSeen).reduce(0, +)
    if names > 0 {
      return LocalizedText(
        "\(nothing.en); \(names.counted("file lies", "files lie")) in IN",
        "\(nothing.da); der ligger \(names.counted("fil", "filer")) i IN"
      ).shown
    }
    let empty = LocalizedText("nothing waits", "intet venter")
    return reports.allSatisfy(\.problems.isEmpty) ? empty.shown : nothing.shown
  }

  /// The folder that an account's files are in, where this collection has put some there.
  private func noteFolder(of report: CollectionReport) {
    let count = report.collected.count + report.kept.count + report.waiting.count
    guard count > 0, !Output.isQuiet else { return }
    let folder = settings.inbox.appending(report.account)
    let place = LocalizedText(
      "\(count.counted("file")) in \(folder)", "\(count.counted("fil", "filer")) i \(folder)")
    Output.note(Printable.text("filsluse: \(report.account): \(place.shown)"))
  }

  private func note(_ report: CollectionReport) {
    for arrival in [report.collected, report.kept, report.waiting].joined() {
      guard let root = arrival.metadataRoot?.rawValue, arrival.metadataRoot != .fileMetadata else { continue }
      note(
        arrival, "came with metadata whose root is \(root), the older form",
        "kom med metadata, hvis rod er \(root), den ældre form")
    }
    for arrival in [report.collected, report.kept].joined() where arrival.localName != arrival.wireName.string {
      let name = Masked.name(arrival.localName ?? "")
      note(arrival, "lies in the inbox as \(name)", "ligger i indbakken som \(name)")
    }
    for arrival in report.kept {
      note(arrival, "is handed over and left in IN, as asked for", "er overdraget og ligger stadig i IN, som ønsket")
    }
    for arrival in report.waiting {
      let reason = Self.reason(of: arrival)
      note(
        arrival, "lies in the inbox and is not handed over yet: \(reason)",
        "ligger i indbakken og er ikke overdraget endnu: \(reason)")
    }
    for arrival in report.setAside {
      let (reason, command) = (Self.reason(of: arrival), "filsluse retry A\(arrival.id)")
      note(
        arrival, "is set aside: \(reason); when that is mended: \(command)",
        "er lagt til side: \(reason); når det er rettet: \(command)")
    }
    for arrival in report.vanished { note(arrival, "is gone from IN", "er væk fra IN") }
    for arrival in report.repeated {
      note(
        arrival, "was handed over before; the copy in IN was removed",
        "er overdraget før; kopien i IN er fjernet")
    }
    for arrival in report.quarantined {
      let reason = Self.reason(of: arrival)
      note(arrival, "is left in IN: \(reason)", "bliver liggende i IN: \(reason)")
    }
    noteReceipts(report)
    for problem in report.problems {
      // English names the account of a connection itself.
      let isNamed = OutputLanguage.current == .english && problem.operation == "connect to \(report.account)"
      let place = isNamed ? "" : "\(report.account): "
      Output.note(Printable.text("filsluse: \(place)\(problem.inBothLanguages.shown)"))
    }
  }

  private func noteReceipts(_ report: CollectionReport) {
    for delivery in report.settled {
      let name = Masked.name(delivery.wireName.string)
      let outcome = Masked.name(delivery.outcome ?? "")
      let text = LocalizedText("receipt of \(name)", "kvittering for \(name)")
      Output.note(Printable.text("filsluse: \(text.shown) (D\(delivery.id)): \(ReceiptText.shown(outcome))"))
    }
    for answer in report.answered {
      let text = LocalizedText("business receipt for", "forretningskvittering for")
      Output.note(Printable.text("filsluse: \(text.shown) D\(answer.delivery): \(Masked.name(answer.summary))"))
    }
    for delivery in report.answersSent {
      let text = LocalizedText(
        "business receipt sent by \(delivery.route)", "forretningskvittering sendt ad \(delivery.route)")
      Output.note(Printable.text("filsluse: \(text.shown) (D\(delivery.id))"))
    }
  }

  private static func reason(of arrival: Arrival) -> String { arrival.reason?.text(in: OutputLanguage.current) ?? "" }

  private func note(_ arrival: Arrival, _ english: String, _ danish: String) {
    let text = Masked.name(LocalizedText(english, danish).shown)
    Output.note(Printable.text("filsluse: \(Masked.name(arrival.wireName.string)) \(text)"))
  }

  private static func statuses(of report: CollectionReport) -> [ExitStatus] {
    report.problems.map { ExitStatus($0) } + (report.quarantined + report.setAside).map { _ in .badData }
      + report.waiting.map { _ in .notDoneYet }
      + report.settled.map { $0.state == .refused ? .refused : .done }
  }
}

/// One account's part of the result, as JSON.
private struct AccountLines: Encodable {
  struct Line: Encodable {
    /// `A7`.
    let arrival: String
    let fileTransferUuid: String
    let name: String
    let localName: String?
    let state: ArrivalState
    let route: String?
    let infRef: String?
    let sender: String
    let size: UInt64
    let sha256: SHA256Digest?
    /// The name of the root element that the metadata came with.
    let metadataRoot: String?
    let reason: String?

    init(_ arrival: Arrival) {
      self.arrival = "A\(arrival.id)"
      fileTransferUuid = arrival.fileTransferUUID
      name = Masked.name(arrival.wireName.string)
      localName = arrival.localName.map(Masked.name)
      state = arrival.state
      route = arrival.route.map(Masked.name)
      infRef = (arrival.infRef?.name).map(Masked.name)
      sender = Masked.name(arrival.sender)
      size = arrival.size
      sha256 = arrival.sha256
      metadataRoot = arrival.metadataRoot?.rawValue
      reason = arrival.reason.map { Masked.name($0.text(in: OutputLanguage.current)) }
    }
  }

  /// A business receipt that came.
  struct Answer: Encodable {
    let arrival: String
    let delivery: String
    let acceptance: String
    let reason: String?
  }

  let account: String
  let sawEverything: Bool
  let namesSeen: Int
  let collected: [Line]
  let kept: [Line]
  let waiting: [Line]
  let repeated: [Line]
  let quarantined: [Line]
  let setAside: [Line]
  let vanished: [Line]
  let receipts: [String]
  let answers: [Answer]
  let answersSent: [String]
  let problems: [ReportedError]

  init(_ report: CollectionReport) {
    account = report.account
    sawEverything = report.sawEverything
    namesSeen = report.namesSeen
    collected = report.collected.map(Line.init)
    kept = report.kept.map(Line.init)
    waiting = report.waiting.map(Line.init)
    repeated = report.repeated.map(Line.init)
    quarantined = report.quarantined.map(Line.init)
    setAside = report.setAside.map(Line.init)
    vanished = report.vanished.map(Line.init)
    receipts = report.settled.map { "D\($0.id)" }
    answers = report.answered.map {
      Answer(
        arrival: "A\($0.arrival)", delivery: "D\($0.delivery)", acceptance: $0.acceptance.rawValue,
        reason: $0.reason.map(Masked.name))
    }
    answersSent = report.answersSent.map { "D\($0.id)" }
    problems = report.problems.map(ReportedError.init)
  }
}
