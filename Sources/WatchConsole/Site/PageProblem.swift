internal import FilsluseBase
internal import FilsluseHTTP
internal import PickupWatch
internal import TriggerFiles

/// The reason why a request gets another page than it asked for: what is wrong, and where to go on.
struct PageProblem: Error, Sendable {
  let status: HTTPStatus
  let title: LocalizedText
  let words: LocalizedText
  /// The page to go on at.
  var path = PageAddress.overview
  var link = LocalizedText(da: "Til overblikket", en: "To the overview")

  init(
    _ status: HTTPStatus, _ title: LocalizedText, _ words: LocalizedText, path: String = PageAddress.overview,
    link: LocalizedText = LocalizedText(da: "Til overblikket", en: "To the overview")
  ) {
    self.status = status
    self.title = title
    self.words = words
    self.path = path
    self.link = link
  }

  private static let missing = LocalizedText(da: "Findes ikke", en: "Not found")
  private static let unchanged = LocalizedText(da: "Intet er ændret", en: "Nothing was changed")
  private static let backLink = LocalizedText(da: "Tilbage", en: "Back")

  /// There is no such page, file, alert or inbox.
  static func notFound(_ words: LocalizedText, path: String = PageAddress.overview) -> Self {
    path == PageAddress.overview
      ? Self(.notFound, missing, words) : Self(.notFound, missing, words, path: path, link: backLink)
  }

  /// The list has no page of that number.
  static func beyondEnd(_ pages: Int, path: String) -> Self {
    Self(
      .notFound, missing,
      LocalizedText(
        da: "Listen har ikke en side med det nummer; den sidste er side \(pages).",
        en: "The list has no page of that number; the last one is page \(pages)."),
      path: path, link: LocalizedText(da: "Til den første side", en: "To the first page"))
  }

  /// A part of the address cannot be read.
  static func badAddress(_ words: LocalizedText, path: String) -> Self {
    Self(
      .badRequest, LocalizedText(da: "Adressen kan ikke læses", en: "The address cannot be read"), words, path: path,
      link: backLink)
  }

  /// The fields after the question mark are none.
  static func unreadableFields(path: String) -> Self {
    badAddress(
      LocalizedText(
        da: "Felterne efter spørgsmålstegnet kan ikke læses.", en: "The fields after the question mark cannot be read."),
      path: path)
  }

  /// The page has no field of a name in the address.
  static func unknownField(_ name: String, of known: [String], path: String) -> Self {
    let name = Markup.cut(Masked.name(name), to: 80)
    let list = known.joined(separator: ", ")
    return badAddress(
      LocalizedText(
        da: "Siden kender ikke feltet „\(name)“ i adressen" + (known.isEmpty ? "." : "; den kender \(list)."),
        en: "The page does not know the field “\(name)” of the address" + (known.isEmpty ? "." : "; it knows \(list).")),
      path: path)
  }

  /// An account is named whose inbox is not watched.
  static func unwatched(path: String) -> Self {
    notFound(LocalizedText(da: "Den indbakke overvåges ikke.", en: "That inbox is not watched."), path: path)
  }

  /// A filter names something that the watch does not know.
  static func unknown(_ criterion: AlertFilter.Criterion, path: String) -> Self {
    switch criterion {
    case .account: return unwatched(path: path)
    case .infRef:
      return notFound(
        LocalizedText(
          da: "Ingen regel og ingen alarm handler om den InfRef.", en: "No rule and no alert is about that InfRef."),
        path: path)
    case .group:
      return notFound(
        LocalizedText(
          da: "Ingen alarm er af den gruppe, eller de er glemt: overståede alarmer gemmes kun en tid.",
          en: "No alert is of that group, or they are forgotten: alerts that are over are kept for a while only."),
        path: path)
    case .municipality:
      return notFound(
        LocalizedText(
          da: "Der er ingen kommune med den kode eller det CVR-nummer.",
          en: "There is no municipality of that code or CVR number."), path: path)
    }
  }

  /// The text to search for is too long: no name is as long.
  static let longSearch = Self(
    .unprocessable, LocalizedText(da: "Teksten er for lang", en: "The text is too long"),
    LocalizedText(
      da: "Der søges efter højst \(ConsoleQueries.longestSearch) tegn; intet er søgt.",
      en: "A search takes \(ConsoleQueries.longestSearch) characters at most; nothing was looked for."),
    path: PageAddress.search, link: backLink)

  /// The content of a form is refused.
  static func refused(_ words: LocalizedText, back path: String) -> Self {
    Self(.unprocessable, unchanged, words, path: path, link: backLink)
  }

  /// The form was sent before, or another person was faster.
  static func conflict(_ words: LocalizedText, back path: String) -> Self {
    Self(.conflict, unchanged, words, path: path, link: backLink)
  }

  /// The body is none of our forms.
  static let noForm = Self(
    .unsupportedMediaType, unchanged,
    LocalizedText(da: "Her ventes en formular fra konsollen.", en: "A form of the console is expected here."))

  /// The form was made by another process.
  static func oldForm(back path: String) -> Self {
    Self(
      .forbidden, unchanged,
      LocalizedText(
        da: "Siden er fra før overvågningen sidst blev startet. Hent den igen, og send formularen derfra.",
        en: "This page is from before the watcher was last started. Load it again and send the form from there."),
      path: path, link: LocalizedText(da: "Hent den igen", en: "Load it again"))
  }

  /// The form was sent by another site.
  static let foreignForm = Self(
    .forbidden, LocalizedText(da: "Afvist", en: "Refused"),
    LocalizedText(
      da: "Formularen kom ikke fra denne side, så intet er sket.",
      en: "The form did not come from this page, so nothing was done."))

  /// The watcher has no database open just now.
  static let starting = Self(
    .unavailable, LocalizedText(da: "Overvågningen starter", en: "The watcher is starting"),
    LocalizedText(
      da: "Den starter eller tager nye indstillinger i brug. Prøv igen om lidt.",
      en: "It is starting or taking up new settings. Try again in a moment."))

  /// The database or the journal cannot be read or written.
  static let storeFailed = Self(
    .unavailable, LocalizedText(da: "Kan ikke læses nu", en: "Cannot be read now"),
    LocalizedText(
      da:
        "Overvågningens database eller journalen kan ikke læses eller skrives. Loggen siger hvorfor; prøv igen om lidt.",
      en: "The watcher's database or the journal cannot be read or written. The log says why; try again in a moment."))
}
