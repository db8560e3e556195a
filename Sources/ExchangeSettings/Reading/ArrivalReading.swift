internal import Yams

internal import TriggerFiles

extension SettingsReader {
  private static let arrivalKeys = [
    "account", "infref", "senders", "sender-it-systems", "sender-authorities", "recipient-authorities",
    "hook", "business-receipts",
  ]

  func readArrival(name: String, entry: Entry) -> ArrivalRoute? {
    guard let section = Section(entry, keys: Self.arrivalKeys) else { return nil }
    let account = accountName(section)
    let infRef = section.required("infref", "the InfRef of the files").flatMap(self.infRef)
    let senders = each(section["senders"], "SFTP users", userName)
    let systems = each(section["sender-it-systems"], "the senders' IT-systems", systemID)
    let senderAuthorities = each(section["sender-authorities"], "the senders' CVR numbers", cvr)
    let recipientAuthorities = each(section["recipient-authorities"], "the recipients' CVR numbers", cvr)
    let hook = section["hook"].map(arrivalHook)
    let businessReceipts = section["business-receipts"].map(yesOrNo) ?? false
    guard let account, let infRef, hook != .some(nil), let businessReceipts else { return nil }
    if case .sortiment = infRef.kind, senders == nil, systems == nil {
      log.report(
        .missingKey, at: entry.place, keyPath: entry.keyPath,
        "nobody checks who sends this: a sortiment only ever comes from the shared classification system (FK-KLA)",
        remedy: "add senders: or sender-it-systems: with that system's", severity: .warning)
    }
    return ArrivalRoute(
      name: name, account: account, infRef: infRef.name, senders: senders, senderITSystems: systems,
      senderAuthorities: senderAuthorities, recipientAuthorities: recipientAuthorities, hook: hook ?? nil,
      businessReceipts: businessReceipts)
  }

  private func yesOrNo(_ entry: Entry) -> Bool? {
    entry.value("true or false") { ["true": true, "false": false][$0] }
  }
}
