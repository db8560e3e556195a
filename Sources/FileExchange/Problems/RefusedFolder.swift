package import ExchangeSettings
internal import FilsluseBase
package import SystemPackage
package import TriggerFiles

/// A watched folder whose files the route register refuses today.
package struct RefusedFolder: Sendable {
  /// The route of the folder.
  package let route: Route
  /// The folder.
  package let folder: FilePath
  /// The reasons, with their remedies.
  package let reasons: LocalizedText

  /// Checks the watched folder of a route; `nil` if it has none, or if the register lets its files go.
  package init?(_ route: Route, settings: ExchangeSettings) {
    guard let folder = route.outgoing?.path else { return nil }
    let refusals = RouteClearance(
      route, settings: settings, today: WallClock.denmark.reading(at: .now).day,
      specification: DataSpecification.digest
    ).refusals
    guard !refusals.isEmpty else { return nil }
    let texts = refusals.map(\.message) + refusals.map(\.remedy)
    (self.route, self.folder) = (route, folder)
    reasons = LocalizedText(texts.map(\.en).joined(separator: "; "), texts.map(\.da).joined(separator: "; "))
  }
}
