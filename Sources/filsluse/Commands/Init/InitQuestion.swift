import ExchangeSettings
import SystemPackage
import TriggerFiles

/// The questions of `filsluse init`, in their order. Each can be answered by the option of its name.
enum InitQuestion: String, CaseIterable {
  case host, user
  case itSystem = "it-system"
  case authority, key, infref, receiver
  case recipientITSystem = "recipient-it-system"
  case municipality, contact

  /// The question.
  var prompt: LocalizedText {
    switch self {
    case .host:
      LocalizedText(
        "Which server? external-test, production, the name of another one, or trial: a stand-in on this machine, with invented values",
        "Hvilken server? external-test (eksternt testmiljø), production (produktion), navnet på en anden eller trial (prøve): en stedfortræder på denne maskine med opfundne værdier"
      )
    case .user:
      LocalizedText(
        "The SFTP user of your system, as the administration module has it; the account is called after it",
        "Jeres systems SFTP-bruger, som den står i administrationsmodulet; kontoen kaldes efter den")
    case .itSystem:
      LocalizedText(
        "The UUID of your IT-system instance there (administration module); empty: to be filled into filsluse.yaml later",
        "UUID'et for jeres it-systeminstans dér (administrationsmodulet); tom: udfyldes senere i filsluse.yaml")
    case .authority:
      LocalizedText(
        "Your own CVR number, as vendor or authority, where the list names no municipality's; empty: each route names its own",
        "Jeres eget CVR-nummer, som leverandør eller myndighed, hvor listen ikke nævner en kommunes; tom: hver rute nævner sit"
      )
    case .key:
      LocalizedText(
        "The private SSH key; a new one is made where there is no such file",
        "Den private SSH-nøgle; der laves en ny, hvor filen ikke findes")
    case .infref:
      LocalizedText(
        "The InfRef, if it is assigned already; empty: a text that orders it is written, and the list waits for it",
        "InfRef'en, hvis den allerede er tildelt; tom: der skrives en tekst, der bestiller den, og listen venter på den"
      )
    case .receiver:
      LocalizedText(
        "A short name for the receiving system, of your choice; with the municipality's code it names the routes: NAME-0751",
        "Et kort navn til modtagersystemet, som I vælger; med kommunens kode navngiver det ruterne: NAVN-0751")
    case .recipientITSystem:
      LocalizedText(
        "The UUID of the receiving IT-system, which its vendor knows; empty: to be filled into routes.csv later",
        "UUID'et for modtagersystemet, som dets leverandør kender; tom: udfyldes senere i routes.csv")
    case .municipality:
      LocalizedText(
        "The municipalities whose files are sent, with their CVR numbers, such as 0751=55133018 0461=35209115; empty: later",
        "Kommunerne, hvis filer sendes, med deres CVR-numre, fx 0751=55133018 0461=35209115; tom: senere")
    case .contact:
      LocalizedText(
        "Whom others may ask, for the texts: name, telephone, mailbox; empty: to be filled in there",
        "Hvem andre kan spørge, til teksterne: navn, telefon, postkasse; tom: udfyldes dér")
    }
  }

  /// Returns the answer of an empty line; `nil` if the question must be answered, and empty if it may stay open.
  func standard(_ answers: [InitQuestion: String]) -> String? {
    if answers[.host] == TrialValues.host, let value = trialValue { return value }
    return switch self {
    case .host: "external-test"
    case .user: nil
    case .key: answers[.user].map { "keys/\($0)" }
    case .receiver: "flis"
    case .itSystem, .authority, .infref, .recipientITSystem, .municipality, .contact: ""
    }
  }

  /// The answer in a trial, where that is another one.
  private var trialValue: String? {
    switch self {
    case .user: TrialValues.user
    case .itSystem, .recipientITSystem: TrialValues.system()
    case .infref: TrialValues.infRef
    case .municipality: TrialValues.municipality
    case .host, .authority, .key, .receiver, .contact: nil
    }
  }

  /// The reason why a text is no answer; `nil` where it is one.
  func problem(with text: String) -> LocalizedText? {
    if text.isEmpty {
      return self == .user || self == .host || self == .key
        ? LocalizedText("an answer is needed", "der mangler et svar") : nil
    }
    switch self {
    case .host where text.contains("/") || text.count(where: { $0 == ":" }) == 1:
      return LocalizedText(
        "a server's name or address alone is expected; give its port by --port",
        "der ventes alene en servers navn eller adresse; angiv porten med --port")
    case .receiver
    where !text.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || "0123456789-_".contains(Character($0)) }):
      return LocalizedText(
        "a name of letters, digits, - and _ is expected", "der ventes et navn af bogstaver, cifre, - og _")
    case .host, .user, .receiver:
      let isName = text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.value > 0x20 }
      return isName ? nil : LocalizedText("a name without blanks is expected", "der ventes et navn uden mellemrum")
    case .itSystem, .recipientITSystem:
      do throws(ValueError) {
        _ = try SystemID(text)
        return nil
      } catch {
        return LocalizedText("“\(text)” is no UUID; ", "„\(text)“ er ikke et UUID; ") + error.remedy
      }
    case .authority:
      do throws(ValueError) {
        _ = try CVRNumber(text)
        return nil
      } catch {
        return LocalizedText("“\(text)” is no CVR number; ", "„\(text)“ er intet CVR-nummer; ") + error.remedy
      }
    case .infref:
      guard let finding = InfRef.check(text, place: .route).first(where: { $0.severity == .error }) else {
        // Contract section 4: no other system may send it.
        return (try? InfRef(text, register: []))?.isSortiment ?? false
          ? LocalizedText(
            "only FK-Klassifikation sends a sortiment, and this sets up a sender; leave it empty to fill in another one later",
            "kun FK-Klassifikation sender et sortiment, og her sættes en afsender op; lad den stå tom for at udfylde en anden senere"
          ) : nil
      }
      return LocalizedText(finding.message(in: .english), finding.message(in: .danish))
    case .municipality:
      let wrong = Self.municipalities(text).first { SetUp.Authority($0) == nil }
      return wrong.map { answer in
        let name = String(answer.prefix { $0 != "=" })
        let isKnown = Municipality(code: name) != nil || MunicipalityName.municipality(named: name) != nil
        let meant = isKnown ? nil : MunicipalityName.question(about: name)
        return LocalizedText(
          "“\(answer)” is no municipality with a CVR number; ", "„\(answer)“ er ingen kommune med CVR-nummer; ")
          + (meant.map { $0 + LocalizedText(" ") } ?? LocalizedText(""))
          + LocalizedText("write 0751=55133018", "skriv 0751=55133018")
      }
    case .key:
      return text.hasPrefix("~") && !text.hasPrefix("~/")
        ? LocalizedText(
          "another user's home is not looked up; write the whole path",
          "en anden brugers hjemmemappe slås ikke op; skriv hele stien") : nil
    case .contact: return nil
    }
  }

  /// The municipalities of an answer: separated by blanks or commas.
  static func municipalities(_ text: String) -> [String] {
    text.split { $0 == " " || $0 == "," || $0 == "\n" }.map(String.init)
  }
}
