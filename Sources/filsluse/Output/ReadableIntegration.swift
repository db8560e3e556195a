import TriggerFiles

extension Integration {
  /// The integration as facts below each other.
  ///
  /// - Parameters:
  ///   - version: the requested version.
  ///   - alias: the other name used in the request.
  func readable(version: String? = nil, alias: Alias?, in language: ReportLanguage) -> String {
    var facts = Facts(in: language)
    facts.add("integration", "integration", name)
    if let alias { facts.add("asked for", "spurgt om", "\(alias.name): \(alias.meaning[language])") }
    facts.add("version asked for", "ønsket version", version)
    facts.add("version described", "beskrevet version", edition)
    facts.add(
      "catalogue", "katalog",
      isInCatalogue ? nil : LocalizedText("it is not in the catalogue", "den står ikke i kataloget"))
    facts.add("also called", "kaldes også", aliases.isEmpty ? nil : aliases.map(\.name).joined(separator: ", "))
    facts.add("way", "vej", way)
    facts.add("carried by", "går via", carrier.title)
    for source in carrierBasis { facts.add("which rests on", "som hviler på", source.sentence(in: language)) }
    for statement in infRefs { facts.add("InfRef", "InfRef", statement.sentence(in: language)) }
    for statement in monitoring { facts.add("pickup monitoring", "overvågning", statement.sentence(in: language)) }
    for statement in statements { facts.add("said of it", "om den", statement.sentence(in: language)) }
    for contact in contacts {
      facts.add("whom to ask", "hvem man spørger", "\(contact.matter[language]): \(contact.address[language])")
    }
    return facts.text
  }
}
