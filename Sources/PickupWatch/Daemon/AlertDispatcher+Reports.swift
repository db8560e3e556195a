internal import FileExchange
internal import FilsluseBase

extension AlertDispatcher {
  /// Takes what a look came to, and for what is over with it also why.
  ///
  /// - Parameters:
  ///   - over: the findings with an open alert that the report no longer has.
  ///   - receipts: the findings that people were alerted to by another process, and those whose end it sent.
  /// - Returns: the findings that people were sent and that are not over.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written; the next look makes up for it.
  func take(
    _ report: AccountReport, over: [Finding], explainedBy look: InboxCheck, _ receipts: ReceiptAlerts
  ) async throws(ExchangeError) -> Set<Finding.ID> {
    var alertLook = AlertLook(
      account: report.account, at: report.checked, findings: report.findings, isComplete: report.isComplete,
      endings: await look.endings(of: over, in: report))
    (alertLook.alertedElsewhere, alertLook.endedElsewhere) = (receipts.alerted, receipts.endedElsewhere)
    return try await take(alertLook)
  }
}
