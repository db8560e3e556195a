package import FilsluseBase
package import TriggerFiles

/// The words of receipts that are not numbered, with their explanations (contract section 2). The platform's own list
/// of error numbers is not public.
package enum ReceiptWords {
  /// The message of a technical receipt when all went well.
  package static let success = Explanation(
    "The platform has taken the file and distributed it.", "Platformen har taget filen og fordelt den.",
    cause: "All went well.", "Alt gik godt.", remedy: "Nothing.", "Intet.", ask: .recipient)

  /// Any other message of a technical receipt.
  package static let warning = Explanation(
    "The platform took the file, and its receipt has another message than \(TechnicalReceipt.successMessage).",
    "Platformen har taget filen, og dens kvittering har en anden besked end \(TechnicalReceipt.successMessage).",
    cause: "Something that the message tells; no such one has been seen.",
    "Noget, som beskeden fortæller; en sådan er aldrig set.",
    remedy: "Read the message; ask whether the file was distributed before it is sent again.",
    "Læs beskeden; spørg, om filen er fordelt, før den sendes igen.", ask: .routes)

  /// A number of an error in a technical receipt.
  package static let error = Explanation(
    "The platform refused the file. Its list of numbers is not public: number and texts are kept as they came.",
    "Platformen har afvist filen. Dens liste over numre er ikke offentlig: nummer og tekster gemmes, som de kom.",
    cause: "A route that is not ordered, a wrong InfRef, or a file that is not whole.",
    "En rute, der ikke er bestilt, en forkert InfRef eller en fil, der ikke er hel.",
    remedy:
      "Read the texts of the receipt (\(.showJournal("D12"))), mend the cause, and try it again (\(.retry("D12"))).",
    "Læs kvitteringens tekster (\(.showJournal("D12"))), ret årsagen, og prøv igen (\(.retry("D12"))).", ask: .routes)
}

extension BusinessReceipt.Acceptance {
  /// The meaning of a business receipt's word, its usual cause, the remedy, and the contact.
  package var explanation: Explanation {
    switch self {
    case .accepted:
      Explanation(
        "The recipient has taken the file.", "Modtageren har taget filen.", cause: "All went well.", "Alt gik godt.",
        remedy: "Nothing.", "Intet.", ask: .recipient)
    case .rejected:
      Explanation(
        "The recipient has refused the file.", "Modtageren har afvist filen.",
        cause: "Its content; the reason stands in the receipt.", "Dens indhold; begrundelsen står i kvitteringen.",
        remedy: "Mend the content and send it as a new file.", "Ret indholdet, og send den som en ny fil.",
        ask: .recipient)
    case .couldNotNotifyRecipient:
      Explanation(
        "The recipient could not be told of the file.", "Modtageren kunne ikke få besked om filen.",
        cause: "The recipient's system is away or not connected.", "Modtagerens system er væk eller ikke tilsluttet.",
        remedy: "Ask the recipient whether it has the file before it is sent again.",
        "Spørg modtageren, om filen er der, før den sendes igen.", ask: .recipient)
    }
  }
}
