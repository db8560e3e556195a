/// One line of an account's check: something that was looked at, and what came of it.
struct CheckLine: Encodable {
  /// The verdict of a line.
  enum Verdict: String, Encodable, CaseIterable {
    case ok, warning, failure
    /// Not looked at, since something in front of it failed, or the server does not tell.
    case unknown = "-"
  }

  let subject: String
  let verdict: Verdict
  let found: String
  let remedy: String?

  init(_ subject: String, _ verdict: Verdict, _ found: String, remedy: String? = nil) {
    self.subject = subject
    self.verdict = verdict
    self.found = found
    self.remedy = remedy
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
    var table = Table(header: ["VERDICT", "SUBJECT", "FOUND"])
    for line in lines {
      let remedy = line.remedy.map { "; \($0)" } ?? ""
      table.add([line.verdict.rawValue, line.subject, Printable.text(line.found + remedy)])
    }
    return "account \(Printable.text(account)), \(Printable.text(server))\n\(table.text)"
  }
}
