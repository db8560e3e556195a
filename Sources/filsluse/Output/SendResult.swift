import FileExchange
import FilsluseBase
import SystemPackage
import TriggerFiles

/// The output of `send` about its deliveries, and its exit status.
struct SendResult {
  let reports: [DeliveryReport]
  let waited: Bool

  /// Shows every delivery on standard output, failures on standard error, and ends with the worst status of them.
  func show(json: Bool) throws {
    var table = LongTable(header: ("STATE|NAME|ROUTE|BYTES|DELIVERY", "TILSTAND|NAVN|RUTE|BYTE|LEVERING"))
    // There may be tens of thousands: only lines with a remark are kept.
    var remarked: [DeliveryLine] = []
    var statuses: Set<ExitStatus> = []
    for report in reports {
      let line = DeliveryLine(report, waited: waited)
      statuses.insert(line.status)
      if line.remark != nil { remarked.append(line) }
      if !json { table.add(line.cells) }
    }
    if json { try Output.print(json: reports.map { DeliveryLine($0, waited: waited) }) } else { table.end() }
    // An error of the account or the server is printed once, with the number of the files that it stopped.
    let causes = remarked.compactMap { $0.error == nil ? nil : $0.remark }
    var filesStopped = Dictionary(causes.map { ($0, 1) }, uniquingKeysWith: +)
    for line in remarked {
      guard let remark = line.remark else { continue }
      var others = 0
      if line.error != nil {
        guard let count = filesStopped.removeValue(forKey: remark) else { continue }
        others = count - 1
      }
      let more = others == 0 ? "" : LocalizedText(" and \(others) more", " og \(others) til").shown
      let subject = line.isNamed(in: remark) && others == 0 ? "" : "\(line.name)\(more): "
      Output.note(Printable.text("filsluse: \(subject)\(remark)"))
    }
    let status = ExitStatus.worst(statuses)
    if status != .done { throw CommandFailure(status) }
  }
}

/// One delivery as `send` shows it.
private struct DeliveryLine: Encodable {
  let name: String
  let route: String
  let state: DeliveryState?
  let alreadyDelivered: Bool
  /// `D12`.
  let delivery: String?
  let size: UInt64?
  let sha256: SHA256Digest?
  let sendersFileID: String?
  let transactionID: String?
  let fileTransferUUID: String?
  let outcome: String?
  let error: ReportedError?
  let status: ExitStatus
  /// The state as people read it.
  private let title: String

  private enum CodingKeys: String, CodingKey {
    case name, route, state, alreadyDelivered, delivery, size, sha256, outcome, error
    case sendersFileID = "sendersFileId"
    case transactionID = "transactionId"
    case fileTransferUUID = "fileTransferUuid"
  }

  init(_ report: DeliveryReport, waited: Bool) {
    let known = report.delivery
    name = Masked.name(known?.wireName.string ?? report.order.wireName ?? report.order.file.lastComponent?.string ?? "")
    route = report.order.route
    state = known?.state
    title = known?.state.title.shown ?? Self.failed.shown
    alreadyDelivered = report.wasFinishedBefore
    delivery = known.map { JournalEntry.Subject.delivery($0.id).number }
    size = known?.size
    sha256 = known?.sha256
    sendersFileID = known?.sendersFileID
    transactionID = known?.transactionID
    fileTransferUUID = known?.fileTransferUUID
    outcome = known?.outcome.map(Masked.name)
    error = report.error.map(ReportedError.init)
    status = Self.status(of: report, waited: waited)
  }

  private static func status(of report: DeliveryReport, waited: Bool) -> ExitStatus {
    if let error = report.error { return ExitStatus(error) }
    switch report.delivery?.state {
    case .accepted: return .done
    case .refused: return .refused
    case .some(let state) where state.awaitsReceipt && !waited: return .done
    default: return .notDoneYet
    }
  }

  private var shownState: String { error == nil ? title : Self.failed.shown }

  /// The line's cells in the table.
  var cells: [String] {
    [shownState, name, route, size.map(String.init) ?? "", delivery ?? ""].map(Printable.text)
  }

  private static let failed = LocalizedText("failed", "mislykket")

  /// True if a remark names the file itself, as that about a municipality in its name does.
  func isNamed(in remark: String) -> Bool {
    error?.code == ExchangeError.Code.wrongMunicipality.rawValue && remark.contains(name)
  }

  /// A remark for a person beyond the state.
  var remark: String? {
    if let error { return error.message }
    let retry = Remedy.Step.retry(delivery)
    switch status {
    case .done where alreadyDelivered:
      let before = "\(delivery ?? ""), \(title)"
      return LocalizedText(
        "it was delivered before (\(before)); --again sends it anew",
        "den er leveret før (\(before)); --again sender den igen"
      ).shown
    case .refused:
      // The remedy is that of the open problem: an order to send again would leave the problem open.
      let (before, beforeInDanish) = alreadyDelivered ? (" before", "tidligere ") : ("", "")
      return LocalizedText(
        "the platform refused it\(before): \(outcome ?? ""); when that is mended: \(retry.description)",
        "platformen har \(beforeInDanish)afvist den: \(ReceiptText.shown(outcome ?? "")); når det er rettet: \(retry.inDanish)"
      ).shown
    case .notDoneYet where alreadyDelivered:
      let before = "\(delivery ?? ""), \(title)"
      return LocalizedText(
        "it was ended before (\(before)); \(retry.description) tries it again",
        "den er afsluttet før (\(before)); \(retry.inDanish) prøver den igen"
      ).shown
    case .notDoneYet:
      return LocalizedText(
        "there is no receipt yet; the same command again waits on, and sends nothing twice",
        "der er ingen kvittering endnu; den samme kommando igen venter videre og sender intet to gange"
      ).shown
    default: return nil
    }
  }
}
