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

  func readPickupRule(_ entry: Entry) -> PickupRule? {
    guard let section = Section(entry, keys: ["account", "infref", "pick-up-within"]) else { return nil }
    let account = accountName(section)
    let infRef = section.required("infref", "the InfRef to watch").flatMap(watchedInfRef)
    let period = section.required("pick-up-within", "the period that counts as timely: no document states one").flatMap
    {
      $0.value("a period such as 4h, 90m or 1h30m", remedy: "use the units d, h, m and s") { DurationText.parse($0) }
    }
    guard let account, let infRef, let period else { return nil }
    return PickupRule(account: account, infRef: infRef, pickUpWithin: period, line: entry.place?.line)
  }

  /// The form that orders monitoring prints SF7002 as InfRef, so a rule may say so too.
  private func watchedInfRef(_ entry: Entry) -> String? {
    if entry.node.scalar?.string == "SF7002" { return "SF7002" }
    return infRef(entry)?.name
  }
}
