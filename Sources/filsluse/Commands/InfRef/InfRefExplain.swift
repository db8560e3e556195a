import ArgumentParser
import TriggerFiles

/// `filsluse infref explain`: explains one name.
struct InfRefExplain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: LocalizedText(
      "Tell what a name or an integration's number stands for, who may send it and how.",
      "Fortæl, hvad et navn eller en integrations nummer står for, hvem der må sende det, og hvordan."
    ).shown
  )

  @Argument(
    help: ArgumentHelp(
      "The name, good or bad, or an integration's number with its part and version, such as SF1590_D 2.2.",
      "Navnet, rigtigt eller forkert, eller en integrations nummer med del og version, for eksempel SF1590_D 2.2."))
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

/// `filsluse infref list`: the InfRefs in the documents.
struct InfRefList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: LocalizedText(
      "List the names that the documents know, and those of your own register.",
      "Vis de navne, som dokumenterne kender, og dem i jeres eget register."
    ).shown)

  @OptionGroup var register: RegisterOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let list = KnownInfRefs(known: InfRefEntry.all, register: try register.load().sorted())
    if output.json { try Output.print(json: list) } else { Output.print(list.text(in: language.chosen)) }
  }
}

private struct KnownInfRefs: Encodable {
  let known: [InfRefEntry]
  let register: [String]

  func text(in language: ReportLanguage) -> String {
    var blocks = known.map { entry in
      var facts = Facts(in: language)
      facts.add(entry)
      return "\(entry.pattern[language])\n\(facts.text)"
    }
    if !register.isEmpty {
      let title = LocalizedText("in your register:", "i jeres register:")[language]
      blocks.append(title + "\n" + register.map(Printable.text).joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n\n")
  }
}

extension InfRefExplanation {
  fileprivate func readable(in language: ReportLanguage) -> String {
    var facts = Facts(in: language)
    facts.add("name", "navn", name)
    facts.add("in your register", "i jeres register", isInRegister ? LocalizedText("yes", "ja") : nil)
    if case .fagsystemdefineredeData(let number, _) = kind { facts.add("GDPR number", "GDPR-nummer", number) }
    facts.add("version", "version", kind.version)
    facts.add("version asked for", "ønsket version", number?.version)
    for finding in findings { facts.add("finding", "fund", finding.sentence(in: language)) }
    if let entry {
      facts.add("known as", "kendt som", entry.pattern)
      facts.add(entry)
    } else if integrations.isEmpty {
      facts.add(
        "known", "oplyst",
        LocalizedText(
          "nothing: if it is a name of your own, declare it under infrefs: in the settings",
          "intet: er det et af jeres egne navne, så skriv det under infrefs: i indstillingerne"))
    }
    let blocks = integrations.map { $0.readable(alias: $0.alias(for: name, number), in: language) }
    return ([facts.text] + blocks).joined(separator: "\n\n")
  }
}

extension Facts {
  fileprivate mutating func add(_ entry: InfRefEntry) {
    add("belongs to", "hører til", entry.integration)
    add("carried by", "går via", entry.carrier.title)
    add("sent by", "afsendes af", entry.rightfulSender)
    add(
      "route", "rute",
      entry.needsExplicitRoute
        ? LocalizedText(
          "explicit: authority and system of the recipient", "eksplicit: modtagerens myndighed og system") : nil)
    for rule in entry.rules { add("rule", "regel", rule) }
  }
}
