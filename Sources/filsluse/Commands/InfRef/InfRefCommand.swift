import ArgumentParser
import ExchangeSettings
import TriggerFiles

/// `filsluse infref`: what has to do with the names that routes are ordered for.
struct InfRefCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "infref", abstract: "Check the names that routes are ordered for.", subcommands: [Check.self])

  /// `filsluse infref check`: says what is wrong with names, and how they are spelt right.
  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say whether names can stand as InfRef in a trigger, and if not, why.")

    @Argument(help: "The names, exactly as they would be written.")
    var names: [String]

    @Option(help: ArgumentHelp("The settings file whose infrefs are taken as they stand.", valueName: "file"))
    var config: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
      let register = try config.map { try SettingsOptions.load($0).register } ?? []
      let reports = names.map { InfRefReport(name: $0, register: register) }
      if output.json {
        try Output.print(json: reports)
      } else {
        for report in reports { Output.print(report.text) }
      }
      if reports.contains(where: { !$0.valid }) { throw CommandFailure(.badData) }
    }
  }
}

/// What there is to say about one name.
private struct InfRefReport: Encodable {
  let name: String
  let valid: Bool
  let kind: String?
  let version: String?
  let findings: [InfRefFinding]

  init(name: String, register: Set<String>) {
    self.name = name
    findings = InfRef.check(name, register: register)
    let infRef = try? InfRef(name, register: register)
    valid = infRef != nil
    switch infRef?.kind {
    case .sortiment(let version): (kind, self.version) = ("sortiment", version)
    case .fagsystemdefineredeData(_, let version): (kind, self.version) = ("fagsystemdefineredeData", version)
    case .other: (kind, version) = ("declared", nil)
    case nil: (kind, version) = (nil, nil)
    }
  }

  var text: String {
    let shown = Printable.text(name)
    guard !findings.isEmpty else { return "\(shown): good" }
    return findings.map { "\(shown): \($0)" }.joined(separator: "\n")
  }
}
