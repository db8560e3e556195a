public import ExchangeSettings
import FilsluseBase
public import SystemPackage
import TriggerFiles

/// A plan with the platform's timing and behaviour, as a user writes it into a YAML file:
///
///     metadata-root: Trigger            # left out: FileMetadata
///     receipt-delay: 5s                 # left out: at once
///     port: 22022                       # left out: that of the last time, or a free one
///     systems:
///       fagsystem:
///         it-system: 0d8a7a5c-1111-4222-8333-444455556666
///         authority: "55133018"
///       flis:
///         it-system: 0d8a7a5c-1111-4222-8333-444455557777
///         authority: "64942212"
///     routes:
///       flis-0751:
///         infref: FagsystemdefineredeDataRefGDPR1203_1
///         from: fagsystem
///         to: flis
///         authority: "55133018"
///         municipality: "0751"
public struct PlatformPlanFile: Sendable, Hashable {
  /// The systems and routes.
  public var plan: PlatformPlan
  /// The router's behaviour.
  public var behaviour: PlatformBehaviour
  /// The time for which an incomplete trigger must stay unchanged before it is refused.
  public var settle: Duration
  /// True if each system shall see its own folder as the root, where the machine can.
  public var ownRoots: Bool
  /// The port to use if it is free, for settings that name it; `nil` for the one that the platform had the last time, or
  /// any.
  public var port: UInt16?

  /// A plan with the timing and behaviour of an ordinary day.
  public init(
    plan: PlatformPlan, behaviour: PlatformBehaviour = PlatformBehaviour(), settle: Duration = .seconds(2),
    ownRoots: Bool = true, port: UInt16? = nil
  ) {
    self.plan = plan
    self.behaviour = behaviour
    self.settle = settle
    self.ownRoots = ownRoots
    self.port = port
  }

  /// Reads a plan.
  ///
  /// - Throws: `SettingsError` with everything that is wrong in the file, each problem with its place.
  public init(reading path: FilePath) throws(SettingsError) {
    self = try YAMLFile.read(path, ifMissing: Remedy("name the plan's file, or make one from your routes")) { entry in
      PlanReading(folder: path.removingLastComponent()).file(entry)
    }
  }
}

/// The reading of one plan: every value that is wrong is reported at its place.
private struct PlanReading {
  /// The folder that relative paths start at.
  let folder: FilePath

  func file(_ entry: Entry) -> PlatformPlanFile? {
    let keys = ["metadata-root", "receipt-delay", "settle", "own-roots", "port", "systems", "routes"]
    guard let section = Section(entry, keys: keys) else { return nil }
    var file = PlatformPlanFile(plan: PlatformPlan(systems: [], routes: []))
    if let root = section["metadata-root"]?.value(
      "FileMetadata or Trigger", { ["FileMetadata": MetadataRoot.fileMetadata, "Trigger": .trigger][$0] })
    {
      file.behaviour.metadataRoot = root
    }
    if let delay = section["receipt-delay"]?.value("a period such as 5s", DurationText.parse) {
      file.behaviour.receiptDelay = delay
    }
    if let settle = section["settle"]?.value("a period such as 2s", DurationText.parse) { file.settle = settle }
    if let own = section["own-roots"]?.value("true or false", { ["true": true, "false": false][$0] }) {
      file.ownRoots = own
    }
    file.port = section["port"]?.value("a port from 1 to 65535") { text in UInt16(text).flatMap { $0 > 0 ? $0 : nil } }
    guard let systems = section.required("systems", "the systems, each under its SFTP user's name") else { return nil }
    var seen: [SystemID: String] = [:]
    let named = Section.named(systems, "systems")
    file.plan.systems = named.compactMap { name, entry in
      guard let system = system(name, entry) else { return nil }
      if let other = seen.updateValue(name, forKey: system.itSystem) {
        entry.report(
          .conflict, "found the UUID of \(Entry.shown(other)), expected one of its own",
          remedy: "each system is an instance with its own UUID")
      }
      return system
    }
    let names = named.map(\.name)
    file.plan.routes =
      section["routes"].map { routes in
        Section.named(routes, "routes").compactMap { name, entry in route(name, entry, systems: names) }
      } ?? []
    return file
  }

  private func system(_ name: String, _ entry: Entry) -> PlatformSystem? {
    guard let section = Section(entry, keys: ["title", "it-system", "authority", "key", "public-keys"]) else {
      return nil
    }
    do throws(PlatformError) {
      try ServerUsers.check(name)
    } catch {
      entry.report(.badValue, error.message, remedy: error.remedy)
    }
    let system = section.required("it-system", "the system's UUID").flatMap(uuid)
    let authority = section.required("authority", "the CVR number of its authority").flatMap(cvr)
    let keys = section["public-keys"]?.list("files with public keys").map { $0.compactMap(publicKey) } ?? []
    guard let system, let authority else { return nil }
    return PlatformSystem(
      name: name, title: section["title"]?.text("the system's name for people") ?? name, itSystem: system,
      authority: authority, keyFile: section["key"]?.text("the file with its private key").map(path),
      furtherKeys: keys)
  }

  private func route(_ name: String, _ entry: Entry, systems: [String]) -> PlatformRoute? {
    let keys = [
      "infref", "kind", "from", "to", "authority", "sender-authority", "recipient-authority", "municipality",
    ]
    guard let section = Section(entry, keys: keys) else { return nil }
    func end(_ key: String) -> String? {
      section.required(key, "the name of a system").flatMap { entry in
        entry.value(
          "one of the systems \(systems.joined(separator: ", "))",
          remedy: entry.text("a system").flatMap { NearestName.to($0, among: systems) }
            .map { NearestName.question($0).en },
          { systems.contains($0) ? $0 : nil })
      }
    }
    func authority(_ key: String) -> CVRNumber? {
      guard let own = section[key] ?? section["authority"] else {
        return section.required(key, "a CVR number, here or as authority").flatMap(cvr)
      }
      return cvr(own)
    }
    let infRef = section.required("infref", "the InfRef").flatMap(infRef)
    let kind = section["kind"].flatMap { $0.value("explicit or implicit", { PlatformRoute.Kind(rawValue: $0) }) }
    let (sender, recipient) = (end("from"), end("to"))
    let (from, to) = (authority("sender-authority"), authority("recipient-authority"))
    let municipality = section["municipality"]?.value("the code or name of a municipality") { text in
      Municipality(code: text) ?? MunicipalityName.municipality(named: text)
    }
    guard let infRef, let sender, let recipient, let from, let to else { return nil }
    return PlatformRoute(
      name: name, infRef: infRef, kind: kind ?? .explicit, from: sender, from, to: recipient, to,
      municipality: municipality?.code)
  }

  private func uuid(_ entry: Entry) -> SystemID? {
    entry.value("a UUID of lower-case hexadecimal digits (8-4-4-4-12)") { try? SystemID($0) }
  }

  private func cvr(_ entry: Entry) -> CVRNumber? {
    entry.value("a CVR number of 8 digits") { try? CVRNumber($0) }
  }

  /// An InfRef, unchecked: the platform refuses unknown ones in its receipt.
  private func infRef(_ entry: Entry) -> InfRef? {
    entry.value("an InfRef, exactly as it was assigned") { text in
      let isName = !text.isEmpty && text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace }
      return isName ? InfRef(unchecked: text) : nil
    }
  }

  private func publicKey(_ entry: Entry) -> PublicKey? {
    guard let file = entry.text("the file with a public key").map(path) else { return nil }
    do throws(PlatformError) {
      guard let line = try WholeFile.readText(file) else {
        entry.report(.badValue, "there is no file \(file)", remedy: "name the .pub file that ssh-keygen has written")
        return nil
      }
      return try PublicKey(reading: line, of: file)
    } catch {
      entry.report(.badValue, error.message, remedy: "name the .pub file that ssh-keygen has written")
      return nil
    }
  }

  private func path(_ text: String) -> FilePath { folder.pushing(FilePath(text)) }
}

// MARK: Writing

extension PlatformPlanFile {
  /// The plan as a file that reads back as the same plan. Keys in files stay with the reader to add.
  public func yaml() -> String {
    var lines: [String] = []
    if behaviour.metadataRoot != .fileMetadata { lines.append("metadata-root: Trigger") }
    if behaviour.receiptDelay != .zero { lines.append("receipt-delay: \(DurationText.format(behaviour.receiptDelay))") }
    if settle != .seconds(2) { lines.append("settle: \(DurationText.format(settle))") }
    if !ownRoots { lines.append("own-roots: false") }
    if let port { lines.append("port: \(port)") }
    lines.append("systems:")
    for system in plan.systems {
      lines.append("  \(YAMLText.scalar(system.name)):")
      if system.title != system.name { lines.append("    title: \(YAMLText.scalar(system.title))") }
      lines += ["    it-system: \(system.itSystem)", "    authority: \(YAMLText.scalar(system.authority.digits))"]
      if let key = system.keyFile { lines.append("    key: \(YAMLText.scalar(key.string))") }
    }
    if !plan.routes.isEmpty { lines.append("routes:") }
    for route in plan.routes { lines += Self.lines(of: route) }
    return lines.map { "\($0)\n" }.joined()
  }

  private static func lines(of route: PlatformRoute) -> [String] {
    var lines = ["  \(YAMLText.scalar(route.name)):", "    infref: \(YAMLText.scalar(route.infRef.name))"]
    if route.kind == .implicit { lines.append("    kind: implicit") }
    lines += ["    from: \(YAMLText.scalar(route.sender))", "    to: \(YAMLText.scalar(route.recipient))"]
    let authorities = [route.senderAuthority, route.recipientAuthority].map { YAMLText.scalar($0.digits) }
    if authorities[0] == authorities[1] {
      lines.append("    authority: \(authorities[0])")
    } else {
      lines += ["    sender-authority: \(authorities[0])", "    recipient-authority: \(authorities[1])"]
    }
    if let municipality = route.municipality { lines.append("    municipality: \(YAMLText.scalar(municipality))") }
    return lines
  }
}
