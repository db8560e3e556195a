import FilsluseBase
import Testing
import TriggerFiles

@testable import FileExchange

/// The reasons of arrivals: kept as codes with values, worded in both languages.
@Suite struct ArrivalReasonTests {
  private static let fault = LocalizedText(da: "navnet staves med ø", en: "the name is spelt with ø")

  private static let reasons: [ArrivalReason] = [
    .otherSystem(theirs: "t", account: "a", ours: "o"),
    .otherSortiment(
      infRef: InfRef(unchecked: "SortimentOverfør_2"), expected: InfRef(unchecked: "SortimentOverfør_1"), route: "ind"),
    .webServiceInfRef(InfRef(unchecked: "FakturaInformationAfsend_1")), .formInfRef(.sf7002),
    .misspeltInfRef(
      InfRef(unchecked: "SortimentOverfor_1"), meant: InfRef(unchecked: "SortimentOverfør_1"), route: "ind",
      fault: fault),
    .nothingExpected(account: "a"), .unexpectedInfRef(InfRef(unchecked: "X_1"), account: "a", fault: nil),
    .unexpectedInfRef(InfRef(unchecked: "X_1"), account: "a", fault: fault),
    .notPermitted(
      infRef: InfRef(unchecked: "X_1"),
      objections: [
        .sender("flis", route: "ind"), .senderSystem("s", route: "ind"), .senderAuthority("10000009", route: "ind"),
        .recipientAuthority("10000017", route: "ind"),
      ], isSortiment: false),
    .notPermitted(
      infRef: InfRef(unchecked: "SortimentOverfør_1"), objections: [.sender("flis", route: "ind")], isSortiment: true),
    .withoutRoute(sender: "flis"),
    .otherRecipients(["b", "c", "d", "e", "f", "g"], user: "u", account: "a"), .directNotTaken(sender: "flis"),
    .directSender("flis", routes: ["ind"]), .longTransferID(bytes: 4096, most: 255),
    .otherName(stated: "a", found: nil), .otherName(stated: "a", found: "A"), .otherName(stated: "a", found: "b"),
    .otherName(stated: "\u{E5}", found: "a\u{30A}"), .unusableName("“.a”", fault: fault),
    .cameAgain(transfer: "t", name: "a", size: 1, newName: "b", newSize: 2),
    .otherContent(transfer: "t", sha256: SHA256.digest(of: [])), .otherContent(transfer: "t", sha256: nil),
    .otherMetadata(transfer: "t"), .goneFromIN, .notInIN, .tried(2, of: 5, fault: fault), .waits(fault),
    .noBusinessReceipt(fault), .failed(fault), .takenOverByHand(from: .setAside),
  ]

  @Test("come back from the journal as they were written, and say the same in both languages")
  func kept() {
    for reason in Self.reasons {
      #expect(ArrivalReason(stored: reason.stored) == reason, "\(reason)")
      let (danish, english) = (reason.text(in: .danish), reason.text(in: .english))
      #expect(!danish.isEmpty && danish != english && english == "\(reason)", "\(danish)")
      for word in [" the ", " is ", " not ", " was ", " and ", " which "] {
        #expect(!" \(danish) ".contains(word), "\(danish)")
      }
    }
  }

  @Test("keep an InfRef in the journal as plain text")
  func plainText() throws {
    let infRef = InfRef(unchecked: "SortimentOverfør_1")
    #expect(ArrivalReason.formInfRef(infRef).stored == "{\"formInfRef\":{\"_0\":\"SortimentOverfør_1\"}}")
    #expect(
      ArrivalReason(stored: "{\"unexpectedInfRef\":{\"_0\":\"SortimentOverfør_1\",\"account\":\"a\"}}")
        == .unexpectedInfRef(infRef, account: "a", fault: nil))
  }

  @Test("stand for themselves where the journal holds a text that is no reason of this version")
  func recorded() {
    for text in ["{\"ukendt\":{}}", "{", "{}", "en tekst", ""] {
      let reason = ArrivalReason(stored: text)
      #expect(reason == .recorded(text) && reason.stored == text && reason.text(in: .danish) == text)
    }
  }
}
