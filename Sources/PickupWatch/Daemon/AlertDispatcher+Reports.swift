internal import FileExchange
internal import FilsluseSystem

extension AlertDispatcher {
  /// Takes what a look came to, and for what is over with it also why.
  ///
  /// - Throws: ``AlertStoreError`` when it cannot be written; the next look makes up for it.
  func take(_ report: AccountReport, explainedBy look: InboxCheck) async throws(AlertStoreError) {
    let found = Set(report.findings.map(\.id))
    let ended = try await openFindings(of: report.account).filter { !found.contains($0.id) }
    try await take(
      account: report.account, findings: report.findings, at: report.checked, isComplete: report.isComplete,
      endings: await look.endings(of: ended, in: report))
  }
}
