/// Names of other things that people write where an InfRef belongs: integrations, services, endpoints (contract
/// section 4).
extension InfRefCheck {
  private static let sortiments = KnownInfRefs.sortiments.joined(separator: " or ")
  private static let declared = "\(KnownInfRefs.gdprStem)GDPR<number>_1"

  /// The place that needs an InfRef, as a sentence names it; of a text that needs none, the trigger in the end.
  private func phrase(_ language: ReportLanguage) -> String {
    switch place {
    case .comment, .freeText, .declaration: InfRefPlace.trigger.phrase(in: language)
    default: place.phrase(in: language)
    }
  }

  /// - Returns: the correct text, if known.
  mutating func judgeIntegration(_ number: IntegrationNumber, _ name: String) -> String? {
    if number.id == "SF7002", name.utf8.elementsEqual("SF7002".utf8) {
      add(
        .monitoringAlias,
        LocalizedText(
          "SF7002 stands on the form that orders pickup monitoring (SF1590_D:TFH206); \(phrase(.english)) stands one of its InfRefs",
          "SF7002 står på formularen, der bestiller overvågning af afhentning (SF1590_D:TFH206); \(phrase(.danish)) står en af dens InfRef'er"
        ), section: "section 4, TFH206")
      return Self.sortiments
    }
    let id = number.id
    switch id {
    case "SF7002":
      add(.integrationNumber, Self.plain(id))
      return Self.sortiments
    case "SF1630":
      add(
        .integrationNumber,
        LocalizedText(
          "SF1630 is an integration's number, not an InfRef; that is printed on the GDPR-erklæring",
          "SF1630 er et integrationsnummer og ingen InfRef; den står på GDPR-erklæringen"))
      return Self.declared
    case "SF1630_B":
      add(
        .integrationNumber,
        LocalizedText(
          "SF1630_B is the service description of SF1630, not an InfRef; that is printed on the GDPR-erklæring",
          "SF1630_B er servicebeskrivelsen til SF1630 og ingen InfRef; den står på GDPR-erklæringen"))
      return Self.declared
    case "SF1590_A", "SF1590_B", "SF1590_D", "SF1590":
      add(
        .integrationNumber,
        LocalizedText(
          "\(id) is an integration's number, not an InfRef; its sortiment has one",
          "\(id) er et integrationsnummer og ingen InfRef; dens sortiment har en"))
      return Self.sortiments
    default:
      judgeOtherIntegration(number)
      return nil
    }
  }

  private mutating func judgeOtherIntegration(_ number: IntegrationNumber) {
    let id = number.id
    guard let fact = Integration.about(number) else {
      add(
        .integrationNumber, Self.plain(id),
        remedy: LocalizedText(
          "ask what its InfRef is and declare that in your register",
          "spørg, hvad dens InfRef er, og skriv den i jeres register"))
      return
    }
    if fact.carrier.usesTriggers {
      add(
        .integrationNumber, Self.plain(id),
        remedy: LocalizedText("declare its InfRef in your register", "skriv dens InfRef i jeres register"))
    } else if fact.carrier == .bareFiles {
      add(
        .integrationNumber,
        LocalizedText(
          "\(id) is an integration's number (\(fact.title)); its files go by SFTP without a trigger and have no InfRef",
          "\(id) er et integrationsnummer (\(fact.title)); dens filer går via SFTP uden trigger og har ingen InfRef"),
        remedy: LocalizedText(
          "send them as bare files, or name the InfRef of the integration that is meant",
          "send dem uden trigger, eller skriv InfRef for den integration, der menes"))
    } else {
      add(
        .integrationNumber,
        LocalizedText(
          "\(id) is an integration's number (\(fact.title)), which moves no files by SFTP as far as the catalogue says",
          "\(id) er et integrationsnummer (\(fact.title)), som ikke flytter filer via SFTP, så vidt kataloget fortæller"
        ),
        remedy: LocalizedText(
          "name the InfRef of the integration that is meant", "skriv InfRef for den integration, der menes"))
    }
  }

  private static func plain(_ id: String) -> LocalizedText {
    LocalizedText("\(id) is an integration's number, not an InfRef", "\(id) er et integrationsnummer og ingen InfRef")
  }

  mutating func judgeWebService(_ name: String, _ stem: String) -> String? {
    let match = InfRefSpelling(stem: stem, in: name)
    if let match { judgeSpelling(match) }
    let isMisspelt = match.map { $0.hasHyphen || $0.hasOtherCase || $0.hasOtherLetters } ?? false
    add(
      .webService,
      LocalizedText(
        "\(stem) is carried by a web service (SF1590_D), not by SFTP: it cannot stand \(phrase(.english))",
        "\(stem) går via en webservice (SF1590_D) og ikke via SFTP: den kan ikke stå \(phrase(.danish))"),
      remedy: isMisspelt
        ? nil
        : LocalizedText(
          "name the InfRef of a route for files; this one is ordered as a web-service route (SF1590_D:TF111)",
          "skriv InfRef for en filrute; denne bestilles som rute til en webservice (SF1590_D:TF111)"),
      section: "section 4, TF111")
    guard isMisspelt, let match else { return nil }
    return stem + InfRefSpelling.string(match.rest)
  }

  /// - Returns: whether the name is an endpoint's.
  mutating func judgeEndpoint(_ name: String) -> Bool {
    let lowered = InfRefSpelling.lowered(name)
    guard lowered.hasPrefix("ep_") || lowered.hasPrefix("ep-") else { return false }
    add(
      .endpointName,
      LocalizedText(
        "\(Quoted.text(name)) is an endpoint's name (EP_…), not an InfRef",
        "\(Quoted.danish(name)) er navnet på et endpoint (EP_…) og ingen InfRef"),
      remedy: InfRefSpelling(stem: "EP_Fagsystem", in: name) == nil
        ? LocalizedText("name the InfRef of the route", "skriv rutens InfRef")
        : LocalizedText("write \(Self.declared)", "skriv \(Self.declared.replacing("<number>", with: "<nummer>"))"))
    return true
  }

  mutating func judgeService(_ stem: String) -> String? {
    let isDataload = stem.hasPrefix("Fagsystem")
    add(
      .serviceName,
      LocalizedText("\(stem) is a service's name, not an InfRef", "\(stem) er navnet på en service og ingen InfRef"),
      remedy: isDataload
        ? nil
        : LocalizedText(
          "name the InfRef of the route; invoices go by the web-service route FakturaInformationAfsend_1",
          "skriv rutens InfRef; fakturaer går ad webserviceruten FakturaInformationAfsend_1"))
    return isDataload ? Self.declared : nil
  }
}
