/// The documented facts about one InfRef or family of InfRefs (contract section 4).
public struct InfRefEntry: Sendable, Hashable, Codable {
  /// The carrier of the data.
  public enum Carrier: String, Sendable, Hashable, Codable {
    /// Files over SFTP: a trigger names it.
    case sftp
    /// A web service: no trigger names it.
    case webService = "ws"
    /// An order form's name, which means other names.
    case form

    /// The carrier in words.
    public var title: LocalizedText {
      switch self {
      case .sftp: LocalizedText("SFTP")
      case .webService: LocalizedText("web service", "webservice")
      case .form: LocalizedText("order form", "bestillingsformular")
      }
    }
  }

  /// The name, with `<number>` and `<version>` in place of digits.
  public let pattern: LocalizedText
  /// The integration it belongs to.
  public let integration: LocalizedText
  /// The carrier of the data.
  public let carrier: Carrier
  /// The only system that may send it, if that is known.
  public let rightfulSender: LocalizedText?
  /// True if the route must name authority and system of the recipient (contract section 3).
  public let needsExplicitRoute: Bool
  /// Further known rules.
  public let rules: [LocalizedText]
}

extension InfRefEntry {
  /// All that the documents know, in the order of contract section 4.
  public static let all: [InfRefEntry] = [sortiment, fagsystemdefineredeData, webService, monitoringForm, undocumented]

  static let sortiment = InfRefEntry(
    pattern: LocalizedText(KnownInfRefs.sortiments.joined(separator: ", ")),
    integration: LocalizedText("SF7002, used by SF1590 A, B and D", "SF7002, bruges af SF1590 A, B og D"),
    carrier: .sftp,
    rightfulSender: LocalizedText(
      "the shared classification system (FK-KLA)", "det fælles klassifikationssystem (FK-KLA)"),
    needsExplicitRoute: true,
    rules: [
      LocalizedText(
        "goes to a fagsystem or to a system for receiving invoices; any sender but the classification system is wrong",
        "går til et fagsystem eller et fakturahåndteringssystem; enhver anden afsender end klassifikationssystemet er forkert"
      ),
      LocalizedText(
        "which version depends on the XML structure wanted: the fagsystem chooses (SF1590_D:TF106)",
        "versionen følger den ønskede XML-struktur: fagsystemet vælger (SF1590_D:TF106)"),
      LocalizedText(
        "the route to a system for handling invoices is version 1 (SF1590_D:TFH223)",
        "ruten til et fakturahåndteringssystem er version 1 (SF1590_D:TFH223)"),
      LocalizedText(
        "the form that orders pickup monitoring prints SF7002 instead (SF1590_D:TFH206)",
        "på formularen, der bestiller overvågning af afhentning, står der i stedet SF7002 (SF1590_D:TFH206)"),
    ])

  static let fagsystemdefineredeData = InfRefEntry(
    pattern: LocalizedText(
      "\(KnownInfRefs.gdprStem)GDPR<number>_<version>", "\(KnownInfRefs.gdprStem)GDPR<nummer>_<version>"),
    integration: LocalizedText("SF1630"), carrier: .sftp,
    rightfulSender: LocalizedText(
      "the one vendor's IT-system that the GDPR-erklæring names",
      "det ene it-system hos en leverandør, som GDPR-erklæringen nævner"),
    needsExplicitRoute: true,
    rules: [
      LocalizedText(
        "the number is assigned by KOMBIT (kdi@kombit.dk), has no leading zeros and no upper limit, and is never made up",
        "nummeret tildeles af KOMBIT (kdi@kombit.dk), har ingen foranstillede nuller og ingen øvre grænse og er aldrig opdigtet"
      ),
      LocalizedText(
        "the version is for future use and shown as 1", "versionen er til senere brug og står som 1"),
      LocalizedText(
        "requested, assigned, declared, created: a file can be sent when the InfRef is created on the platform",
        "anmodet, tildelt, erklæret, oprettet: en fil kan sendes, når InfRef er oprettet på platformen"),
      LocalizedText(
        "data files are split per municipality; a changed data specification asks for a new declaration (section 5)",
        "datafiler er opdelt pr. kommune; en ændret dataspecifikation kræver en ny erklæring (afsnit 5)"),
    ])

  static let webService = InfRefEntry(
    pattern: LocalizedText("FakturaInformationAfsend_1, FakturaInformationSvarAfsend…"),
    integration: LocalizedText("SF1590_D"), carrier: .webService, rightfulSender: nil, needsExplicitRoute: false,
    rules: [
      LocalizedText("carried by a web service: refused in a trigger", "går via en webservice: afvises i en trigger")
    ])

  static let monitoringForm = InfRefEntry(
    pattern: LocalizedText("SF7002"),
    integration: LocalizedText(
      "SF7002, on the form for a system that handles invoices (SF1590_D:TFH206)",
      "SF7002, på formularen for et fakturahåndteringssystem (SF1590_D:TFH206)"),
    carrier: .form, rightfulSender: nil, needsExplicitRoute: false,
    rules: [
      LocalizedText(
        "in monitoring rules it stands for \(KnownInfRefs.sortiments.joined(separator: " and ")) (our reading)",
        "i overvågningsregler står den for \(KnownInfRefs.sortiments.joined(separator: " og ")) (vores læsning)"),
      LocalizedText("refused in a trigger", "afvises i en trigger"),
    ])

  static let undocumented = InfRefEntry(
    pattern: LocalizedText("names in your own register", "navne i jeres eget register"),
    integration: LocalizedText(
      "SF1590_A masse (finansbilag, forretningssvar), SF1590_C (udbetalingsanmodninger), SF7001 (klassifikation)"),
    carrier: .sftp, rightfulSender: nil, needsExplicitRoute: false,
    rules: [
      LocalizedText(
        "their InfRefs are not in the documents: declare them in the register and they are taken as they stand",
        "deres InfRef'er står ikke i dokumenterne: skriv dem i registret, så tages de, som de står")
    ])
}

/// Everything there is to say about one name.
public struct InfRefExplanation: Sendable, Hashable, Codable {
  /// The name, unchanged.
  public let name: String
  /// The kind of the name.
  public let kind: InfRef.Kind
  /// True if the user's register declares it.
  public let isInRegister: Bool
  /// The documented facts about names of its kind; `nil` when there are none.
  public let entry: InfRefEntry?
  /// The integration that the name is the number of, with the part and the version that it names.
  public let number: IntegrationNumber?
  /// The catalogue's entry of that integration, or of its parts where it has only parts; for a name, the integration
  /// that it belongs to.
  public let integrations: [Integration]
  /// The findings about it in a trigger.
  public let findings: [InfRefFinding]
}

extension InfRef {
  /// Returns all facts about a name, good or bad.
  public static func explain(_ text: String, register: Set<String> = []) -> InfRefExplanation {
    let isInRegister = isDeclared(text, in: register)
    let number = isInRegister ? nil : IntegrationNumber(startOf: text)
    let findings = Self.findings(about: text, register: register)
    let meant = findings.lazy.compactMap(\.suggestion).first ?? text
    let entry: InfRefEntry? =
      if findings.contains(where: { $0.code == .webService }) {
        .webService
      } else if findings.contains(where: { $0.code == .monitoringAlias }) {
        .monitoringForm
      } else {
        InfRefEntry.entry(for: KnownInfRefs.kind(of: text)) ?? InfRefEntry.entry(for: KnownInfRefs.kind(of: meant))
      }
    let integrations = isInRegister ? [] : Integration.named(number == nil ? meant : text, number)
    return InfRefExplanation(
      name: text, kind: KnownInfRefs.kind(of: text), isInRegister: isInRegister,
      entry: entry ?? (isInRegister ? .undocumented : nil), number: number, integrations: integrations,
      findings: findings)
  }
}

extension InfRef {
  /// Returns only the findings of `explain(_:register:)`, without searching the catalogue of integrations.
  static func findings(about text: String, register: Set<String>) -> [InfRefFinding] {
    if isDeclared(text, in: register) { return [] }
    // The version behind an integration's number is no part of a name.
    guard let number = IntegrationNumber(startOf: text), number.version != nil else {
      return check(text, register: register)
    }
    return check(number.id, register: register)
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
