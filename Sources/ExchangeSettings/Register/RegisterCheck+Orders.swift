internal import FilsluseBase
internal import TriggerFiles

// Orders and monitoring of routes.
extension RegisterCheck {
  /// Routes that were ordered before every authority had approved the service agreement.
  func orderFindings() -> [RegisterFinding] {
    register.routes.compactMap { route in
      guard let order = register.record.orderInForce(of: .route, for: route.name).first else { return nil }
      let late = route.approvers.filter { authority in
        guard let approval = register.approval(of: route, by: authority) else { return true }
        guard let approved = approval.on, let ordered = order.on else { return approval.line > order.line }
        return approved > ordered
      }
      guard !late.isEmpty else { return nil }
      let names = late.map(\.digits).joined(separator: ", ")
      return finding(
        .orderedBeforeApproval, route,
        LocalizedText(
          "it was ordered\(order.on.map { " on \($0)" } ?? "") before the service agreement was approved by \(names)",
          "den blev bestilt\(order.on.map { " den \($0)" } ?? ""), før serviceaftalen var godkendt af \(names)"),
        LocalizedText(
          "have it approved, and then: ", "få den godkendt, og derefter: ")
          + LocalizedText.step(.recordAgreement(route: route.name, authority: late[0].digits)))
    }
  }

  /// Routes whose order was recorded for other values than the list has now.
  func changeFindings() -> [RegisterFinding] {
    register.routes.compactMap { route in
      let terms = register.record.terms(of: .route, for: route.name)
      var columns = register.changes(of: route, since: terms)
      if let environment = environment(of: route),
        terms.contains(where: { $0.environment.map { $0 != environment } ?? false })
      {
        columns.append(.environment)
      }
      guard !columns.isEmpty else { return nil }
      let names = columns.map(\.rawValue).joined(separator: ", ")
      return finding(
        .changedSinceOrder, route,
        LocalizedText(
          "its order was recorded for other values than these: \(names)",
          "dens bestilling er optegnet for andre værdier end disse: \(names)"),
        LocalizedText(
          "correct the line, or order the route anew, and then: ",
          "ret linjen, eller bestil ruten igen, og derefter: ") + LocalizedText.step(.recordOrder(route: route.name)))
    }
  }

  /// Routes that arrive at an account without a rule for their pickup and without ordered monitoring.
  func monitoringFindings() -> [RegisterFinding] {
    register.routes.compactMap { route in
      guard route.direction == .in, !isWatched(route),
        register.record.orderState(of: .monitoring, for: route.name).map({ $0 == .ended }) ?? true
      else { return nil }
      return finding(
        .unmonitoredArrival, route,
        LocalizedText(
          "it arrives at \(route.account) without a watch rule and without an order of pickup monitoring",
          "den ankommer til \(route.account) uden overvågningsregel og uden bestilt overvågning af afhentning"),
        LocalizedText(
          "order the monitoring, and then: ", "bestil overvågningen, og derefter: ")
          + LocalizedText.step(.recordMonitoring(route: route.name))
          + LocalizedText("; or add a rule under watch: rules", "; eller tilføj en regel under watch: rules")
          + pickUpRule(of: route))
    }
  }

  /// The rule that watches the pickup of a route within its own period; empty where the list says none.
  private func pickUpRule(of route: RegisteredRoute) -> LocalizedText {
    guard let pickUp = route.pickUp, let infRef = route.infRef else { return LocalizedText("") }
    let (account, name) = (YAMLText.scalar(route.account), YAMLText.scalar(infRef.name))
    return LocalizedText(": - { account: \(account), infref: \(name), pick-up-within: \(pickUp) }")
  }

  /// Frequencies of data specifications that could be the `expect:` of a watch rule and are not.
  func frequencyFindings() -> [RegisterFinding] {
    var offered: Set<[String]> = []
    return register.routes.compactMap { route in
      guard route.direction == .in, let frequency = route.specification?.frequency,
        !isWatched(route, by: { $0.expected != nil }),
        offered.insert([route.account, route.infRef?.name ?? route.name, frequency]).inserted
      else { return nil }
      let message = LocalizedText(
        "its data specification says that files come \(Entry.shown(frequency)), and no watch rule expects them",
        "dens dataspecifikation siger, at filer kommer \(Entry.shown(frequency)), og ingen overvågningsregel venter dem"
      )
      guard Rhythm(frequency) != nil, let infRef = route.infRef else {
        return finding(
          .unexpectedFrequency, route, severity: .warning, message,
          LocalizedText(
            "add a rule with expect: under watch: rules; a frequency such as daily by 06:00 is offered as a rule",
            "tilføj en regel med expect: under watch: rules; en frekvens som daily by 06:00 tilbydes som regel"))
      }
      let rule =
        "- { account: \(YAMLText.scalar(route.account)), infref: \(YAMLText.scalar(infRef.name)), expect: \(YAMLText.scalar(frequency)) }"
      return finding(
        .unexpectedFrequency, route, severity: .warning, message,
        LocalizedText("add under watch: rules: \(rule)", "tilføj under watch: rules: \(rule)"))
    }
  }

  private func isWatched(
    _ route: RegisteredRoute, by fits: (InfRefRule) -> Bool = { $0.pickUp != nil || $0.expected != nil }
  ) -> Bool {
    settings.watch.infRefRules.contains { rule in
      guard fits(rule), rule.accounts.contains(route.account) else { return false }
      guard let infRef = route.infRef else {
        if case .direct = rule.subject { return true }
        return false
      }
      return rule.infRef.map { $0 == infRef || InfRef.monitored(by: $0).contains(infRef) } ?? false
    }
  }
}
