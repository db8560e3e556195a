internal import TriggerFiles

extension ArrivalRoute {
  /// A warning about an arrival whose name says another municipality than the settings give its recipient authority
  /// (contract section 5); `nil` where there is nothing to warn of, and where ``municipalities`` says nothing of it.
  public func municipalityWarning(name: [UInt8], recipientAuthority digits: String) -> String? {
    guard let authority = try? CVRNumber(digits), let code = municipalities[authority] else { return nil }
    let other = MunicipalityNaming.all(in: name).first { !$0.isDateOrTime && $0.municipality.code != code }
    return other.map { naming in
      let expected = Municipality(code: code)?.title ?? code
      return
        "its name says \(naming.shown), and its recipient authority \(digits) is \(expected) by municipalities: of \(self.name)"
    }
  }
}
