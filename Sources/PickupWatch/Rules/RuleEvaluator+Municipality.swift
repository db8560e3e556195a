internal import ExchangeSettings
package import FilsluseBase
internal import TriggerFiles

extension RuleEvaluator {
  /// The duration of a finding about a file with another municipality in its name, whether or not the file is still
  /// there.
  static let municipalityReportPeriod = Duration.seconds(7 * 86_400)

  /// Returns the arrival routes of an account with municipalities for their recipient authorities.
  func municipalityRoutes(of account: String) -> [ArrivalRoute] {
    rules(of: account).arrivals.filter { !$0.municipalities.isEmpty }
  }

  /// The municipality in the file's name, and the right one, in Danish.
  private static func danish(_ file: ArrivedFile, _ authority: String, by route: ArrivalRoute) -> String {
    let expected = (try? CVRNumber(authority)).flatMap { route.municipalities[$0] }
    let named = MunicipalityMention.all(in: file.name).first {
      !$0.isDateOrTime && $0.municipality.code != expected
    }
    let municipality = expected.flatMap { Municipality(code: $0)?.title } ?? expected ?? "en anden"
    return
      "Navnet nævner \(named?.municipality.title ?? "en anden kommune"), men modtagermyndigheden \(authority) er \(municipality) efter modtagelsen \(route.name)."
  }

  /// Returns findings on files whose names mention another municipality than that of their recipient authority in the
  /// settings.
  ///
  /// - Parameter arrivals: the latest arrivals, including those already gone.
  package func otherMunicipalities(
    among arrivals: [ArrivedFile], in state: InboxState, at now: Timestamp
  ) -> [Finding] {
    let routes = municipalityRoutes(of: state.account)
    if routes.isEmpty { return [] }
    var reported: Set<String> = []
    return arrivals.compactMap { file in
      guard let authority = file.recipientAuthority, now.since(file.came) < Self.municipalityReportPeriod,
        let infRef = file.infRef
      else { return nil }
      let warnings = routes.lazy.filter { $0.infRef == infRef }.compactMap { route in
        route.municipalityWarning(name: file.name, recipientAuthority: authority).map { (route, $0) }
      }
      guard let (route, warning) = warnings.first, reported.insert(file.transfer).inserted else { return nil }
      return Finding(
        kind: .otherMunicipality, severity: .warning, account: state.account,
        subject: ObservedFile.subject(ofTransfer: file.transfer),
        fileName: Masked.name(String(decoding: file.name, as: UTF8.self)),
        infRef: ShownInfRef(infRef),
        authority: authority, since: file.came,
        detail: LocalizedText(da: Self.danish(file, authority, by: route), en: warning).map(
          Masked.name))
    }
  }
}
