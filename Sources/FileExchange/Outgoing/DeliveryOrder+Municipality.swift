public import ExchangeSettings
internal import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

extension DeliveryOrder {
  /// Checks that the file's names say no two municipalities and no other than its route's (contract section 5). Both the
  /// local name and the one on the wire are searched. Every way to send a file passes here before anything is on the wire.
  ///
  /// - Returns: what the journal is to keep of a statement or of what the route passes over; `nil` for nothing.
  /// - Throws: `ExchangeError` with code `wrong-municipality`.
  @discardableResult
  public func checkMunicipality(by route: Route) throws(ExchangeError) -> String? {
    guard !isNamedByExchange else { return nil }
    // A statement is kept and checked by any route.
    guard let rule = route.municipalityRule ?? holdsMunicipality.map({ _ in MunicipalityRule() }) else { return nil }
    let local = localName ?? file.lastComponent?.string ?? ""
    do throws(MunicipalityContradiction) {
      return try rule.judge(
        local: local, wire: wireName ?? route.wireName(of: local) ?? local, stated: holdsMunicipality)
    } catch {
      let remedy: Remedy =
        error.statement.map { "\(error.remedy)\(by: .stateMunicipality($0))" } ?? Remedy(error.remedy.en)
      throw ExchangeError(
        .wrongMunicipality, operation: "check the municipality", path: local,
        message: error.message.en + (route.name.isEmpty ? "" : " (route \(route.name))"), remedy: remedy
      ).inDanish("\(local): \(error.message.da). Hvad der kan gøres: \(error.remedy.da).")
    }
  }
}
