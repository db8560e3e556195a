import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import TriggerFiles

/// `filsluse journal forget`: retention, for users without `filsluse run`.
struct JournalForget: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: LocalizedText(
      "Forget what ended longer ago than the settings keep it.",
      "Glem det, der sluttede for længere siden, end indstillingerne gemmer det."
    ).shown,
    discussion: LocalizedText(
      """
      The settings say how long with keep:. What was sent or handed over is known again even after that, by keys that hold \
      no names; and the chain of entries goes on from a checkpoint. filsluse run does this daily.

      Where the journal's entries of today and yesterday follow a month or more without any, the clock may have leapt: then \
      that is noted, and nothing is forgotten for a day.
      """,
      """
      Indstillingerne siger hvor længe med keep:. Det, der er sendt eller overdraget, kendes igen også efter det, ved nøgler uden \
      navne; og kæden af poster fortsætter fra et kontrolpunkt. filsluse run gør det hver dag.

      Hvor journalens poster fra i dag og i går følger efter en måned eller mere uden nogen, er uret måske sprunget: så noteres \
      det, og intet glemmes i et døgn.
      """
    ).shown)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let settings = try settings.load()
    guard let keep = settings.keep else {
      throw CommandFailure(
        .configuration, "\(settings.source) keeps everything", "\(settings.source) beholder alt",
        remedy: LocalizedText("say for how long, for example keep: 400d", "skriv hvor længe, for eksempel keep: 400d"))
    }
    let upkeep = try await Exchange.during(settings, logger: CommandLogger.make()) { try await $0.keepUpJournal() }
    if output.json {
      try Output.print(json: Report(forgotten: upkeep.forgotten, anchor: upkeep.anchor.description))
    } else if upkeep.doubtfulSince == nil {
      let (count, age) = (upkeep.forgotten, DurationText.format(keep))
      let text = LocalizedText(
        "\(count) that ended more than \(age) ago \(count == 1 ? "is" : "are") forgotten",
        "\(count), der sluttede for mere end \(age) siden, er glemt")
      Output.print(text.shown)
    }
    if let last = upkeep.doubtfulSince.map({ WallClock.denmark.stamp(at: $0) }) {
      throw CommandFailure(
        .notDoneYet,
        "nothing is forgotten: the journal's last entry from before yesterday is of \(last), so the clock may be wrong. If it is right, run this again in 26 hours",
        "intet er glemt: journalens sidste post fra før i går er fra \(last), så uret går måske forkert. Går det rigtigt, så kør dette igen om 26 timer"
      )
    }
  }

  private struct Report: Encodable {
    let forgotten: Int
    let anchor: String
  }
}
