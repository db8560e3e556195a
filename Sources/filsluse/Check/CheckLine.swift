import TriggerFiles

/// One line of an account's check: the thing checked, and the result.
struct CheckLine: Encodable {
  /// The verdict of a line.
  enum Verdict: String, Encodable, CaseIterable {
    case ok, warning, failure
    /// Not checked, because an earlier step failed, or the server does not reveal it.
    case unknown = "-"

    /// The word of a table.
    var shown: String {
      switch self {
      case .ok, .unknown: rawValue
      case .warning: LocalizedText("warning", "advarsel").shown
      case .failure: LocalizedText("failure", "fejl").shown
      }
    }
  }

  /// The thing checked; JSON has its English name.
  let subject: LocalizedText
  let verdict: Verdict
  let found: String
  let remedy: String?

  /// - Parameters:
  ///   - found: the result, in the language of the output.
  ///   - remedy: the remedy, in that language.
  init(_ subject: LocalizedText, _ verdict: Verdict, _ found: String, remedy: String? = nil) {
    self.subject = subject
    self.verdict = verdict
    self.found = found
    self.remedy = remedy
  }

  init(_ subject: LocalizedText, _ verdict: Verdict, _ found: LocalizedText, remedy: LocalizedText? = nil) {
    self.init(subject, verdict, found.shown, remedy: remedy?.shown)
  }

  private enum CodingKeys: String, CodingKey {
    case subject, verdict, found, remedy
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(subject.en, forKey: .subject)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(found, forKey: .found)
    try container.encodeIfPresent(remedy, forKey: .remedy)
  }
}

/// The result of checking one account.
struct CheckReport: Encodable {
  let account: String
  let server: String
  let lines: [CheckLine]
  /// The exit status because of this account.
  let status: ExitStatus

  private enum CodingKeys: String, CodingKey {
    case account, server, lines, exitStatus
  }

  init(account: String, server: String, lines: [CheckLine], failed status: ExitStatus? = nil) {
    self.account = account
    self.server = server
    self.lines = lines
    let verdicts = Set(lines.map(\.verdict))
    self.status =
      status ?? (verdicts.contains(.failure) ? .critical : verdicts.contains(.warning) ? .warning : .done)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(account, forKey: .account)
    try container.encode(server, forKey: .server)
    try container.encode(lines, forKey: .lines)
    try container.encode(status.rawValue, forKey: .exitStatus)
  }

  /// A table for people.
  var text: String {
    var table = Table(header: ("VERDICT|SUBJECT|FOUND", "RESULTAT|EMNE|FUNDET"))
    for line in lines {
      // A remedy is a clause or a sentence.
      let remedy = line.remedy.map { $0.first?.isUppercase == true ? ". \($0)" : "; \($0)" } ?? ""
      table.add([line.verdict.shown, line.subject.shown, Printable.text(line.found + remedy)])
    }
    let title = LocalizedText("account", "konto").shown
    return "\(title) \(Printable.text(account)), \(Printable.text(server))\n\(table.text)"
  }
}
