internal import FileExchange
internal import FilsluseBase

extension AlertDispatcher {
  /// Takes what a look came to, and for what is over with it also why.
  ///
  /// - Parameter alertedElsewhere: findings that people were alerted to by another process.
  /// - Returns: the findings that people were sent and that are not over.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written; the next look makes up for it.
  func take(
    _ report: AccountReport, explainedBy look: InboxCheck, alertedElsewhere: Set<Finding.ID>
  ) async throws(ExchangeError) -> Set<Finding.ID> {
    let found = Set(report.findings.map(\.id))
    let ended = try await openFindings(of: report.account, besides: found)
    var alertLook = AlertLook(
      account: report.account, at: report.checked, findings: report.findings, isComplete: report.isComplete,
      endings: await look.endings(of: ended, in: report))
    alertLook.alertedElsewhere = alertedElsewhere
    return try await take(alertLook)
  }
}
