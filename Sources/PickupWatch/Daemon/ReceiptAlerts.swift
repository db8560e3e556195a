internal import ExchangeSettings
internal import FileExchange
internal import Logging

/// The refused deliveries and overdue receipts of one account, which the watch's own rules and the journal's open
/// problems both show: people are alerted to each of them once, by the watcher or by `filsluse run`.
struct ReceiptAlerts: Sendable {
  /// The findings that people were alerted to already.
  let alerted: Set<Finding.ID>
  /// The problems that people were not alerted to, by the finding that is the same.
  private let open: [Finding.ID: OpenProblem]
  private let journal: Journal?
  private let logger: Logger

  /// Looks the findings of a report up in the journal. A journal that cannot be read is reported by the account's own
  /// look.
  init(of report: AccountReport, in journal: Journal?, _ account: Account, logger: Logger) async {
    self.journal = journal
    self.logger = logger
    var (alerted, open): (Set<Finding.ID>, [Finding.ID: OpenProblem]) = ([], [:])
    if let journal, report.findings.contains(where: { $0.kind == .receiptError || $0.kind == .receiptOverdue }) {
      do throws(ExchangeError) {
        let survey = try await journal.surveyReceipts(of: account, at: report.checked)
        for problem in survey.open.problems {
          let id = Finding.ofReceipt(problem).id
          if survey.alerted.contains(problem.key) { alerted.insert(id) } else { open[id] = problem }
        }
      } catch {
        logger.warning("it is not known which receipts people were alerted to: \(error)")
      }
    }
    (self.alerted, self.open) = (alerted, open)
  }

  /// Notes in the journal what people have been sent, so that `filsluse run` does not send it again.
  func note(_ sent: Set<Finding.ID>) async {
    let news = open.filter { sent.contains($0.key) }.map(\.value)
    guard let journal, !news.isEmpty else { return }
    do throws(ExchangeError) {
      try await journal.noteAlerted(to: news, over: [])
    } catch {
      logger.warning("it cannot be noted which receipts people were alerted to: \(error)")
    }
  }
}

extension Finding {
  /// The finding, as far as it has an identity, that a rule of the watch makes of a refused or overdue delivery.
  static func ofReceipt(_ problem: OpenProblem) -> Finding {
    let isRefused = problem.kind == .refused
    let transfer = isRefused ? problem.fileTransferUUID.map(ObservedFile.subject(ofTransfer:)) : nil
    return Finding(
      kind: isRefused ? .receiptError : .receiptOverdue, severity: .critical, account: problem.key.account ?? "",
      subject: transfer ?? problem.key.subject)
  }
}
