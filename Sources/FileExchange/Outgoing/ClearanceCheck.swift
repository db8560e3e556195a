internal import ExchangeSettings
internal import FilsluseBase
internal import TriggerFiles

extension DeliveryOrder {
  /// Checks that the route register lets files go by the order's route (contract sections 4 and 5).
  ///
  /// - Returns: the refusal that the order overrides, for the journal; `nil` for none. And the remarks on the route, for
  ///   a person; they stop nothing.
  /// - Throws: `ExchangeError` with code `route-not-cleared`.
  func checkClearance(of route: Route, settings: ExchangeSettings) throws(ExchangeError) -> (
    override: OverriddenRefusal?, remarks: [String]
  ) {
    let clearance = RouteClearance(
      route, settings: settings, today: WallClock.denmark.reading(at: .now).day,
      specification: DataSpecification.digest)
    let remarks = clearance.remarks.map { remark in
      "\(remark.isOfThisRoute ? "route \(route.name): " : "")\(remark.message.en); \(remark.remedy.en)"
    }
    guard let first = clearance.refusals.first else { return (nil, remarks) }
    let messages = clearance.refusals.map(\.message.en).joined(separator: "; ")
    if let overrideReason {
      return (OverriddenRefusal(refusals: messages, reason: Masked.name(overrideReason)), remarks)
    }
    let danish = clearance.refusals.map(\.message.da).joined(separator: "; ")
    throw ExchangeError(
      .routeNotCleared, operation: "check the route", path: route.name, message: messages,
      remedy: "\(first.remedy.en)\(by: .overrideRefusal)"
    ).inDanish("Ruten \(route.name) må ikke bruges: \(danish). Hvad der kan gøres: \(first.remedy.da).")
  }
}
