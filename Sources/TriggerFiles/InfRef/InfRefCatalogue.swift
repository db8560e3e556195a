/// The documented facts about one InfRef or family of InfRefs (contract section 4).
public struct InfRefEntry: Sendable, Hashable, Codable {
  /// The carrier of the data.
  public enum Carrier: String, Sendable, Hashable, Codable {
    /// Files over SFTP: a trigger names it.
    case sftp = "SFTP"
    /// A web service: no trigger names it.
    case webService = "web service"
    /// An order form: it stands for other names.
    case form
  }

  /// The name, with `<number>` and `<version>` where digits stand.
  public let pattern: String
  /// The integration it belongs to.
  public let integration: String
  /// The carrier of the data.
  public let carrier: Carrier
  /// The only system that may send it, if that is known.
  public let rightfulSender: String?
  /// True if the route must name authority and system of the recipient (contract section 3).
  public let needsExplicitRoute: Bool
  /// Further known rules.
  public let rules: [String]
}

extension InfRefEntry {
  /// All that the documents know, in the order of contract section 4.
  public static let all: [InfRefEntry] = [sortiment, fagsystemdefineredeData, webService, monitoringForm, undocumented]

  static let sortiment = InfRefEntry(
    pattern: InfRefName.sortiments.joined(separator: ", "), integration: "SF7002, used by SF1590 A, B and D",
    carrier: .sftp, rightfulSender: "the shared classification system (FK-KLA)", needsExplicitRoute: true,
    rules: [
      "goes to a fagsystem or to a system for receiving invoices; any sender but the classification system is wrong",
      "which version depends on the XML structure wanted: the fagsystem chooses (TF106)",
      "the route to a system for handling invoices is version 1 (TFH223)",
      "the form that orders pickup monitoring prints SF7002 instead (TFH206)",
    ])

  static let fagsystemdefineredeData = InfRefEntry(
    pattern: "\(InfRefName.gdprStem)GDPR<number>_<version>", integration: "SF1630", carrier: .sftp,
    rightfulSender: "the one vendor's IT-system that the GDPR-erklæring names", needsExplicitRoute: true,
    rules: [
      "the number is assigned by KOMBIT (kdi@kombit.dk), has no leading zeros and no upper limit, and is never made up",
      "the version is for future use and shown as 1",
      "requested, assigned, declared, created: a file can be sent when the InfRef is created on the platform",
      "data files are split per municipality; a changed data specification asks for a new declaration (section 5)",
    ])

  static let webService = InfRefEntry(
    pattern: "FakturaInformationAfsend_1, FakturaInformationSvarAfsend…", integration: "SF1590_D", carrier: .webService,
    rightfulSender: nil, needsExplicitRoute: false, rules: ["carried by a web service: refused in a trigger"])

  static let monitoringForm = InfRefEntry(
    pattern: "SF7002", integration: "SF7002, on the form for a system that handles invoices (TFH206)", carrier: .form,
    rightfulSender: nil, needsExplicitRoute: false,
    rules: [
      "in monitoring rules it stands for \(InfRefName.sortiments.joined(separator: " and ")) (our reading)",
      "refused in a trigger",
    ])

  static let undocumented = InfRefEntry(
    pattern: "names in your own register",
    integration:
      "SF1590_A masse (finansbilag, forretningssvar), SF1590_C (udbetalingsanmodninger), SF7001 (klassifikation)",
    carrier: .sftp, rightfulSender: nil, needsExplicitRoute: false,
    rules: ["their InfRefs are not in the documents: declare them in the register and they are taken as they stand"])
}

/// Everything there is to say about one name.
public struct InfRefExplanation: Sendable, Hashable, Codable {
  /// The name as it was given.
  public let name: String
  /// The kind of the name.
  public let kind: InfRef.Kind
  /// True if the user's register declares it.
  public let isInRegister: Bool
  /// The documented facts about names of its kind; `nil` when there are none.
  public let entry: InfRefEntry?
  /// The integration that the name is the number of, with the part and the version that it names.
  public let number: IntegrationNumber?
  /// The catalogue's facts about that integration, or about its parts where it has only parts.
  public let integrations: [IntegrationFact]
  /// The findings about it in a trigger.
  public let findings: [InfRefFinding]
}

extension InfRef {
  /// Returns all facts about a name, good or bad.
  public static func explain(_ text: String, register: Set<String> = []) -> InfRefExplanation {
    let isInRegister = register.contains { $0.utf8.elementsEqual(text.utf8) }
    let number = isInRegister ? nil : IntegrationNumber(startOf: text)
    // A version behind an integration's number is no part of a name.
    let findings = check(number?.version == nil ? text : number?.id ?? text, register: register)
    let meant = findings.lazy.compactMap(\.suggestion).first ?? text
    let entry: InfRefEntry? =
      if findings.contains(where: { $0.code == .webService }) {
        .webService
      } else if findings.contains(where: { $0.code == .monitoringAlias }) {
        .monitoringForm
      } else {
        InfRefEntry.entry(for: InfRefName.kind(of: text)) ?? InfRefEntry.entry(for: InfRefName.kind(of: meant))
      }
    let facts = number.map { number in
      IntegrationFact.about(number).map { [$0] } ?? IntegrationFact.parts(of: number)
    }
    return InfRefExplanation(
      name: text, kind: InfRefName.kind(of: text), isInRegister: isInRegister,
      entry: entry ?? (isInRegister ? .undocumented : nil), number: number, integrations: facts ?? [],
      findings: findings)
  }
}

extension InfRefEntry {
  static func entry(for kind: InfRef.Kind) -> InfRefEntry? {
    switch kind {
    case .sortiment: .sortiment
    case .fagsystemdefineredeData: .fagsystemdefineredeData
    case .other: nil
    }
  }
}
