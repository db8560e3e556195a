import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse journal restore`: a backup takes the place of a journal that is damaged or gone.
struct JournalRestore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: LocalizedText(
      "Put a backup in the place of a journal that is damaged or gone.",
      "Læg en sikkerhedskopi i stedet for en journal, der er beskadiget eller væk."
    ).shown,
    discussion: LocalizedText(
      """
      The backup is checked first; the journal's former file is kept beside it. What that file can still tell of the time \
      after the backup is taken over, and likewise the copies that processes saved beside the journal when it was replaced \
      under them. Files that were sent then and that none of them can tell of are not known any more: ordered \
      again, they would be sent again. Before anything is sent, see what your own system ordered since, and what the \
      platform has receipts for.

      The high-water mark beside the journal says how far it had come. Where neither the backup nor the former file has \
      come as far, nothing is changed unless --accept-loss is given.

      Nobody may use the journal meanwhile: end filsluse run first. Should this be cut short, run it again, with the same \
      backup or a better one; until then the journal stays shut.
      """,
      """
      Sikkerhedskopien kontrolleres først; journalens tidligere fil beholdes ved siden af. Det, som den fil stadig kan oplyse om \
      tiden efter kopien, overtages, og ligeså de kopier, som processer gemte ved siden af journalen, da den blev skiftet ud under \
      dem. Filer, der blev sendt da, og som ingen af dem kan oplyse om, kendes ikke mere: bestilles de igen, sendes de igen. Se, \
      før noget sendes, hvad jeres eget system har bestilt siden, og hvad platformen har kvitteringer for.

      Højvandsmærket ved siden af journalen siger, hvor langt den var nået. Hvor hverken kopien eller den tidligere fil er nået \
      så langt, ændres intet, medmindre --accept-loss er angivet.

      Ingen må bruge journalen imens: stop filsluse run først. Bliver dette afbrudt, så kør det igen med samme kopi eller en \
      bedre; indtil da er journalen lukket.
      """
    ).shown)

  @Argument(help: ArgumentHelp("The backup.", "Sikkerhedskopien."), completion: .file())
  var file: String

  @Flag(
    help: ArgumentHelp(
      "Go on although entries were written that neither the backup nor the former file knows.",
      "Fortsæt, selv om der er skrevet poster, som hverken kopien eller den tidligere fil kender."))
  var acceptLoss = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let loaded = try settings.load()
    guard loaded.journalServer == nil else {
      throw CommandFailure(
        .badData,
        "a PostgreSQL server keeps the journal: restore the database by PostgreSQL's own tools (pg_restore, or recovery to a point in time)",
        "en PostgreSQL-server har journalen: gendan databasen med PostgreSQL's egne værktøjer (pg_restore eller gendannelse til et tidspunkt)"
      )
    }
    let path = loaded.journal
    let restored = try await Journal.restore(path, from: FilePath(file), acceptingLoss: acceptLoss)
    if output.json { return try Output.print(json: Report(restored)) }
    show(restored, at: path)
  }

  private func show(_ restored: RestoredJournal, at path: FilePath) {
    Output.print(LocalizedText("\(path) is the backup now", "\(path) er nu sikkerhedskopien").shown)
    if let former = restored.former {
      Output.print(
        LocalizedText("its former file lies at \(former)", "den tidligere fil ligger som \(former)").shown)
    }
    for saved in restored.saved {
      let text = LocalizedText(
        "a copy that was saved when it was replaced lies at \(saved)",
        "en kopi, der blev gemt, da den blev skiftet ud, ligger som \(saved)")
      Output.print(text.shown)
    }
    let last = restored.knowsUntil.map { WallClock.denmark.stamp(at: $0) }
    let until = last.map { LocalizedText("of \($0)", "fra \($0)") } ?? LocalizedText("there is none", "der er ingen")
    let (deliveries, arrivals) = (restored.deliveriesTakenOver, restored.arrivalsTakenOver)
    let taken = LocalizedText(
      "the backup's last entry is \(until.en); of what came after it, \(deliveries.counted("delivery", "deliveries")) and \(arrivals.counted("arrival")) were taken over from these",
      "sikkerhedskopiens sidste post: \(until.da); af det, der kom efter den, er \(deliveries.counted("levering", "leveringer")) og \(arrivals.counted("modtagelse", "modtagelser")) overtaget fra disse"
    )
    Output.print(taken.shown)
    noteLosses(restored)
  }

  private func noteLosses(_ restored: RestoredJournal) {
    if restored.lostEntries > 0 {
      let text = LocalizedText(
        "at least \(restored.lostEntries.counted("entry is", "entries are")) lost: what was sent in them is not known any more, and ordered again it is sent again",
        "mindst \(restored.lostEntries.counted("post", "poster")) er gået tabt: det, der blev sendt i dem, kendes ikke mere, og bestilles det igen, sendes det igen"
      )
      Output.note("filsluse: \(text.shown)")
    }
    guard !restored.formerWasReadable else { return }
    let isKnown = restored.knowsUntil != nil
    let text = LocalizedText(
      "the former file could not be read to its end. Deliveries \(isKnown ? "since then " : "")that it could not tell of are not known any more: ordered again, they are sent again. Before anything is sent, compare what your own system ordered since with the platform's receipts",
      "den tidligere fil kunne ikke læses til ende. Leveringer\(isKnown ? " siden da" : ""), som den ikke kunne oplyse om, kendes ikke mere: bestilles de igen, sendes de igen. Sammenlign, før noget sendes, det, som jeres eget system har bestilt siden, med platformens kvitteringer"
    )
    Output.note("filsluse: \(text.shown)")
  }

  private struct Report: Encodable {
    let former: String?
    let saved: [String]
    let knowsUntil: String?
    let deliveriesTakenOver: Int
    let arrivalsTakenOver: Int
    let formerWasReadable: Bool
    let lostEntries: Int

    init(_ restored: RestoredJournal) {
      former = restored.former?.string
      saved = restored.saved.map(\.string)
      knowsUntil = restored.knowsUntil?.description
      deliveriesTakenOver = restored.deliveriesTakenOver
      arrivalsTakenOver = restored.arrivalsTakenOver
      formerWasReadable = restored.formerWasReadable
      lostEntries = restored.lostEntries
    }
  }
}
