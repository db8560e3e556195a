package import ExchangeSettings
package import FilsluseBase
internal import TriggerFiles

extension Journal {
  /// The open problems, as ``openProblems(of:at:most:)`` returns them by accounts. Where several machines share the
  /// journal, an arrival that is left in IN was perhaps refused by other settings than these: then its problem names
  /// them.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  package func openProblems(
    of settings: ExchangeSettings, at now: Timestamp = .now, most: Int = 20
  ) async throws(ExchangeError) -> OpenProblems {
    var all = try await openProblems(of: settings.accounts, at: now, most: most)
    guard settings.journalServer?.machines == .several else { return all }
    for (place, problem) in all.problems.enumerated() where problem.kind == .quarantined {
      guard let difference = try await difference(behind: problem, from: settings) else { continue }
      all.problems[place] = problem.adding(difference)
    }
    return all
  }

  /// Returns the settings by which an arrival was perhaps refused and that are other ones here; `nil` where they are
  /// the same as far as can be seen.
  private func difference(
    behind problem: OpenProblem, from settings: ExchangeSettings
  ) async throws(ExchangeError) -> LocalizedText? {
    guard let account = settings.accounts.first(where: { $0.name == problem.key.account }),
      let id = problem.number.flatMap({ Int64($0.dropFirst()) }),
      let arrival = try await self.arrival(id), arrival.state == .quarantined
    else { return nil }
    var keys = arrival.reason?.settingKeys ?? []
    let here: LocalizedText
    switch ArrivalPolicy(account: account, settings: settings).judge(arrival) {
    case .expected(let route):
      here = LocalizedText("the route \(route.name) expects it", "venter ruten \(route.name) den")
    case .refused(let reason):
      if reason.withoutTexts == arrival.reason?.withoutTexts { return nil }
      let named = keys
      keys += reason.settingKeys.filter { !named.contains($0) }
      here = LocalizedText("it is refused because \(reason.text.en)", "afvises den, fordi \(reason.text.da)")
    case nil: return nil
    }
    let list = keys.joined(separator: ", ")
    return LocalizedText(
      "it was perhaps refused by other settings than this machine's (compare \(list)): here \(here.en)",
      "den blev måske afvist efter andre indstillinger end denne maskines (sammenlign \(list)): her \(here.da)")
  }
}

extension ArrivalReason {
  /// The code with its values, without the texts that another version of Filsluse may word in another way.
  fileprivate var withoutTexts: Self {
    switch self {
    case .misspeltInfRef(let infRef, let meant, let route, _):
      .misspeltInfRef(infRef, meant: meant, route: route, fault: LocalizedText(""))
    case .unexpectedInfRef(let infRef, let account, _): .unexpectedInfRef(infRef, account: account, fault: nil)
    case .unusableName(let name, _): .unusableName(name, fault: LocalizedText(""))
    default: self
    }
  }

  /// The keys of the settings that decide about such a reason, those of `arrivals:` and of the account.
  fileprivate var settingKeys: [String] {
    switch self {
    case .otherSystem: ["it-system:"]
    case .nothingExpected: ["arrivals:"]
    case .otherSortiment, .webServiceInfRef, .formInfRef, .misspeltInfRef, .unexpectedInfRef: ["infref:"]
    case .notPermitted(_, let objections, _): objections.map(\.settingKey)
    case .directNotTaken, .directSender: ["senders:"]
    case .otherRecipients: ["user:"]
    case .longTransferID: ["longest-transfer-id:"]
    case .unusableName: ["suffixes:"]
    default: ["arrivals:"]
    }
  }
}

extension ArrivalReason.Objection {
  fileprivate var settingKey: String {
    switch self {
    case .sender: "senders:"
    case .senderSystem: "sender-it-systems:"
    case .senderAuthority: "sender-authorities:"
    case .recipientAuthority: "recipient-authorities:"
    }
  }
}
