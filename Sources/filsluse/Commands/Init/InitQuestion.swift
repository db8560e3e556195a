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
        "Which server? external-test, production, or the name of another one",
        "Hvilken server? external-test (eksternt testmiljø), production (produktion) eller navnet på en anden")
    case .user: LocalizedText("The SFTP user", "SFTP-brugeren")
    case .itSystem:
      LocalizedText(
        "The UUID of your IT-system instance there (administration module)",
        "UUID'en for jeres it-systeminstans dér (administrationsmodulet)")
    case .authority:
      LocalizedText("The CVR number that files are sent for", "CVR-nummeret, som filer sendes for")
    case .key:
      LocalizedText(
        "The private SSH key; a new one is made where there is no such file",
        "Den private SSH-nøgle; der laves en ny, hvor filen ikke findes")
    case .infref:
      LocalizedText("The InfRef, if it is assigned already", "InfRef'en, hvis den allerede er tildelt")
    case .receiver:
      LocalizedText(
        "A short name for the receiving system; its routes are called after it",
        "Et kort navn til modtagersystemet; dets ruter kaldes efter det")
    case .recipientITSystem:
      LocalizedText("The UUID of the receiving IT-system", "UUID'en for modtagersystemet")
    case .municipality:
      LocalizedText(
        "The municipalities with their CVR numbers, such as 0751=55133018 0461=35209115",
        "Kommunerne med deres CVR-numre, fx 0751=55133018 0461=35209115")
    case .contact:
      LocalizedText(
        "Whom others may ask: name, telephone, mailbox", "Hvem andre kan spørge: navn, telefon, postkasse")
    }
  }

  /// The answer of an empty line; `nil` for a question that must be answered, and empty for one that may stay open.
  func standard(_ answers: [InitQuestion: String]) -> String? {
    switch self {
    case .host: "external-test"
    case .user: nil
    case .key: answers[.user].map { "keys/\($0)" }
    case .receiver: "flis"
    case .itSystem, .authority, .infref, .recipientITSystem, .municipality, .contact: ""
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
        return LocalizedText("“\(text)” is no UUID; ", "„\(text)“ er ingen UUID; ") + error.remedy
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
            "only FK-Klassifikation sends a sortiment, and this sets up a sender; leave it empty",
            "kun FK-Klassifikation sender et sortiment, og her sættes en afsender op; lad den stå tom") : nil
      }
      return LocalizedText(finding.message(in: .english), finding.message(in: .danish))
    case .municipality:
      let wrong = Self.municipalities(text).first { SetUp.Authority($0) == nil }
      return wrong.map {
        LocalizedText(
          "“\($0)” is no municipality with a CVR number; write 0751=55133018",
          "„\($0)“ er ingen kommune med CVR-nummer; skriv 0751=55133018")
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
