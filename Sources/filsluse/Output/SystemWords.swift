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
  var shown: String {
    switch self {
    case .system(let code): code.shown
    case .notPlain(let kind):
      LocalizedText("it is a \(kind.rawValue), no plain file", "det er \(kind.danish) og ingen almindelig fil").shown
    }
  }
}

extension PlainFileError.Kind {
  fileprivate var danish: String {
    switch self {
    case .folder: "en mappe"
    case .pipe: "et rør"
    case .device: "en enhed"
    case .socket: "en sokkel"
    }
  }
}

extension NewFileError {
  /// The reason in the language of the output.
  var shown: String {
    guard OutputLanguage.current == .danish else { return description }
    return switch self {
    case .taken: "noget har allerede det navn"
    case .isInput(let input): "det er selve \(input), som kommandoen læser"
    case .unfit: "navnet hører til noget andet end en almindelig fil"
    case .failed(_, let code): code.shown
    case .ownerNotKept(let user, let group, _):
      "den kan ikke gives til bruger \(user) og gruppe \(group), som ejer filen"
    case .content(let error): Errno.text(of: error)
    }
  }

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
