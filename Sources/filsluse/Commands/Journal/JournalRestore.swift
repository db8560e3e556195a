import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage

/// `filsluse journal restore`: a backup takes the place of a journal that is damaged or gone.
struct JournalRestore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Put a backup in the place of a journal that is damaged or gone.",
    discussion: """
      The backup is checked first; the journal's former file is kept beside it. What that file can still tell of the time \
      after the backup is taken over, and likewise the copies that processes saved beside the journal when it was replaced \
      under them. Files that were sent then and that none of them can tell of are not known any more: ordered \
      again, they would be sent again. Before anything is sent, see what your own system ordered since, and what the \
      platform has receipts for.

      The high-water mark beside the journal says how far it had come. Where neither the backup nor the former file has \
      come as far, nothing is changed unless --accept-loss is given.

      Nobody may use the journal meanwhile: end filsluse run first. Should this be cut short, run it again, with the same \
      backup or a better one; until then the journal stays shut.
      """)

  @Argument(help: "The backup.")
  var file: String

  @Flag(help: "Go on although entries were written that neither the backup nor the former file knows.")
  var acceptLoss = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let path = try settings.load().journal
    let restored = try await Journal.restore(path, from: FilePath(file), acceptingLoss: acceptLoss)
    if output.json { return try Output.print(json: Report(restored)) }
    Output.print("\(path) is the backup now")
    if let former = restored.former { Output.print("its former file lies at \(former)") }
    for saved in restored.saved { Output.print("a copy that was saved when it was replaced lies at \(saved)") }
    let until = restored.knowsUntil.map { "of \($0)" } ?? "there is none"
    Output.print(
      "the backup's last entry is \(until); of what came after it, \(restored.deliveriesTakenOver.counted("delivery", "deliveries")) and \(restored.arrivalsTakenOver.counted("arrival")) were taken over from these"
    )
    if restored.lostEntries > 0 {
      Output.note(
        "filsluse: at least \(restored.lostEntries.counted("entry is", "entries are")) lost: what was sent in them is not known any more, and ordered again it is sent again"
      )
    }
    if !restored.formerWasReadable {
      Output.note(
        "filsluse: the former file could not be read to its end. Deliveries \(until == "there is none" ? "" : "since then ")that it could not tell of are not known any more: ordered again, they are sent again. Before anything is sent, compare what your own system ordered since with the platform's receipts"
      )
    }
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
