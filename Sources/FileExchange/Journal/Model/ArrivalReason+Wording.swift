package import FilsluseBase
import Glibc
package import TriggerFiles

extension ArrivalReason {
  /// The reason in both languages.
  var text: LocalizedText {
    switch self {
    case .otherSystem(let theirs, let account, let ours):
      LocalizedText(
        "it is meant for the IT-system \(theirs), and \(account) is \(ours); ask the platform's help desk, or correct it-system: of the account",
        "den er til it-systemet \(theirs), og \(account) er \(ours); spørg platformens helpdesk, eller ret it-system: for kontoen"
      )
    case .otherSortiment(let infRef, let expected, let route):
      LocalizedText(
        "InfRef \(infRef) is another version of the sortiment than \(expected), which \(route) expects: the version depends on the XML structure that the fagsystem chose (SF1590_D:TF106); have the route ordered with the right one, or expect this one under arrivals:",
        "InfRef \(infRef) er en anden version af sortimentet end \(expected), som \(route) venter: versionen afhænger af den XML-struktur, som fagsystemet har valgt (SF1590_D:TF106); få ruten bestilt med den rigtige, eller vent denne under arrivals:"
      )
    case .webServiceInfRef(let infRef):
      LocalizedText(
        "InfRef \(infRef) belongs to a web service (SF1590_D) and not on a file; ask the sender what it sends",
        "InfRef \(infRef) hører til en webservice (SF1590_D) og ikke på en fil; spørg afsenderen, hvad der er sendt")
    case .formInfRef(let infRef):
      LocalizedText(
        "InfRef \(infRef) stands on the form that orders pickup monitoring (SF1590_D:TFH206) and not on a file; ask the sender for the sortiment's own InfRef",
        "InfRef \(infRef) står på formularen, der bestiller overvågning af afhentning (SF1590_D:TFH206), og ikke på en fil; bed afsenderen om sortimentets egen InfRef"
      )
    case .misspeltInfRef(let infRef, let meant, let route, let fault):
      LocalizedText(
        "InfRef \(infRef) is no right spelling of \(meant), which \(route) expects: \(fault.en); ask the sender to mend it",
        "InfRef \(infRef) er ikke den rigtige stavemåde af \(meant), som \(route) venter: \(fault.da); bed afsenderen rette den"
      )
    case .nothingExpected(let account):
      LocalizedText(
        "\(account) expects nothing: there is no route for it under arrivals:",
        "\(account) venter ingen filer: der er ingen rute for den under arrivals:")
    case .unexpectedInfRef(let infRef, let account, let fault):
      LocalizedText(
        "InfRef \(infRef) is not expected by \(account)\(fault.map { ": \($0.en)" } ?? ""); if it should be, add it under arrivals:",
        "InfRef \(infRef) ventes ikke af \(account)\(fault.map { ": \($0.da)" } ?? ""); hvis den skal, så tilføj den under arrivals:"
      )
    case .notPermitted(let infRef, let objections, let isSortiment):
      notPermitted(infRef, objections, isOfForeignSender: isSortiment && objections.contains(where: \.isOfSender))
    case .withoutRoute(let sender):
      LocalizedText(
        "Recipients is \(DataFileDescriptor.routedRecipient), and there is no routing info, so that nothing says what it is or whose; ask \(sender) to send it again",
        "Recipients er \(DataFileDescriptor.routedRecipient), og der er intet SFTPDynamicRoutingInfo, så intet siger, hvad den er, eller hvis den er; bed \(sender) sende den igen"
      )
    case .otherRecipients(let recipients, let user, let account):
      LocalizedText(
        "it was sent directly, and its recipients (\(Self.list(recipients).en)) do not name \(user), the user of \(account); ask the platform's help desk why it came here",
        "den er sendt direkte, og dens modtagere (\(Self.list(recipients).da)) omfatter ikke \(user), som er brugeren for \(account); spørg platformens helpdesk, hvorfor den kom hertil"
      )
    case .directNotTaken(let sender):
      LocalizedText(
        "it has no routing info, so that nothing but its sender, \(sender), says what it is: direct transmissions are not taken here; \(Self.expectDirect(sender).en)",
        "den har intet SFTPDynamicRoutingInfo, så kun dens afsender, \(sender), siger, hvad den er: direkte overførsler modtages ikke her; \(Self.expectDirect(sender).da)"
      )
    case .directSender(let sender, let routes):
      LocalizedText(
        "it was sent directly, and sender \(sender) is not permitted by \(Self.list(routes).en); \(Self.expectDirect(sender).en)",
        "den er sendt direkte, og afsenderen \(sender) er ikke tilladt af \(Self.list(routes).da); \(Self.expectDirect(sender).da)"
      )
    case .longTransferID(let bytes, let most):
      LocalizedText(
        "its FileTransferUUID has \(bytes.groupedBytes), and \(most.grouped) are the most that is taken; ask the platform's help desk, or set longest-transfer-id: of the account",
        "dens FileTransferUUID er på \(bytes.grouped) byte, og højst \(most.grouped) modtages; spørg platformens helpdesk, eller sæt longest-transfer-id: for kontoen"
      )
    case .otherName(let stated, let found): otherName(stated, found)
    case .unusableName(let name, let fault):
      LocalizedText(
        "its name cannot be used here: \(name): \(fault.en)", "dens navn kan ikke bruges her: \(name): \(fault.da)")
    case .cameAgain, .otherContent, .otherMetadata, .goneFromIN, .notInIN: textOfRemote
    case .tried(let count, let most, let fault):
      LocalizedText("try \(count) of \(most): \(fault.en)", "forsøg \(count) af \(most): \(fault.da)")
    case .noBusinessReceipt(let fault):
      LocalizedText("it is no business receipt: \(fault.en)", "den er ingen forretningskvittering: \(fault.da)")
    case .waits(let text), .failed(let text): text
    case .takenOverByHand(let state):
      LocalizedText(
        "a person took it over by hand while it was \(state.rawValue)",
        "en person overtog den i hånden, mens dens tilstand var \(state.title.da)")
    case .recorded(let text): LocalizedText(text)
    }
  }

  /// The content that was fetched under an id, beside the one in IN.
  private var textOfRemote: LocalizedText {
    switch self {
    case .cameAgain(let transfer, let name, let size, let newName, let newSize):
      LocalizedText(
        "transfer \(transfer) was handed over before, as \(name) with \(size.groupedBytes), and came again as \(newName) with \(newSize.grouped)",
        "overførslen \(transfer) er overdraget før som \(name) med \(size.grouped) byte og kom igen som \(newName) med \(newSize.grouped)"
      )
    case .otherContent(let transfer, let sha256):
      LocalizedText(
        "transfer \(transfer) was fetched before, and what lies in IN under its name has another content (\(sha256.map { "SHA-256 \($0)" } ?? "another length"))",
        "overførslen \(transfer) er hentet før, og det, der ligger i IN under dens navn, har et andet indhold (\(sha256.map { "SHA-256 \($0)" } ?? "en anden længde"))"
      )
    case .otherMetadata(let transfer):
      LocalizedText(
        "transfer \(transfer) was fetched before, and its metadata in IN is not the one that it had then",
        "overførslen \(transfer) er hentet før, og dens metadata i IN er ikke det, den havde dengang")
    case .goneFromIN:
      LocalizedText(
        "it was gone from IN, and nobody who uses this journal took it",
        "den var væk fra IN, og ingen, der bruger denne journal, har taget den")
    default: LocalizedText("it lay in IN no more", "den lå ikke længere i IN")
    }
  }

  private func notPermitted(_ infRef: InfRef, _ objections: [Objection], isOfForeignSender: Bool) -> LocalizedText {
    let remedy =
      isOfForeignSender
      ? LocalizedText(
        "a sortiment only comes from the shared classification system (FK-KLA), so do not permit it: tell the platform's help desk, and have the sortiment sent by the classification system",
        "et sortiment kommer kun fra det fælles klassifikationssystem (FK-KLA), så tillad den ikke: sig det til platformens helpdesk, og få sortimentet sendt fra klassifikationssystemet"
      )
      : LocalizedText(
        "if this is right, permit it under arrivals:", "hvis det er rigtigt, så tillad det under arrivals:")
    let texts = objections.map(\.text)
    return LocalizedText(
      "InfRef \(infRef): \(texts.map(\.en).joined(separator: ", ")); \(remedy.en)",
      "InfRef \(infRef): \(texts.map(\.da).joined(separator: ", ")); \(remedy.da)")
  }

  private func otherName(_ stated: String, _ found: String?) -> LocalizedText {
    let difference = LocalizedText(
      "its metadata calls the file \(Masked.name(stated)), which is not the name of the file beside it",
      "dens metadata kalder filen \(Masked.name(stated)), som ikke er navnet på filen ved siden af")
    guard let found else {
      return difference
        + LocalizedText(
          ": that is not UTF-8; ask the platform's help desk", ": det er ikke UTF-8; spørg platformens helpdesk")
    }
    // Swift calls two spellings of æøå equal that differ in their bytes.
    if found == stated {
      return difference
        + LocalizedText(
          ": the same letters, composed of other bytes; ask the sender",
          ": de samme bogstaver skrevet med andre bytes; spørg afsenderen")
    }
    if found.lowercased() == stated.lowercased() {
      return difference
        + LocalizedText(
          ": capitals differ; ask the sender", ": store og små bogstaver er forskellige; spørg afsenderen")
    }
    return difference
      + LocalizedText(", \(Masked.name(found)); ask the sender", ", \(Masked.name(found)); spørg afsenderen")
  }

  private static func expectDirect(_ sender: String) -> LocalizedText {
    LocalizedText(
      "if it should be, add an arrival of kind: direct with senders: [\(sender)] under arrivals:, or ask \(sender) to send it by a route",
      "hvis den skal, så tilføj en modtagelse af kind: direct med senders: [\(sender)] under arrivals:, eller bed \(sender) sende den ad en rute"
    )
  }

  /// Names in a message: of many, the first.
  private static func list(_ names: [String]) -> LocalizedText {
    let first = names.prefix(5).joined(separator: ", ")
    guard names.count > 5 else { return LocalizedText(first) }
    return LocalizedText("\(first), … (\(names.count) in all)", "\(first), … (\(names.count) i alt)")
  }
}

extension Arrival {
  /// Its reason in both languages; empty where it has none.
  var reasonText: LocalizedText { reason?.text ?? LocalizedText("") }
}

extension ArrivalReason.Objection {
  /// The objection in both languages.
  fileprivate var text: LocalizedText {
    switch self {
    case .sender(let sender, let route):
      LocalizedText("sender \(sender) is not permitted by \(route)", "afsenderen \(sender) er ikke tilladt af \(route)")
    case .senderSystem(let system, let route):
      LocalizedText(
        "sender system \(system) is not permitted by \(route)", "afsendersystemet \(system) er ikke tilladt af \(route)"
      )
    case .senderAuthority(let authority, let route):
      LocalizedText(
        "sender authority \(authority) is not permitted by \(route)",
        "afsendermyndigheden \(authority) er ikke tilladt af \(route)")
    case .recipientAuthority(let authority, let route):
      LocalizedText(
        "recipient authority \(authority) is not permitted by \(route)",
        "modtagermyndigheden \(authority) er ikke tilladt af \(route)")
    }
  }
}

extension ProgramReport {
  /// The end of the program and the end of its output, in both languages.
  package var text: LocalizedText {
    let words = complaints.lastLine.map { ": \($0)" } ?? ""
    let danish =
      switch end {
      case .exited(let status): "programmet sluttede med status \(status)\(words)"
      case .signalled(let signal): "signal \(signal) afsluttede programmet\(words)"
      case .timedOut(let timeout):
        "programmet var ikke færdigt efter \(timeout.visibleInDanish) og blev afsluttet\(words)"
      case .cancelled: "programmet blev afsluttet, fordi kørslen skulle slutte\(words)"
      case .notStarted(let reason), .tooLong(let reason): "programmet kunne ikke startes: „\(reason)“"
      case .unknown: "det vides ikke, hvordan programmet sluttede\(words)"
      }
    return LocalizedText(summary, danish)
  }
}
