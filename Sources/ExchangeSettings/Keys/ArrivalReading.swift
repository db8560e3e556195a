internal import Yams

internal import TriggerFiles

extension SettingsReader {
  private static let routedArrivalKeys = [
    "infref", "sender-it-systems", "sender-authorities", "recipient-authorities", "municipalities",
  ]
  private static let arrivalKeys =
    ["account", "kind", "senders", "hook", "business-receipts"] + routedArrivalKeys

  /// The arrivals, in the order of the file.
  func readArrivals(_ entry: Entry) -> [ArrivalRoute] {
    let arrivals = Section.named(entry, "arrivals").compactMap { name, entry in
      readArrival(name: name, entry: entry).map { (arrival: $0, entry: entry) }
    }
    checkDirectSenders(of: arrivals)
    return arrivals.map(\.arrival)
  }

  /// A direct transmission is known by its sender alone, so that a sender has one arrival in an account.
  private func checkDirectSenders(of arrivals: [(arrival: ArrivalRoute, entry: Entry)]) {
    var owners: [[String]: String] = [:]
    for (arrival, entry) in arrivals where arrival.isDirect {
      for sender in arrival.senders ?? [] {
        if let owner = owners.updateValue(arrival.name, forKey: [arrival.account, sender]) {
          entry.report(
            .conflict,
            "found the sender \(Entry.shown(sender)), whose direct transmissions \(owner) expects already in this account",
            remedy: "name each sender in one arrival of kind direct")
        }
      }
    }
  }

  private func readArrival(name: String, entry: Entry) -> ArrivalRoute? {
    guard let section = Section(entry, keys: Self.arrivalKeys) else { return nil }
    switch section["kind"].map({ arrivalKind($0) }) {
    case "direct"??: return readDirectArrival(name: name, section)
    case .some(nil): return nil
    default: return readRoutedArrival(name: name, section)
    }
  }

  private func arrivalKind(_ entry: Entry) -> String? {
    entry.value("routed or direct", remedy: "leave it out for files that come by a route") {
      ["routed", "direct"].contains($0) ? $0 : nil
    }
  }

  private func readDirectArrival(name: String, _ section: Section) -> ArrivalRoute? {
    let account = accountName(section)
    for key in Self.routedArrivalKeys {
      section[key]?.report(
        .conflict, "a direct transmission has no routing info and is known by its sender alone, expected no \(key)",
        remedy: "remove it")
    }
    let senders = section.required("senders", "the SFTP users whose direct transmissions are taken").flatMap {
      each($0, "SFTP users", userName)
    }
    let hook = section["hook"].map(arrivalHook)
    let businessReceipts = section["business-receipts"].map(yesOrNo) ?? false
    guard let account, let senders, hook != .some(nil), let businessReceipts else { return nil }
    return ArrivalRoute(
      name: name, account: account, infRef: nil, senders: senders, hook: hook ?? nil,
      businessReceipts: businessReceipts)
  }

  private func readRoutedArrival(name: String, _ section: Section) -> ArrivalRoute? {
    let entry = section.entry
    let account = accountName(section)
    let infRef = section.required("infref", "the InfRef of the files").flatMap { self.infRef($0, in: .arrival) }
    let senders = each(section["senders"], "SFTP users", userName)
    let systems = each(section["sender-it-systems"], "the senders' IT-systems", systemID)
    let senderAuthorities = each(section["sender-authorities"], "the senders' CVR numbers", cvr)
    let recipientAuthorities = each(section["recipient-authorities"], "the recipients' CVR numbers", cvr)
    let municipalities = section["municipalities"].map(municipalitiesOfAuthorities) ?? [:]
    let hook = section["hook"].map(arrivalHook)
    let businessReceipts = section["business-receipts"].map(yesOrNo) ?? false
    guard let account, let infRef, hook != .some(nil), let businessReceipts else { return nil }
    if infRef.isSortiment, senders == nil, systems == nil {
      log.report(
        .missingKey, at: entry.place, keyPath: entry.keyPath,
        "nobody checks who sends this: a sortiment only ever comes from the shared classification system (FK-KLA)",
        remedy: "add senders: or sender-it-systems: with that system's", severity: .warning)
    }
    return ArrivalRoute(
      name: name, account: account, infRef: infRef, senders: senders, senderITSystems: systems,
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
