import ArgumentParser
import ExchangeSettings
import FileExchange
import SystemPackage
import TriggerFiles

/// `filsluse trigger`: writes the trigger of a data file, and sends nothing.
struct WriteTrigger: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trigger",
    abstract: LocalizedText(
      "Write the trigger of a data file without sending anything.",
      "Skriv triggeren til en datafil uden at sende noget."
    ).shown,
    discussion: LocalizedText(
      """
      The routing comes from a route of the settings (--route), or from the options: with --infref a route by InfRef, \
      explicit when --recipient-it-system is there too; with --recipient the recipients' SFTP users directly.
      """,
      """
      Routingen kommer fra en rute i indstillingerne (--route) eller fra tilvalgene: med --infref en rute efter InfRef, eksplicit \
      når --recipient-it-system også er der; med --recipient direkte modtagernes SFTP-brugere.
      """
    ).shown)

  @Option(help: ArgumentHelp("The data file.", "Datafilen.", valueName: "data"), completion: .file())
  var file: String

  @Option(
    help: ArgumentHelp("The route's name in the settings.", "Rutens navn i indstillingerne."),
    completion: Proposals.routes)
  var route: String?

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var result: OutputOptions
  @OptionGroup(title: LocalizedText("Routing without settings", "Routing uden indstillinger").shown) var routing:
    RoutingOptions

  @Option(
    help: ArgumentHelp(
      "The name on the wire, if it is not the file's own.", "Navnet på vejen, hvis det ikke er filens eget."))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "The municipality that the file holds, whatever its name seems to say.",
      "Den kommune, som filen hører til, uanset hvad navnet ser ud til at sige.", valueName: "0751"))
  var holdsMunicipality: String?

  @Option(
    name: .short,
    help: ArgumentHelp(
      "A new file to write it to; by default, and for -, standard output.",
      "En ny fil, der skrives til; som standard og for - standardoutput.", valueName: "file"), completion: .file())
  var output: String?

  @Flag(
    help: ArgumentHelp(
      "Replace the file of -o where there is one; never the data or the settings.",
      "Erstat filen fra -o, hvis den findes; aldrig data eller indstillinger."))
  var force = false

  func validate() throws {
    guard !force || output != nil else { throw ValidationError("--force goes with -o", "--force hører til -o") }
    guard (route != nil) != routing.isGiven else {
      throw ValidationError(
        remedy: LocalizedText(
          "say how it goes: --route NAME, or --infref and --sender and so on, not both",
          "angiv vejen: --route NAVN, eller --infref og --sender og så videre, ikke begge dele"))
    }
    if routing.isGiven { try routing.validateTogether() }
  }

  func run() async throws {
    let path = FilePath(file)
    let order = DeliveryOrder(file: path, route: route ?? "", wireName: name, holdsMunicipality: holdsMunicipality)
    let size = try InputFile.size(of: path)
    let (new, rules) = try route == nil ? routing.build(order, size: size) : byRoute(order, size: size)
    let warnings: [Diagnostic]
    do throws(DocumentError) {
      warnings = try rules.check(new.trigger)
    } catch {
      let lines = error.diagnostics.map(\.shown).joined(separator: "\n")
      throw CommandFailure(.badData, "no trigger is written:\n\(lines)", "ingen trigger er skrevet:\n\(lines)")
    }
    for warning in warnings { Output.note("filsluse: \(warning.shown)") }
    if let note = new.municipalityNote { Output.note(Printable.text("filsluse: \(file): \(note)")) }
    try write(new.document, warnings)
  }

  private func write(_ xml: [UInt8], _ warnings: [Diagnostic]) throws {
    let named = output == "-" ? nil : output
    if let named {
      let inputs = [FilePath(file)] + (route == nil ? [] : [try settings.file])
      try OutputFile.write(xml, to: FilePath(named), force: force, sparing: inputs)
    }
    let text = String(decoding: xml, as: UTF8.self)
    if result.json {
      try Output.print(json: WrittenTrigger(file: named, trigger: text, warnings: warnings.map(\.shown)))
    } else if named == nil, !Output.isQuiet {
      Output.write(text, to: 1)
    }
  }

  private struct WrittenTrigger: Encodable {
    /// The output file; `nil` for standard output only.
    let file: String?
    let trigger: String
    let warnings: [String]
  }

  private func byRoute(_ order: DeliveryOrder, size: UInt64) throws -> (NewTrigger, SendRules) {
    let settings = try settings.load()
    let new = try NewTrigger(for: order, size: size, settings: settings)
    let account = settings.route(named: order.route).flatMap { settings.account(named: $0.account) }
    let rules = SendRules(
      user: account?.user, suffixes: account?.suffixes ?? .default, register: settings.register)
    return (new, rules)
  }
}
