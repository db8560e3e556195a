package import FilsluseStore
internal import TriggerFiles

/// The words of the error for a database with another schema than the one that was to be opened.
package struct SchemaRefusal: Sendable {
  let code: ExchangeError.Code
  /// The database, found with another schema version.
  let found: LocalizedText
  /// The database, where it is expected.
  let expected: LocalizedText
  /// The end of the sentence that a database is another one.
  let foreign: LocalizedText
  /// The remedy for a database of an older schema version, or without one.
  let remedyForOlder: LocalizedText
  /// The remedy for another database.
  let remedyForForeign: LocalizedText

  private static let remedyForNewer = LocalizedText(
    "use the newer version of Filsluse that wrote it; it stays as it is",
    "Brug den nyere version af Filsluse, der skrev den; den bliver, som den er")

  /// A journal was to be opened.
  static let journal = SchemaRefusal(
    code: .journalSchema, found: LocalizedText("a journal", "Journalen"),
    expected: LocalizedText("a journal", "en journal"), foreign: LocalizedText("no journal", "ingen journal"),
    remedyForOlder: LocalizedText(
      "finish its work with the version of Filsluse that wrote it, then name another file under journal: in the settings, or another database; the new journal will not know what this one has sent",
      "Gør dens arbejde færdigt med den version af Filsluse, der skrev den, og nævn så en anden fil under journal: i indstillingerne eller en anden database; den nye journal ved ikke, hvad denne har sendt"
    ),
    remedyForForeign: LocalizedText(
      "name another file under journal: in the settings, or another database; it stays as it is",
      "Nævn en anden fil under journal: i indstillingerne eller en anden database; den bliver, som den er"))

  /// The watcher's database was to be opened.
  package static let watch = SchemaRefusal(
    code: .watchSchema, found: LocalizedText("a watch's database", "Overvågningens egen fil"),
    expected: LocalizedText("the watch's database", "en"),
    foreign: LocalizedText("not the watch's", "ikke overvågningens"),
    remedyForOlder: LocalizedText(
      "name another file under watch: database: in the settings; it stays as it is, and the new one knows nothing of the time before",
      "Nævn en anden fil under watch: database: i indstillingerne; den bliver, som den er, og den nye ved intet om tiden før"
    ),
    remedyForForeign: LocalizedText(
      "name another file under watch: database: in the settings; it stays as it is",
      "Nævn en anden fil under watch: database: i indstillingerne; den bliver, som den er"))

  /// Returns the error, with the place of the database.
  package func error(_ other: OtherSchema, _ operation: String, _ place: String) -> ExchangeError {
    let reason: LocalizedText
    let remedy: LocalizedText
    switch other.content {
    case .withoutVersion:
      reason = LocalizedText(
        "it is \(found.en) without a schema version, as releases never wrote one",
        "\(found.da) har ingen skemaversion, og sådan en har ingen udgivelse skrevet")
      remedy = remedyForOlder
    case .ofVersion(let version):
      reason = LocalizedText(
        "it is \(found.en) of schema version \(version)", "\(found.da) har skemaversion \(version)")
      remedy = version > other.expected ? Self.remedyForNewer : remedyForOlder
    case .foreign:
      reason = LocalizedText("it is a database, but \(foreign.en)", "Det er en database, men \(foreign.da)")
      remedy = remedyForForeign
    }
    return ExchangeError(
      code, operation: operation, path: place,
      message: "\(reason.en); expected is \(expected.en) of schema version \(other.expected)", remedy: remedy.en
    ).inDanish(
      "\(reason.da); der ventes \(expected.da) med skemaversion \(other.expected) (\(place)). \(remedy.da).")
  }
}
