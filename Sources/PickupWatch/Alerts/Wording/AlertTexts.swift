package import FilsluseBase
package import TriggerFiles

/// The words that alerts of every kind share, in both languages.
enum AlertTexts {
  static let critical = LocalizedText(da: "KRITISK", en: "CRITICAL")
  static let warning = LocalizedText(da: "ADVARSEL", en: "WARNING")

  /// The text that each reason adds to the headline.
  static let reasons: [NotificationReason: LocalizedText] = [
    .escalated: LocalizedText(da: "nu alvorligere", en: "more severe now"),
    .grown: LocalizedText(da: "vokser", en: "growing"),
    .repeated: LocalizedText(da: "stadig", en: "still"),
    .resolved: LocalizedText(da: "LØST", en: "RESOLVED"),
    .expired: LocalizedText(da: "AFSLUTTET, IKKE LØST", en: "CLOSED, NOT RESOLVED"),
  ]

  /// The clock of a file's age.
  static let ages: [Finding.AgeBasis: LocalizedText] = [
    .watcher: LocalizedText(da: "set af overvågningen", en: "seen by the watcher"),
    .server: LocalizedText(
      da: "efter serverens ur, rettet for forskel", en: "by the server's clock, corrected"),
    .serverUnmeasured: LocalizedText(
      da: "efter serverens ur, som ikke er målt",
      en: "by the server's clock, which was not measured"),
    .firstSight: LocalizedText(
      da: "eller før; da blev den først set", en: "or before; first seen then"),
  ]

  /// The labels before the facts.
  enum Label {
    static let account = LocalizedText(da: "Konto", en: "Account")
    static let file = LocalizedText(da: "Fil", en: "File")
    static let infRef = LocalizedText("InfRef")
    static let orderForm = LocalizedText(
      da: "InfRef på bestillingsformularen", en: "InfRef on the order form")
    static let sender = LocalizedText(da: "Afsender (SFTP-bruger)", en: "Sender (SFTP user)")
    static let authority = LocalizedText(da: "Til myndighed (CVR)", en: "For authority (CVR)")
    static let size = LocalizedText(da: "Størrelse", en: "Size")
    static let since = LocalizedText(da: "Siden", en: "Since")
    static let due = LocalizedText(da: "Frist", en: "Limit")
    static let rule = LocalizedText(da: "Regel", en: "Rule")
    static let detail = LocalizedText(da: "Detaljer", en: "Details")
    static let firing = LocalizedText(da: "Alarm siden", en: "Alert since")
    static let resolved = LocalizedText(da: "Løst", en: "Resolved")
    static let expired = LocalizedText(da: "Afsluttet", en: "Closed")
    static let ending = LocalizedText(da: "Årsag", en: "Why")
    static let remedy = LocalizedText(da: "Gør dette", en: "Do this")
    static let ask = LocalizedText(da: "Spørg", en: "Ask")
    static let oldest = LocalizedText(da: "De ældste", en: "The oldest")
    static let kinds = LocalizedText(da: "Fordelt på", en: "By sort")
    static let acknowledge = LocalizedText(da: "Kvittér", en: "Acknowledge")
    static let machine = LocalizedText(da: "Maskine", en: "Machine")
    static let page = LocalizedText(da: "Alarmens side", en: "The alert's page")
    static let timeZone = LocalizedText(da: "Tidszone", en: "Time zone")
  }

  /// Returns advice on the contact; `nil` if no outside party can help.
  ///
  /// - Parameter authority: the CVR number of the authority that a file is for, if known.
  static func advice(_ contact: Contact, authority: String?) -> LocalizedText? {
    switch contact {
    case .infRef:
      return LocalizedText(
        da: "kdi@kombit.dk om InfRef og GDPR-erklæring",
        en: "kdi@kombit.dk about the InfRef and the GDPR declaration")
    case .routes:
      return LocalizedText(
        da: "helpdesk@serviceplatformen.dk om ruter og overvågning",
        en: "helpdesk@serviceplatformen.dk about routes and monitoring")
    case .sender:
      return LocalizedText(
        da: "afsenderen af filen; ruter og overvågning: helpdesk@serviceplatformen.dk",
        en: "the sender of the file; about routes and monitoring: helpdesk@serviceplatformen.dk")
    case .recipient:
      let danish = authority.map { ", myndigheden med CVR-nummer \($0)" } ?? ""
      let english = authority.map { ", the authority with the CVR number \($0)" } ?? ""
      return LocalizedText(
        da: "modtageren af filen\(danish); ruter og overvågning: helpdesk@serviceplatformen.dk",
        en:
          "the recipient of the file\(english); about routes and monitoring: helpdesk@serviceplatformen.dk"
      )
    case .own: return nil
    }
  }

  /// The headline of a group.
  static func manyFindings(_ count: Int, critical: Int) -> LocalizedText {
    LocalizedText(
      da: "\(count) fund i én indbakke" + (critical > 0 ? ", heraf \(critical) kritiske" : ""),
      en: "\(count) findings in one inbox" + (critical > 0 ? ", \(critical) of them critical" : ""))
  }

  /// The headline of a group of open problems.
  static func problems(_ count: Int, critical: Int) -> LocalizedText {
    LocalizedText(
      da: "\(count) ting venter på et menneske"
        + (critical > 0 ? ", heraf \(critical) kritiske" : ""),
      en: "\(count) things wait for a person"
        + (critical > 0 ? ", \(critical) of them critical" : ""))
  }

  /// The former text of the alert, once it is resolved.
  static func formerly(_ meaning: LocalizedText) -> LocalizedText {
    LocalizedText(da: "Alarmen lød: \(meaning.da)", en: "The alert was: \(meaning.en)")
  }

  static func settingsLine(_ line: Int) -> LocalizedText {
    LocalizedText(da: "linje \(line) i indstillingerne", en: "line \(line) of the settings")
  }

  /// The members of a group that are not named.
  static func more(_ count: Int) -> LocalizedText {
    LocalizedText(
      da: Remedy("og \(count) til; \(.listAlerts) viser dem alle").inDanish,
      en: Remedy("and \(count) more; \(.listAlerts) shows them all").description)
  }

  /// The text for a resolution of unknown reason.
  static let unexplained = LocalizedText(
    da: "Det vides ikke; se efter på statussiden.", en: "Not known; see the status page.")
  /// The word for bytes behind a number.
  static let bytes = LocalizedText(da: "byte", en: "bytes")
}

/// The words for a kind of finding, in both languages.
struct KindText: Sendable {
  /// The title as a headline begins, in a few words.
  let title: LocalizedText
  /// The meaning, in a sentence or two.
  let meaning: LocalizedText
  /// The remedy as a sentence in each language; its steps are worded when it is shown.
  let (danishRemedy, englishRemedy): (Remedy, Remedy)
  /// The contact if the remedy does not help.
  let contact: Contact

  /// Creates texts from title, meaning and remedy, first in Danish and then in English.
  init(
    da danishTitle: String, _ danishMeaning: String, _ danishRemedy: Remedy,
    en englishTitle: String,
    _ englishMeaning: String, _ englishRemedy: Remedy, contact: Contact = .routes
  ) {
    title = LocalizedText(da: danishTitle, en: englishTitle)
    meaning = LocalizedText(da: danishMeaning, en: englishMeaning)
    (self.danishRemedy, self.englishRemedy) = (danishRemedy, englishRemedy)
    self.contact = contact
  }

  var remedy: LocalizedText {
    LocalizedText(da: danishRemedy.inDanish, en: englishRemedy.description)
  }
}

extension Contact {
  /// Advice on the contact; `nil` if no outside party can help.
  package var advice: LocalizedText? { AlertTexts.advice(self, authority: nil) }
}
