internal import ExchangeSettings
internal import FileExchange
internal import Logging

/// The refused deliveries and overdue receipts of one account, which the watch's own rules and the journal's open
/// problems both show: people are alerted to each of them once, by the watcher or by `filsluse run`.
struct ReceiptAlerts: Sendable {
  /// The findings that people were already alerted to.
  let alerted: Set<Finding.ID>
  /// The ended findings with an open alert whose resolution `filsluse run` has already sent.
  let endedElsewhere: Set<Finding.ID>
  /// The problems that people were not alerted to, by the matching finding.
  private let open: [Finding.ID: OpenProblem]
  /// The problems whose resolution is sent with this report.
  private let ending: [OpenProblem.Key]
  private let journal: Journal?
  private let logger: Logger

  /// Looks up in the journal the findings of a report, and those that ended with it. An unreadable journal is reported
  /// by the account's own look.
  ///
  /// - Parameters:
  ///   - over: the findings with an open alert that the report no longer has.
  ///   - isSentElsewhere: true if `filsluse run` has a program to alert people with. The journal then keeps every
  ///     alerted problem until its resolution was sent, by whichever process.
  init(
    of report: AccountReport, over: [Finding], isSentElsewhere: Bool, in journal: Journal?, _ account: Account,
    logger: Logger
  ) async {
    self.journal = journal
    self.logger = logger
    var (alerted, open): (Set<Finding.ID>, [Finding.ID: OpenProblem]) = ([], [:])
    var (endedElsewhere, ending): (Set<Finding.ID>, [OpenProblem.Key]) = ([], [])
    let over = report.isComplete ? Set(over.filter(\.isOfReceipt).map(\.id)) : []
    if let journal, !over.isEmpty || report.findings.contains(where: \.isOfReceipt) {
      do throws(ExchangeError) {
        if !over.isEmpty {
          let ended = try await journal.surveyProblems(of: [account], at: report.checked).ended.map(\.problem)
            .filter { over.contains(Finding.ofReceipt($0).id) }
          ending = ended.map(\.key)
          if isSentElsewhere { endedElsewhere = over.subtracting(ended.map { Finding.ofReceipt($0).id }) }
        }
        let survey = try await journal.surveyReceipts(of: account, at: report.checked)
        for problem in survey.open.problems {
          let id = Finding.ofReceipt(problem).id
          if survey.alerted.contains(problem.key) { alerted.insert(id) } else { open[id] = problem }
        }
      } catch {
        logger.warning("it is not known which receipts people were alerted to: \(error)")
      }
    }
    (self.alerted, self.open, self.endedElsewhere, self.ending) = (alerted, open, endedElsewhere, ending)
  }

  /// Records the sent alerts and resolutions in the journal, so that `filsluse run` does not send them again.
  func note(_ sent: Set<Finding.ID>) async {
    let news = open.filter { sent.contains($0.key) }.map(\.value)
    guard let journal, !news.isEmpty || !ending.isEmpty else { return }
    do throws(ExchangeError) {
      try await journal.noteAlerted(to: news, over: ending)
    } catch {
      logger.warning("it cannot be noted which receipts people were alerted to: \(error)")
    }
  }
}

extension Finding {
  /// True if it is of a refused or overdue delivery.
  fileprivate var isOfReceipt: Bool { kind == .receiptError || kind == .receiptOverdue }

  /// Returns the finding, with its identity only, that a watch rule makes of a refused or overdue delivery.
  static func ofReceipt(_ problem: OpenProblem) -> Finding {
    let isRefused = problem.kind == .refused
    let transfer = isRefused ? problem.fileTransferUUID.map(ObservedFile.subject(ofTransfer:)) : nil
    return Finding(
      kind: isRefused ? .receiptError : .receiptOverdue, severity: .critical, account: problem.key.account ?? "",
      subject: transfer ?? problem.key.subject)
  }
}
