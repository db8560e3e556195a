internal import ExchangeSettings
public import FilsluseSystem

extension Judgement {
  /// How long a file whose name says another municipality is told of, whether it still lies there or not.
  static let municipalitiesToldFor = Duration.seconds(7 * 86_400)

  /// The arrivals of an account whose recipient authorities are known as municipalities.
  func municipalityRoutes(of account: String) -> [ArrivalRoute] {
    rules(of: account).arrivals.filter { !$0.municipalities.isEmpty }
  }

  /// The files whose names say another municipality than their recipient authority is by the settings.
  ///
  /// - Parameter arrivals: what came lately, what has gone since too.
  public func otherMunicipalities(
    among arrivals: [ArrivedFile], in state: InboxState, at now: Timestamp
  ) -> [Finding] {
    let routes = municipalityRoutes(of: state.account)
    if routes.isEmpty { return [] }
    var told: Set<String> = []
    return arrivals.compactMap { file in
      guard let authority = file.recipientAuthority, now.since(file.came) < Self.municipalitiesToldFor,
        let infRef = file.infRef,
        let warning = routes.lazy.filter({ $0.infRef?.utf8.elementsEqual(infRef.utf8) ?? false }).compactMap({
          $0.municipalityWarning(name: file.name, recipientAuthority: authority)
        }).first, told.insert(file.transfer).inserted
      else { return nil }
      return Finding(
        kind: .otherMunicipality, severity: .warning, account: state.account,
        subject: Sight.subject(ofTransfer: file.transfer),
        fileName: Masked.name(String(decoding: file.name, as: UTF8.self)), infRef: Masked.name(infRef),
        authority: authority, since: file.came, detail: Masked.name(warning))
    }
  }
}
