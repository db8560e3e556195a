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
  /// The port to use if it is free, for settings that name it; `nil` for the one that the platform had the last time,
  /// or any.
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
    self = try YAMLFile.read(
      path, ifMissing: Remedy("name the plan's file, or make one from your routes"),
      ifMissingInDanish: Remedy("nævn planens fil, eller lav en ud fra dine ruter")
    ) { entry in
      PlanReading(folder: path.removingLastComponent()).file(entry)
    }
  }
}

/// The reading of one plan: every value that is wrong is reported at its place.
private struct PlanReading {
  /// The folder that relative paths start at.
  let folder: FilePath

  private static let period = LocalizedText("a period such as 5s", "et tidsrum som 5s")
  private static let keyRemedy = LocalizedText(
    "name the .pub file that ssh-keygen has written", "nævn den .pub-fil, som ssh-keygen har skrevet")

  func file(_ entry: Entry) -> PlatformPlanFile? {
    let keys = ["metadata-root", "receipt-delay", "settle", "own-roots", "port", "systems", "routes"]
    guard let section = Section(entry, keys: keys) else { return nil }
    var file = PlatformPlanFile(plan: PlatformPlan(systems: [], routes: []))
    if let root = section["metadata-root"]?.value(
      LocalizedText("FileMetadata or Trigger", "FileMetadata eller Trigger"),
      { ["FileMetadata": MetadataRoot.fileMetadata, "Trigger": .trigger][$0] })
    {
      file.behaviour.metadataRoot = root
    }
    if let delay = section["receipt-delay"]?.value(Self.period, DurationText.parse) {
      file.behaviour.receiptDelay = delay
    }
    if let settle = section["settle"]?.value(Self.period, DurationText.parse) { file.settle = settle }
    if let own = section["own-roots"]?.value(
      LocalizedText("true or false", "true eller false"), { ["true": true, "false": false][$0] })
    {
      file.ownRoots = own
    }
    file.port = section["port"]?.value(LocalizedText("a port from 1 to 65535", "en port fra 1 til 65535")) { text in
      UInt16(text).flatMap { $0 > 0 ? $0 : nil }
    }
    let expected = LocalizedText(
      "the systems, each under its SFTP user's name", "systemerne, hvert under sin SFTP-brugers navn")
    guard let systems = section.required("systems", expected) else { return nil }
    var seen: [SystemID: String] = [:]
    let named = Section.named(systems, LocalizedText("systems", "systemer"))
    file.plan.systems = named.compactMap { name, entry in
      guard let system = system(name, entry) else { return nil }
      if let other = seen.updateValue(name, forKey: system.itSystem) {
        entry.report(
          .conflict,
          LocalizedText(
            "found the UUID of \(Entry.shown(other)), expected one of its own",
            "fandt det UUID, som \(Entry.shown(other)) har, forventede et andet"),
          remedy: LocalizedText(
            "each system is an instance with its own UUID", "hvert system er en instans med sit eget UUID"))
      }
      return system
    }
    let names = named.map(\.name)
    file.plan.routes =
      section["routes"].map { routes in
        Section.named(routes, LocalizedText("routes", "ruter")).compactMap { name, entry in
          route(name, entry, systems: names)
        }
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
    let system = section.required(
      "it-system", LocalizedText("the system's UUID", "systemets UUID")
    ).flatMap(uuid)
    let authority = section.required(
      "authority", LocalizedText("the CVR number of its authority", "dets myndigheds CVR-nummer")
    ).flatMap(cvr)
    let keys =
      section["public-keys"]?.list(
        LocalizedText("files with public keys", "filer med offentlige nøgler")
      ).map { $0.compactMap(publicKey) } ?? []
    guard let system, let authority else { return nil }
    return PlatformSystem(
      name: name,
      title: section["title"]?.text(
        LocalizedText("the system's name for people", "systemets navn, som folk kender det")) ?? name, itSystem: system,
      authority: authority,
      keyFile: section["key"]?.text(
        LocalizedText("the file with its private key", "filen med dets private nøgle")
      ).map(path),
      furtherKeys: keys)
  }

  private func route(_ name: String, _ entry: Entry, systems: [String]) -> PlatformRoute? {
    let keys = [
      "infref", "kind", "from", "to", "authority", "sender-authority", "recipient-authority", "municipality",
    ]
    guard let section = Section(entry, keys: keys) else { return nil }
    func end(_ key: String) -> String? {
      section.required(key, LocalizedText("the name of a system", "navnet på et system")).flatMap { entry in
        entry.value(
          LocalizedText("one of the systems ", "et af systemerne ") + LocalizedText(systems.joined(separator: ", ")),
          remedy: entry.text(LocalizedText("a system", "et system")).flatMap { NearestName.to($0, among: systems) }
            .map { NearestName.question($0) },
          { systems.contains($0) ? $0 : nil })
      }
    }
    func authority(_ key: String) -> CVRNumber? {
      guard let own = section[key] ?? section["authority"] else {
        return section.required(
          key, LocalizedText("a CVR number, here or as authority", "et CVR-nummer, her eller som authority")
        ).flatMap(cvr)
      }
      return cvr(own)
    }
    let infRef = section.required("infref", LocalizedText("the InfRef", "InfRef'en")).flatMap(infRef)
    let kind = section["kind"].flatMap {
      $0.value(
        LocalizedText("explicit or implicit", "explicit eller implicit"), { PlatformRoute.Kind(rawValue: $0) })
    }
    let (sender, recipient) = (end("from"), end("to"))
    let (from, to) = (authority("sender-authority"), authority("recipient-authority"))
    let municipality = section["municipality"]?.value(
      LocalizedText("the code or name of a municipality", "en kommunes kode eller navn")
    ) { text in
      Municipality(code: text) ?? MunicipalityName.municipality(named: text)
    }
    guard let infRef, let sender, let recipient, let from, let to else { return nil }
    return PlatformRoute(
      name: name, infRef: infRef, kind: kind ?? .explicit, from: sender, from, to: recipient, to,
      municipality: municipality?.code)
  }

  private func uuid(_ entry: Entry) -> SystemID? {
    entry.value(
      LocalizedText(
        "a UUID of lower-case hexadecimal digits (8-4-4-4-12)",
        "et UUID af hexadecimale cifre med små bogstaver (8-4-4-4-12)")
    ) { try? SystemID($0) }
  }

  private func cvr(_ entry: Entry) -> CVRNumber? {
    entry.value(LocalizedText("a CVR number of 8 digits", "et CVR-nummer på 8 cifre")) { try? CVRNumber($0) }
  }

  /// An InfRef, unchecked: the platform refuses unknown ones in its receipt.
  private func infRef(_ entry: Entry) -> InfRef? {
    entry.value(
      LocalizedText("an InfRef, exactly as it was assigned", "en InfRef, præcis som den er tildelt")
    ) { text in
      let isName = !text.isEmpty && text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace }
      return isName ? InfRef(unchecked: text) : nil
    }
  }

  private func publicKey(_ entry: Entry) -> PublicKey? {
    guard
      let file = entry.text(
        LocalizedText("the file with a public key", "filen med en offentlig nøgle")
      ).map(path)
    else { return nil }
    do throws(PlatformError) {
      guard let line = try WholeFile.readText(file) else {
        entry.report(
          .badValue, LocalizedText("there is no file \(file)", "der er ingen fil \(file)"), remedy: Self.keyRemedy)
        return nil
      }
      return try PublicKey(reading: line, of: file)
    } catch {
      entry.report(.badValue, error.message, remedy: Self.keyRemedy)
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
