internal import ExchangeSettings
internal import TriggerFiles

/// Explains why an InfRef that no arrival route names is not accepted, in the words of the contract (section 4).
enum UnexpectedInfRef {
  static func reason(
    _ infRef: InfRef, _ account: Account, _ routes: [ArrivalRoute], _ register: Set<String>
  ) -> ArrivalReason {
    let explanation = InfRef.explain(infRef.name, register: register)
    let routed = routes.compactMap { route in route.infRef.map { (name: route.name, infRef: $0) } }
    if case .sortiment = explanation.kind, let other = routed.first(where: \.infRef.isSortiment) {
      return .otherSortiment(infRef: infRef, expected: other.infRef, route: other.name)
    }
    switch explanation.entry?.carrier {
    case .webService: return .webServiceInfRef(infRef)
    case .form: return .formInfRef(infRef)
    case .sftp, nil: break
    }
    let wrong = explanation.findings.first { $0.severity == .error && $0.code != .unknown }
    let fault = wrong.map { LocalizedText($0.message, $0.danishMessage) }
    let meant = wrong?.suggestion.flatMap { suggestion in
      routed.first { $0.infRef == InfRef(unchecked: suggestion) }
    }
    if let fault, let meant {
      return .misspeltInfRef(infRef, meant: meant.infRef, route: meant.name, fault: fault)
    }
    if routes.isEmpty { return .nothingExpected(account: account.name) }
    return .unexpectedInfRef(infRef, account: account.name, fault: fault)
  }
}
