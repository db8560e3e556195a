internal import Yams

internal import TriggerFiles

extension SettingsReader {
  private static let arrivalKeys = [
    "account", "infref", "senders", "sender-it-systems", "sender-authorities", "recipient-authorities",
    "municipalities", "hook", "business-receipts",
  ]

  func readArrival(name: String, entry: Entry) -> ArrivalRoute? {
    guard let section = Section(entry, keys: Self.arrivalKeys) else { return nil }
    let account = accountName(section)
    let infRef = section.required("infref", "the InfRef of the files").flatMap(self.infRef)
    let senders = each(section["senders"], "SFTP users", userName)
    let systems = each(section["sender-it-systems"], "the senders' IT-systems", systemID)
    let senderAuthorities = each(section["sender-authorities"], "the senders' CVR numbers", cvr)
    let recipientAuthorities = each(section["recipient-authorities"], "the recipients' CVR numbers", cvr)
    let municipalities = section["municipalities"].map(municipalitiesOfAuthorities) ?? [:]
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
      senderAuthorities: senderAuthorities, recipientAuthorities: recipientAuthorities,
      municipalities: municipalities, hook: hook ?? nil,
      businessReceipts: businessReceipts)
  }

  /// CVR numbers of recipient authorities with the codes of the municipalities that they are.
  private func municipalitiesOfAuthorities(_ entry: Entry) -> [CVRNumber: String] {
    var municipalities: [CVRNumber: String] = [:]
    for (digits, value) in Section.named(entry, "municipality codes") {
      let code = value.value("a municipality's code such as 0751") { Municipality(code: $0)?.code }
      guard let authority = try? CVRNumber(digits) else {
        value.report(
          .badValue, "found the key \(Entry.shown(digits)), expected a CVR number of 8 digits",
          remedy: "write the recipient authority's CVR number")
        continue
      }
      if let code { municipalities[authority] = code }
    }
    return municipalities
  }

  private func yesOrNo(_ entry: Entry) -> Bool? {
    entry.value("true or false") { ["true": true, "false": false][$0] }
  }
}
