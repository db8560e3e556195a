import ArgumentParser
import TriggerFiles

/// `filsluse infref explain`: explains one name.
struct InfRefExplain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Tell what a name or an integration's number stands for, who may send it and how."
  )

  @Argument(help: "The name, good or bad, or an integration's number with its part and version, such as SF1590_D 2.2.")
  var name: [String]

  @OptionGroup var register: RegisterOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let explanation = InfRef.explain(name.joined(separator: " "), register: try register.load())
    if output.json {
      try Output.print(json: explanation)
    } else {
      Output.print(explanation.readable(in: language.chosen))
    }
  }
}

/// `filsluse infref list`: what the documents know.
struct InfRefList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the names that the documents know, and those of your own register.")

  @OptionGroup var register: RegisterOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let list = KnownInfRefs(known: InfRefEntry.all, register: try register.load().sorted())
    if output.json { try Output.print(json: list) } else { Output.print(list.text) }
  }
}

private struct KnownInfRefs: Encodable {
  let known: [InfRefEntry]
  let register: [String]

  var text: String {
    var blocks = known.map { entry in
      var facts = Facts()
      facts.add(entry)
      return "\(entry.pattern)\n\(facts.text)"
    }
    if !register.isEmpty { blocks.append("in your register:\n" + register.map(Printable.text).joined(separator: "\n")) }
    return blocks.joined(separator: "\n\n")
  }
}

extension InfRefExplanation {
  fileprivate func readable(in language: ReportLanguage) -> String {
    var facts = Facts()
    facts.add("name", name)
    facts.add("in your register", isInRegister ? "yes" : nil)
    if case .fagsystemdefineredeData(let number, _) = kind { facts.add("GDPR number", number) }
    facts.add("version", kind.version)
    facts.add("version asked for", number?.version)
    for finding in findings { facts.add("finding", finding.sentence(in: language)) }
    for integration in integrations { facts.add(integration) }
    if let entry {
      facts.add("known as", entry.pattern)
      facts.add(entry)
    } else if integrations.isEmpty {
      facts.add("known", "nothing: if it is a name of your own, declare it under infrefs: in the settings")
    }
    return facts.text
  }
}

extension Facts {
  fileprivate mutating func add(_ fact: IntegrationFact) {
    add("integration", "\(fact.id) \(fact.title)")
    add("way", fact.way)
    add("carried by", fact.carrier.rawValue)
    add("InfRef", fact.infRef)
    for note in fact.notes { add("said of it", note) }
  }

  fileprivate mutating func add(_ entry: InfRefEntry) {
    add("integration", entry.integration)
    add("carried by", entry.carrier.rawValue)
    add("sent by", entry.rightfulSender)
    add("route", entry.needsExplicitRoute ? "explicit: authority and system of the recipient" : nil)
    for rule in entry.rules { add("rule", rule) }
  }
}
