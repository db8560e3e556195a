import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

extension Errno {
  /// The system's reason in the language of the output.
  var shown: String { words.shown }

  /// The text of an error of a call to the system, in the language of the output.
  static func text(of error: any Error) -> String { (error as? Errno)?.shown ?? "\(error)" }
}

extension PlainFileError {
  /// The reason in the language of the output.
  var shown: String { LocalizedText(description, inDanish).shown }
}

extension NewFileError {
  /// The reason in the language of the output.
  var shown: String { LocalizedText(description, inDanish).shown }

  /// The remedy in the language of the output.
  var shownRemedy: String {
    guard OutputLanguage.current == .danish else { return remedy }
    return switch self {
    case .taken, .isInput: "angiv en ny fil"
    case .unfit: "angiv en almindelig fil"
    case .failed(_, .noSpace), .failed(_, .diskQuotaExceeded): "skaf plads på disken, og prøv igen"
    case .ownerNotKept: "kør kommandoen som den bruger eller som root"
    case .failed, .content: "se efter mappen og rettighederne til den"
    }
  }
}
