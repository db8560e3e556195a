import ArgumentParser
import ExchangeSettings
import FileExchange
import SystemPackage
import TriggerFiles

/// A trigger's routing, given by options instead of a route of the settings.
struct RoutingOptions: ParsableArguments {
  @Option(name: .customLong("infref"), help: ArgumentHelp("The data's InfRef.", "Dataenes InfRef."))
  var infRef: String?

  @Option(help: ArgumentHelp("The SFTP user that sends.", "SFTP-brugeren, der sender."))
  var sender: String?

  @Option(help: ArgumentHelp("The sending IT-system instance.", "Den afsendende it-systeminstans.", valueName: "uuid"))
  var senderItSystem: String?

  @Option(
    help: ArgumentHelp(
      "The authority on whose behalf it is sent.", "Myndigheden, på hvis vegne der sendes.", valueName: "cvr"))
  var senderAuthority: String?

  @Option(help: ArgumentHelp("The authority that shall have it.", "Myndigheden, der skal have det.", valueName: "cvr"))
  var recipientAuthority: String?

  @Option(
    help: ArgumentHelp(
      "The IT-system instance that shall have it.", "It-systeminstansen, der skal have det.", valueName: "uuid"))
  var recipientItSystem: String?

  @Option(
    help: ArgumentHelp(
      "A recipient's SFTP user; once for each.", "En modtagers SFTP-bruger; én gang for hver.", valueName: "user"))
  var recipient: [String] = []

  @Flag(
    help: ArgumentHelp(
      "Take an InfRef that the documents do not know; your own register declares it.",
      "Tag en InfRef, som dokumenterne ikke kender; jeres eget register erklærer den."))
  var declared = false

  var isGiven: Bool {
    !recipient.isEmpty
      || [infRef, sender, senderItSystem, senderAuthority, recipientAuthority, recipientItSystem].contains { $0 != nil }
  }

  /// Checks that the options fit together.
  func validateTogether() throws {
    guard sender != nil else {
      throw ValidationError(
        "a trigger names who sends", "en trigger nævner, hvem der sender",
        remedy: LocalizedText("give --sender USER", "angiv --sender BRUGER"))
    }
    guard (infRef != nil) != !recipient.isEmpty else {
      throw ValidationError(
        remedy: LocalizedText(
          "say where it goes: either --infref with its authorities, or --recipient USER",
          "angiv, hvor den skal hen: enten --infref med myndighederne eller --recipient BRUGER"))
    }
    let missing = [
      ("--sender-it-system", senderItSystem), ("--sender-authority", senderAuthority),
      ("--recipient-authority", recipientAuthority),
    ]
    if infRef != nil, let (option, _) = missing.first(where: { $1 == nil }) {
      throw ValidationError("routing by InfRef needs \(option)", "routing efter InfRef kræver \(option)")
    }
    let routed = missing.map(\.1) + [recipientItSystem]
    guard infRef != nil || !routed.contains(where: { $0 != nil }) else {
      throw ValidationError(
        "--recipient passes the routing by: authorities and IT-systems go with --infref",
        "--recipient går uden om routingen: myndigheder og it-systemer hører til --infref")
    }
  }

  /// Builds the trigger, and the rules for sending it.
  func build(_ order: DeliveryOrder, size: UInt64) throws -> (NewTrigger, SendRules) {
    let route = Route(name: "", account: "", kind: try kind())
    do throws(ExchangeError) {
      let new = try NewTrigger(for: order, size: size, by: route, user: sender ?? "")
      return (new, SendRules(user: sender, register: declared ? Set([infRef].compactMap(\.self)) : []))
    } catch {
      let remedy = error.code == .wrongMunicipality ? "; \(error.remedy)" : ""
      throw CommandFailure(
        .badData, "no trigger is written:\n\(error.message)\(remedy)", "ingen trigger er skrevet:\n\(error.inDanish)")
    }
  }

  private func kind() throws(CommandFailure) -> RouteKind {
    guard let infRef else { return .direct(recipients: recipient) }
    let addressing = Addressing(
      infRef: InfRef(unchecked: infRef),
      senderITSystem: try Self.value("--sender-it-system", senderItSystem, SystemID.init(_:)),
      senderAuthority: try Self.value("--sender-authority", senderAuthority, CVRNumber.init(_:)),
      recipientAuthority: try Self.value("--recipient-authority", recipientAuthority, CVRNumber.init(_:)))
    guard recipientItSystem != nil else { return .implicit(addressing) }
    return .explicit(
      addressing, recipientITSystem: try Self.value("--recipient-it-system", recipientItSystem, SystemID.init(_:)))
  }

  private static func value<Value>(
    _ option: String, _ text: String?, _ read: (String) throws(ValueError) -> Value
  ) throws(CommandFailure) -> Value {
    do throws(ValueError) {
      return try read(text ?? "")
    } catch {
      throw CommandFailure(
        .badData, "\(option): \(error.found.shown); \(error.expected.shown)", remedy: error.remedy.shown)
    }
  }
}
