import ExchangeSettings
import FileExchange
import FilsluseBase
import FilsluseSFTP
import LocalPlatform
import PickupWatch
import TriggerFiles

/// A code that the command may show, with its explanation.
struct ExplainedCode {
  /// The origin of a code. One word may be a code of several kinds.
  enum Kind: String, CaseIterable, Encodable {
    case error, connection, request, category, settings, register, document, infref, finding, problem, delivery, arrival
    case journal, alert, event, notification, expected, account, exit, receipt

    /// The kind in both languages, behind the code.
    var title: LocalizedText {
      switch self {
      case .error: LocalizedText("error of an exchange", "fejl i en udveksling")
      case .connection: LocalizedText("error of a connection", "fejl i en forbindelse")
      case .request: LocalizedText("error of a command", "fejl i en kommando")
      case .category: LocalizedText("category of an error", "en fejls kategori")
      case .settings: LocalizedText("mistake in the settings", "fejl i indstillingerne")
      case .register: LocalizedText("finding about the route register", "fund i ruteregistret")
      case .document: LocalizedText("mistake in a document", "fejl i et dokument")
      case .infref: LocalizedText("mistake in an InfRef", "fejl i en InfRef")
      case .finding: LocalizedText("finding of the watcher", "overvågningens fund")
      case .problem: LocalizedText("thing that waits for a person", "noget, der venter på en person")
      case .delivery: LocalizedText("state of a delivery", "en leverings tilstand")
      case .arrival: LocalizedText("state of an arrival", "en modtagelses tilstand")
      case .journal: LocalizedText("event in the journal", "hændelse i journalen")
      case .alert: LocalizedText("state of an alert", "en alarms tilstand")
      case .event: LocalizedText("event in the life of an alert", "hændelse i en alarms forløb")
      case .notification: LocalizedText("reason for a notification", "grund til en besked")
      case .expected: LocalizedText("outcome of the expected files of a day", "udfald for en dags ventede filer")
      case .account: LocalizedText("state of an account's connection", "tilstand af en kontos forbindelse")
      case .exit: LocalizedText("exit status", "slutstatus")
      case .receipt: LocalizedText("word or number of a receipt", "ord eller nummer i en kvittering")
      }
    }
  }

  let kind: Kind
  let code: String
  let explanation: Explanation

  /// Every code of every kind.
  static let all: [ExplainedCode] = Kind.allCases.flatMap { kind in
    codes(of: kind).map { ExplainedCode(kind: kind, code: $0.0, explanation: $0.1) }
  }

  /// The codes of a kind that have an explanation.
  private static func codes(of kind: Kind) -> [(String, Explanation)] {
    switch kind {
    case .error: ExchangeError.Code.allCases.map { ($0.rawValue, $0.explanation) }
    case .connection: SFTPError.Code.allCases.map { ($0.rawValue, $0.explanation) }
    case .request: RequestCode.allCases.map { ($0.rawValue, $0.explanation) }
    case .category: FailureCategory.allCases.map { ($0.rawValue, $0.explanation) }
    case .settings:
      SettingsProblem.Code.all.compactMap { code in code.explanation.map { (code.rawValue, $0) } }
    case .register:
      RegisterFindingCode.all.compactMap { code in code.explanation.map { (code.rawValue, $0) } }
    case .document: DiagnosticCode.all.compactMap { code in code.explanation.map { (code.rawValue, $0) } }
    case .infref: InfRefFinding.Code.allCases.map { ($0.rawValue, $0.explanation) }
    case .finding: Finding.Kind.all.compactMap { code in code.explanation.map { (code.rawValue, $0) } }
    case .problem: OpenProblem.Kind.allCases.map { ($0.rawValue, $0.fullExplanation) }
    case .delivery: DeliveryState.allCases.map { ($0.rawValue, $0.explanation) }
    case .arrival: ArrivalState.allCases.map { ($0.rawValue, $0.explanation) }
    case .journal: JournalEvent.allCases.map { ($0.rawValue, $0.explanation) }
    case .alert: Alert.explainedStates
    case .event: AlertLifeEvent.What.allCases.map { ($0.rawValue, $0.explanation) }
    case .notification: NotificationReason.allCases.map { ($0.rawValue, $0.explanation) }
    case .expected: ExpectedDay.State.allCases.map { ($0.rawValue, $0.explanation) }
    case .account: RunAccount.Connection.allCases.map { ($0.rawValue, $0.explanation) }
    case .exit: ExitStatus.all.compactMap { code in code.explanation.map { ("\(code.rawValue)", $0) } }
    case .receipt:
      [
        (TechnicalReceipt.successMessage, ReceiptWords.success), (otherMessage, ReceiptWords.warning),
        (errorMessage, ReceiptWords.error),
      ] + BusinessReceipt.Acceptance.allCases.map { ($0.rawValue, $0.explanation) }
        + RefusalCode.allCases.map { ("\($0.rawValue)", $0.explanation) }
    }
  }

  /// The element of a receipt with a message other than that of success.
  private static let otherMessage = "Message"
  /// The element of a refusing receipt with its message.
  private static let errorMessage = "ErrorMessage"

  /// Returns the codes that a text names, ignoring case: an error without a code has its exit status's, and an unknown
  /// number is one of the platform's.
  static func named(_ text: String) -> [ExplainedCode] {
    var wanted = text.lowercased()
    // The word of the table of `receive` for the arrival's state, and the Danish words for all states.
    if wanted == ReceiveResult.collected.en { wanted = ArrivalState.removed.rawValue }
    if let state = SubjectState(said: wanted) { wanted = state.name }
    let statuses = Set(ExitStatus.all.filter { $0 != .done && $0.code == wanted }.map { "\($0.rawValue)" })
    let found = all.filter { $0.code.lowercased() == wanted || ($0.kind == .exit && statuses.contains($0.code)) }
    guard found.isEmpty, Int32(text) != nil else { return found }
    return all.filter { $0.code == errorMessage }
  }

  /// The code that a text is a slip away from.
  static func nearest(to text: String) -> String? {
    NearestName.to(text, among: all.map(\.code) + ExitStatus.all.map(\.code))
  }

  /// All of it below each other.
  func readable(in language: ReportLanguage) -> String {
    var facts = Facts(in: language)
    facts.add("meaning", "betydning", explanation.meaning.text(in: language))
    facts.add("usual cause", "hyppig årsag", explanation.cause.text(in: language))
    facts.add("do this", "gør dette", explanation.remedy.text(in: language))
    facts.add("ask", "spørg", explanation.advice[language])
    return "\(code) (\(kind.title[language]))\n\(facts.text)"
  }

  /// The code as JSON shows it.
  func shown(in language: ReportLanguage) -> Shown {
    Shown(
      kind: kind, code: code, meaning: explanation.meaning.text(in: language),
      cause: explanation.cause.text(in: language), remedy: explanation.remedy.text(in: language),
      ask: explanation.advice[language])
  }

  struct Shown: Encodable {
    let kind: Kind
    let code: String
    let meaning: String
    let cause: String
    let remedy: String
    let ask: String
  }
}

extension Explanation.Sentence {
  /// The sentence in a language, with its steps as command lines.
  func text(in language: ReportLanguage) -> String { language == .danish ? da.inDanish : en.description }
}

extension Explanation {
  /// The contact if the remedy does not help.
  var advice: LocalizedText {
    contact.advice ?? LocalizedText("your own IT operations", "jeres egen it-drift")
  }
}
