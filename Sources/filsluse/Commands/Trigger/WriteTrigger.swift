import ArgumentParser
import ExchangeSettings
import FileExchange
import SystemPackage
import TriggerFiles

/// `filsluse trigger`: writes the trigger of a data file, and sends nothing.
struct WriteTrigger: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trigger", abstract: "Write the trigger of a data file without sending anything.",
    discussion: """
      The routing comes from a route of the settings (--route), or from the options: with --infref a route by InfRef, \
      explicit when --recipient-it-system is there too; with --recipient the recipients' SFTP users directly.
      """)

  @Option(help: ArgumentHelp("The data file.", valueName: "data"))
  var file: String

  @Option(help: "The route's name in the settings.")
  var route: String?

  @OptionGroup var settings: SettingsOptions
  @OptionGroup(title: "Routing without settings") var routing: RoutingOptions

  @Option(help: "The name on the wire, if it is not the file's own.")
  var name: String?

  @Option(
    help: ArgumentHelp("The municipality that the file holds, whatever its name seems to say.", valueName: "0751"))
  var holdsMunicipality: String?

  @Option(
    name: .short,
    help: ArgumentHelp("A new file to write it to; by default, and for -, standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Replace the file of -o where there is one; never the data or the settings.")
  var force = false

  func validate() throws {
    guard !force || output != nil else { throw ValidationError("--force goes with -o") }
    guard (route != nil) != routing.isGiven else {
      throw ValidationError("say how it goes: --route NAME, or --infref and --sender and so on, not both")
    }
    if routing.isGiven { try routing.validateTogether() }
  }

  func run() async throws {
    let path = FilePath(file)
    let order = DeliveryOrder(file: path, route: route ?? "", wireName: name, holdsMunicipality: holdsMunicipality)
    let size = try InputFile.size(of: path)
    let (new, rules) = try route == nil ? routing.build(order, size: size) : byRoute(order, size: size)
    do throws(DocumentError) {
      for warning in try rules.check(new.trigger) { Output.note("filsluse: \(warning)") }
    } catch {
      throw CommandFailure(.badData, "no trigger is written:\n\(error)")
    }
    if let note = new.municipalityNote { Output.note(Printable.text("filsluse: \(file): \(note)")) }
    let xml = new.document
    if let output, output != "-" {
      let inputs = [path] + (route == nil ? [] : [try settings.file])
      try OutputFile.write(xml, to: FilePath(output), force: force, sparing: inputs)
    } else {
      Output.write(String(decoding: xml, as: UTF8.self), to: 1)
    }
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
