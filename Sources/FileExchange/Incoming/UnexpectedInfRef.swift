internal import ExchangeSettings
internal import TriggerFiles

/// Explains why an InfRef that no arrival route names is not accepted, in the words of the contract (section 4).
enum UnexpectedInfRef {
  static func reason(
    _ infRef: InfRef, _ account: Account, _ routes: [ArrivalRoute], _ register: Set<String>
  ) -> String {
    let explanation = InfRef.explain(infRef.name, register: register)
    let routed = routes.compactMap { route in route.infRef.map { (name: route.name, infRef: $0) } }
    if case .sortiment = explanation.kind, let other = routed.first(where: \.infRef.isSortiment) {
      return
        "InfRef \(infRef) is another version of the sortiment than \(other.infRef), which \(other.name) expects: the version depends on the XML structure that the fagsystem chose (TF106); have the route ordered with the right one, or expect this one under arrivals:"
    }
    switch explanation.entry?.carrier {
    case .webService:
      return "InfRef \(infRef) belongs to a web service (SF1590_D) and not on a file; ask the sender what it sends"
    case .form:
      return
        "InfRef \(infRef) stands on the form that orders pickup monitoring (TFH206) and not on a file; ask the sender for the sortiment's own InfRef"
    case .sftp, nil: break
    }
    let wrong = explanation.findings.first { $0.severity == .error && $0.code != .unknown }
    let meant = wrong?.suggestion.flatMap { suggestion in
      routed.first { $0.infRef == InfRef(unchecked: suggestion) }
    }
    if let wrong, let meant {
      return
        "InfRef \(infRef) is no right spelling of \(meant.infRef), which \(meant.name) expects: \(wrong.message); ask the sender to mend it"
    }
    if routes.isEmpty { return "\(account.name) expects nothing: there is no route for it under arrivals:" }
    let reason = wrong.map { ": \($0.message)" } ?? ""
    return "InfRef \(infRef) is not expected by \(account.name)\(reason); if it should be, add it under arrivals:"
  }
}
