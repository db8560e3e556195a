public import TriggerFiles

/// A party of an integration: a system and its owner, the authority, or KOMBIT.
public enum TaskParty: String, Sendable, Hashable, Codable, CaseIterable {
  /// The fagsystem.
  case fagsystem = "F"
  /// The system that handles invoices.
  case invoiceSystem = "H"
  /// The bookkeeping system.
  case bookkeepingSystem = "B"
  /// The debitor system.
  case debitorSystem = "D"
  /// The authority.
  case authority = "Y"
  /// The sender's vendor.
  case sender
  /// The recipient's vendor.
  case receiver
  /// The municipality that owns the data.
  case municipality = "M"
  /// KOMBIT.
  case kombit = "K"

  /// The party in words.
  public var title: LocalizedText {
    switch self {
    case .fagsystem: LocalizedText("fagsystem")
    case .invoiceSystem: LocalizedText("fakturahåndteringssystem")
    case .bookkeepingSystem: LocalizedText("bogføringssystem")
    case .debitorSystem: LocalizedText("debitorsystem")
    case .authority: LocalizedText("authority", "myndighed")
    case .sender: LocalizedText("sender", "afsender")
    case .receiver: LocalizedText("recipient", "modtager")
    case .municipality: LocalizedText("municipality", "kommune")
    case .kombit: LocalizedText("KOMBIT")
    }
  }
}

/// The role of an acting person.
public struct TaskActor: Sendable, Hashable, Codable {
  /// The roles of KOMBIT's documents.
  public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
    /// The system's owner.
    case systemOwner = "SO"
    /// The person responsible for the system.
    case systemResponsible = "SA"
    /// The system's administrator.
    case administrator = "AD"
    /// The authorised signatory.
    case signatory = "US"
    /// The party responsible for operation, usually the vendor.
    case operationResponsible = "FA"
    /// The owner of the infrastructure.
    case infrastructureOwner = "IO"
    /// The person responsible for the infrastructure.
    case infrastructureResponsible = "IA"
    /// Serviceplatformen.
    case platform = "SP"
    /// The HelpDesk of Serviceplatformen.
    case helpDesk = "HD"
    /// The vendor.
    case vendor = "V"
    /// The municipality.
    case municipality = "M"
    /// KOMBIT.
    case kombit = "K"
    /// Agreed between authority and vendors.
    case agreed = "by-agreement"

    /// The role in words; in Danish the documents' own.
    public var title: LocalizedText {
      switch self {
      case .systemOwner: LocalizedText("system owner", "systemejer")
      case .systemResponsible: LocalizedText("system-responsible", "systemansvarlig")
      case .administrator: LocalizedText("system administrator", "systemadministrator")
      case .signatory: LocalizedText("authorised signatory", "underskriftsberettiget")
      case .operationResponsible:
        LocalizedText("party responsible for operation", "forvaltningsansvarlig")
      case .infrastructureOwner: LocalizedText("owner of the infrastructure", "infrastrukturejer")
      case .infrastructureResponsible:
        LocalizedText("responsible for the infrastructure", "infrastrukturansvarlig")
      case .platform: LocalizedText("Serviceplatformen")
      case .helpDesk: LocalizedText("HelpDesk of Serviceplatformen", "Serviceplatformens HelpDesk")
      case .vendor: LocalizedText("vendor", "leverandør")
      case .municipality: LocalizedText("municipality", "kommune")
      case .kombit: LocalizedText("KOMBIT")
      case .agreed:
        LocalizedText(
          "by agreement between authority and vendors",
          "efter aftale mellem myndighed og leverandører")
      }
    }
  }

  /// The role.
  public let role: Role
  /// The party in this role; `nil` for the task's own.
  public let party: TaskParty?

  init(_ role: Role, of party: TaskParty? = nil) {
    self.role = role
    self.party = party
  }

  /// The role with its party.
  public var title: LocalizedText {
    guard let party else { return role.title }
    return role.title + LocalizedText(" (") + party.title + LocalizedText(")")
  }
}

/// The place where a task is done: the documents' column “Værktøj”.
public enum TaskPlace: String, Sendable, Hashable, Codable, CaseIterable {
  /// The shared administration module.
  case administrationModule = "administration-module"
  /// A mail to KOMBIT's office for data and integration.
  case mail
  /// Digitaliseringskataloget.
  case digitaliseringskataloget
  /// The shared classification system.
  case classificationSystem = "KLA"
  /// The forms of KOMBIT's office for data and integration.
  case forms = "KDI-forms"
  /// The HelpDesk of Serviceplatformen.
  case helpDesk = "helpdesk"
  /// Serviceplatformen itself.
  case platform
  /// An agreement or an instruction between the parties.
  case agreement
  /// The system itself.
  case system
  /// A checklist.
  case checklist

  /// The place in words, with its address where it has one.
  public var title: LocalizedText {
    switch self {
    case .administrationModule:
      LocalizedText("the shared administration module", "det fælleskommunale administrationsmodul")
    case .mail: LocalizedText("a mail to kdi@kombit.dk", "en mail til kdi@kombit.dk")
    case .digitaliseringskataloget:
      LocalizedText("Digitaliseringskataloget (digitaliseringskataloget.dk)")
    case .classificationSystem:
      LocalizedText(
        "the shared classification system (KLA)", "det fælles klassifikationssystem (KLA)")
    case .forms: LocalizedText("KDI's forms (kdi@kombit.dk)", "KDI's formularer (kdi@kombit.dk)")
    case .helpDesk:
      LocalizedText(
        "the HelpDesk (helpdesk@serviceplatformen.dk)", "HelpDesk (helpdesk@serviceplatformen.dk)")
    case .platform: LocalizedText("Serviceplatformen")
    case .agreement: LocalizedText("an agreement or instruction", "en aftale eller instruks")
    case .system: LocalizedText("the system itself", "systemet selv")
    case .checklist: LocalizedText("a checklist", "en tjekliste")
    }
  }
}
