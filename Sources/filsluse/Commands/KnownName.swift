import ExchangeSettings
import TriggerFiles

/// Refuses a name that nothing has: a selection or silence by a misspelt name would hold for nothing, and look sound.
enum KnownName {
  /// Refuses a name that is not among the known ones, and says which is near it.
  ///
  /// - Parameters:
  ///   - known: the names that there are.
  ///   - complaint: the beginning of the message, as in "there is no account".
  ///   - holders: the holders of the known names, as in "the settings have".
  ///   - others: names that are as good, and are not listed.
  ///   - meant: the question which other name was meant; by default whether the nearest one was.
  ///   - status: the exit status of such a name.
  /// - Throws: `CommandFailure` for a name that is not known.
  static func check(
    _ name: String, isAmong known: [String], _ complaint: LocalizedText, _ holders: LocalizedText,
    besides others: [String] = [], meant: ((String) -> LocalizedText?)? = nil, status: ExitStatus = .badData
  ) throws(CommandFailure) {
    if (known + others).contains(where: { $0.utf8.elementsEqual(name.utf8) }) { return }
    let question: LocalizedText? =
      if let meant { meant(name) } else { NearestName.to(name, among: known + others).map(NearestName.question) }
    let list = known.prefix(30).joined(separator: ", ") + (known.count > 30 ? ", …" : "")
    let remedy =
      (question.map { $0 + LocalizedText(" ") } ?? LocalizedText("")) + holders
      + (known.isEmpty ? LocalizedText(" none", " ingen") : LocalizedText(" \(list)"))
    throw CommandFailure(
      status, code: status == .badData ? .unknownName : nil,
      complaint + LocalizedText(" “\(name)”", " „\(name)“"), remedy: remedy)
  }
}

extension ExchangeSettings {
  /// Refuses an account that the settings do not have; `nil` means all of them.
  ///
  /// - Throws: `CommandFailure` with `configuration`.
  func check(account name: String?) throws(CommandFailure) {
    guard let name else { return }
    try KnownName.check(
      name, isAmong: accounts.map(\.name), LocalizedText("there is no account", "der er ingen konto"),
      LocalizedText("the settings have", "indstillingerne har"), status: .configuration)
  }
}

extension RouteRegister {
  /// Refuses a route that the register does not have.
  ///
  /// - Throws: `CommandFailure` with `badData`.
  func check(route name: String) throws(CommandFailure) {
    try KnownName.check(
      name, isAmong: routes.map(\.name), LocalizedText("there is no route", "der er ingen rute"), holder,
      meant: { routesMeant(by: $0).question })
  }

  /// The register as the holder of known names.
  var holder: LocalizedText { LocalizedText("\(source) has", "\(source) har") }
}
