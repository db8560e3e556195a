public import FilsluseBase
internal import Foundation
public import TriggerFiles

/// The reason why an arrival is left in IN or set aside, or its last failure: a code with its values. The journal keeps
/// it as data, and it is worded where it is shown. More may come.
public indirect enum ArrivalReason: Sendable, Hashable, Codable {
  // Left in IN: not expected.

  /// It is addressed to another IT-system than the account's.
  case otherSystem(theirs: String, account: String, ours: String)
  /// Its InfRef is another version of the sortiment than a route expects.
  case otherSortiment(infRef: InfRef, expected: InfRef, route: String)
  /// Its InfRef is carried by a web service.
  case webServiceInfRef(InfRef)
  /// Its InfRef is the name on the form for pickup monitoring.
  case formInfRef(InfRef)
  /// Its InfRef is a misspelling of one that a route expects.
  case misspeltInfRef(InfRef, meant: InfRef, route: String, fault: LocalizedText)
  /// The account has no arrival routes.
  case nothingExpected(account: String)
  /// No route expects its InfRef; the fault is a mistake in its spelling.
  case unexpectedInfRef(InfRef, account: String, fault: LocalizedText?)
  /// The routes of its InfRef do not permit its sender or its recipient.
  case notPermitted(infRef: InfRef, objections: [Objection], isSortiment: Bool)
  /// It has neither routing information nor recipients.
  case withoutRoute(sender: String)
  /// It was sent directly, and names other recipients.
  case otherRecipients([String], user: String, account: String)
  /// It was sent directly, and no route accepts direct transmissions.
  case directNotTaken(sender: String)
  /// It was sent directly, by a sender that no route permits.
  case directSender(String, routes: [String])
  /// Its FileTransferUUID is longer than the account takes.
  case longTransferID(bytes: UInt64, most: UInt64)
  /// Its metadata has another name than the file beside it.
  case otherName(stated: String, found: String?)
  /// Its name cannot be used here.
  case unusableName(String, fault: LocalizedText)

  // A repeated id.

  /// A transfer that was handed over came again with another name or size.
  case cameAgain(transfer: String, name: String, size: UInt64, newName: String, newSize: UInt64)
  /// IN holds another content than was fetched.
  case otherContent(transfer: String, sha256: SHA256Digest?)
  /// IN holds other metadata than was fetched.
  case otherMetadata(transfer: String)
  /// It was gone from IN before it was fetched.
  case goneFromIN
  /// It was not in IN any more when it was to be removed there.
  case notInIN

  // Failures.

  /// The receiver failed this number of times; `of` is the number that sets it aside.
  case tried(Int, of: Int, fault: LocalizedText)
  /// The arrival waits for a reason outside itself.
  case waits(LocalizedText)
  /// The arrival is not the business receipt that its route expects.
  case noBusinessReceipt(LocalizedText)
  /// A step failed.
  case failed(LocalizedText)
  /// A person took it over by hand, in that state.
  case takenOverByHand(from: ArrivalState)
  /// A text from the journal that is no code of this version, shown unchanged.
  case recorded(String)

  /// An objection of a route to an arrival.
  public enum Objection: Sendable, Hashable, Codable {
    /// The sender's SFTP user is not permitted.
    case sender(String, route: String)
    /// The sender's IT-system is not permitted.
    case senderSystem(String, route: String)
    /// The sender's authority is not permitted.
    case senderAuthority(String, route: String)
    /// The recipient's authority is not permitted.
    case recipientAuthority(String, route: String)

    /// True if it concerns the sender.
    var isOfSender: Bool {
      switch self {
      case .sender, .senderSystem: true
      case .senderAuthority, .recipientAuthority: false
      }
    }
  }
}

extension ArrivalReason: CustomStringConvertible {
  /// The reason in English.
  public var description: String { text.en }

  /// The reason in a language.
  public func text(in language: ReportLanguage) -> String { text[language] }
}

extension ArrivalReason {
  /// The text in the journal: JSON, or a `recorded` reason's own text.
  var stored: String {
    if case .recorded(let text) = self { return text }
    do {
      return try JSONText().text(self)
    } catch {
      preconditionFailure("texts and numbers can always be written as JSON: \(error)")
    }
  }

  /// Reads the text in the journal. A text that is no reason of this version becomes a `recorded` one.
  init(stored text: String) {
    guard text.hasPrefix("{"), let reason = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
      self = .recorded(text)
      return
    }
    self = reason
  }
}
