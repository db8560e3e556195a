import ArgumentParser
import ExchangeSettings
import FileExchange
import FoundationEssentials
import Glibc
import LocalPlatform
import SystemPackage
import TriggerFiles

/// `filsluse demo`: the main job from end to end, on this machine.
struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: LocalizedText(
      "Send, route, watch, collect and compare 100 transmissions on a local platform, and tell how it went.",
      "Send, rut, overvåg, hent og sammenlign 100 forsendelser på en lokal platform, og fortæl, hvordan det gik."
    ).shown,
    discussion: LocalizedText(
      """
      A sortiment goes from FK-KLA to an invoice-handling system, and one data extract per municipality from a \
      fagsystem to FLIS, Aarhus's to its own system as well. One extract is empty, one is large. The content and the \
      CVR numbers (9900xxxx) are made up. A demo that was cut off is finished by the next one in the same folder.
      """,
      """
      Et sortiment går fra FK-KLA til et fakturasystem og et dataudtræk for hver kommune fra et fagsystem til FLIS, Aarhus' også \
      til dens eget system. Et udtræk er tomt, et er stort. Indholdet og CVR-numrene (9900xxxx) er opdigtede. En demo, der blev \
      afbrudt, gøres færdig af den næste i samme mappe.
      """
    ).shown)

  @Option(
    help: ArgumentHelp(
      "The folder for everything it makes; a new one when none is named.",
      "Mappen til alt, hvad den laver; en ny, hvis ingen er angivet.", valueName: "dir"))
  var directory: String?

  @Option(
    help: ArgumentHelp(
      "The size of the large extract, in millions of bytes.", "Størrelsen af det store udtræk, i millioner byte."))
  var largeMegabytes = 300

  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (0...100_000).contains(largeMegabytes) else {
      throw ValidationError(
        "--large-megabytes takes a number from 0 to 100000", "--large-megabytes tager et tal fra 0 til 100000")
    }
  }

  func run() async throws {
    let folder =
      try directory.map { FilePath($0).absolute }
      ?? TemporaryFolder.make(named: "filsluse-demo")
    try Self.claim(folder)
    let inputs = DemoInputs(
      folder: folder.appending("input"), municipalities: Municipality.all, largeSize: largeMegabytes * 1_000_000)
    Output.note(
      LocalizedText("Everything the demo makes lies in \(folder).", "Alt fra demoen ligger i \(folder).").shown)
    try inputs.write()
    let logger = CommandLogger.make(.text)
    let account = try await withLocalPlatform(
      at: folder.appending("platform"), plan: .demo, logger: logger
    ) { platform in
      try await DemoRun(platform: platform, inputs: inputs, folder: folder, logger: logger).carryOut()
    }
    if output.json { try Output.print(json: account) } else { Output.print(account.text) }
    let end = LocalizedText(
      "Nothing is left running. Input, inboxes, journals and documents lie in \(folder).",
      "Intet kører mere. Inddata, indbakker, journaler og dokumenter ligger i \(folder).")
    Output.note(end.shown)
    if !account.isComplete {
      throw CommandFailure(
        .badData, "the demo did not come out as it should", "demoen gik ikke, som den skulle",
        remedy: LocalizedText("see above", "se ovenfor"))
    }
  }

  /// Checks that the folder holds nobody else's files: it must be empty, or made by a demo.
  private static func claim(_ folder: FilePath) throws {
    let mark = folder.appending(".filsluse-demo")
    if InputFile.exists(mark) { return }
    try DemoInputs.makeFolder(folder)
    guard try FileManager.default.contentsOfDirectory(atPath: folder.string).isEmpty else {
      throw CommandFailure(
        .localIO,
        "\(Printable.text(folder.string)) holds other files than a demo's, which it could overwrite",
        "\(Printable.text(folder.string)) rummer andre filer end en demos, som den kunne overskrive",
        remedy: LocalizedText("name a new folder", "angiv en ny mappe"))
    }
    // Made in one step: a demo that is killed leaves the mark, or an empty folder.
    do {
      let options: FileDescriptor.OpenOptions = [.create, .exclusiveCreate, .noFollow, .closeOnExec]
      try FileDescriptor.open(mark, .writeOnly, options: options, permissions: .ownerReadWrite).close()
    } catch {
      let (name, reason) = (Printable.text(mark.string), Errno.text(of: error))
      throw CommandFailure(.localIO, "\(name) cannot be made: \(reason)", "\(name) kan ikke laves: \(reason)")
    }
  }
}
