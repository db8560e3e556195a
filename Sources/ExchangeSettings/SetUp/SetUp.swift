public import FilsluseBase
public import SystemPackage
public import TriggerFiles

/// The input for setting up a first account: its settings, its list of routes, and the texts to send to others.
public struct SetUp: Sendable, Hashable {
  /// A municipality with routes to order.
  public struct Authority: Sendable, Hashable {
    /// The municipality.
    public var municipality: Municipality
    /// Its CVR number.
    public var cvr: CVRNumber

    /// Describes a municipality with its number.
    public init(_ municipality: Municipality, cvr: CVRNumber) {
      self.municipality = municipality
      self.cvr = cvr
    }

    /// Reads `0751=55133018` or `Aarhus=55133018`; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
      let parts = text.split(separator: "=", omittingEmptySubsequences: false).map { String($0).trimmingBlanks }
      guard parts.count == 2, let cvr = try? CVRNumber(parts[1]),
        let municipality = Municipality(code: parts[0]) ?? MunicipalityName.municipality(named: parts[0])
      else { return nil }
      self.init(municipality, cvr: cvr)
    }
  }

  /// The server's name or address.
  public var host: String
  /// The server's port.
  public var port: UInt16
  /// The SFTP user, which is also the account's name.
  public var user: String
  /// The private key's file, as the settings name it.
  public var keyFile: FilePath
  /// The public half, as its `.pub` file has it; `nil` where it is not known.
  public var publicKey: String?
  /// The fingerprints of the server's host keys that were compared by a person.
  public var fingerprints: [KeyFingerprint]
  /// The known_hosts file with the server's host keys, as the settings name it, in place of fingerprints; it may be
  /// written later.
  public var knownHosts: FilePath?
  /// True for a trial on the local platform, which may use invented UUIDs and an invented InfRef.
  public var isTrial: Bool
  /// The UUID of the IT-system instance.
  public var itSystem: SystemID?
  /// The CVR number that the account sends for.
  public var authority: CVRNumber?
  /// The InfRef, where it is assigned already.
  public var infRef: InfRef?
  /// The short name of the receiving system, used in the names of its routes: `flis`.
  public var receiver: String
  /// The UUID of the receiving IT-system.
  public var recipientITSystem: SystemID?
  /// The municipalities with routes to order.
  public var authorities: [Authority]
  /// The contact: name, telephone number and mailbox.
  public var contact: String?
  /// The folder of journal and inbox; `nil` for that of the settings.
  public var dataFolder: FilePath?

  /// Describes a set-up.
  public init(
    host: String, port: UInt16 = 22, user: String, keyFile: FilePath, publicKey: String? = nil,
    fingerprints: [KeyFingerprint] = [], knownHosts: FilePath? = nil, isTrial: Bool = false, itSystem: SystemID? = nil,
    authority: CVRNumber? = nil, infRef: InfRef? = nil, receiver: String = "flis",
    recipientITSystem: SystemID? = nil, authorities: [Authority] = [], contact: String? = nil,
    dataFolder: FilePath? = nil
  ) {
    self.host = host
    self.port = port
    self.user = user
    self.keyFile = keyFile
    self.publicKey = publicKey
    self.fingerprints = fingerprints
    self.knownHosts = knownHosts
    self.isTrial = isTrial
    self.itSystem = itSystem
    self.authority = authority
    self.infRef = infRef
    self.receiver = receiver
    self.recipientITSystem = recipientITSystem
    self.authorities = authorities
    self.contact = contact
    self.dataFolder = dataFolder
  }

  /// The environment of the host, where it is one of the two known ones.
  public var environment: ExchangeEnvironment? { ExchangeEnvironment(host: host) }

  /// Returns the text of `filsluse.yaml`, with comments in a language.
  public func settings(in language: ReportLanguage = .english) -> String {
    func comment(_ english: String, _ danish: String) -> String { LocalizedText(english, danish)[language] }
    var lines = [
      "# "
        + comment(
          "Settings of Filsluse. A key that is not known, or a value that breaks a rule, is refused with its line.",
          "Indstillinger til Filsluse. En ukendt nøgle, eller en værdi, der bryder en regel, afvises med sin linje.")
    ]
    if isTrial {
      lines.append(
        "# "
          + comment(
            "A trial: UUIDs and InfRef that were not given are invented, and the server is this machine. The real set-up gets a folder of its own.",
            "En prøve: UUID'er og InfRef, der ikke er angivet, er opfundet, og serveren er denne maskine. Den rigtige opsætning får sin egen mappe."
          ))
    }
    if let dataFolder {
      lines += [
        "journal: \(YAMLText.scalar(dataFolder.appending("journal.sqlite").string))",
        "inbox: \(YAMLText.scalar(dataFolder.appending("inbox").string))",
      ]
    }
    lines += ["accounts:", "  \(YAMLText.scalar(user)):"]
    func add(_ key: String, _ value: String, _ english: String, _ danish: String) {
      let line = "\(key): \(value)"
      let gap = String(repeating: " ", count: max(2, 50 - line.count))
      lines.append("    \(line)\(gap)# \(comment(english, danish))")
    }
    let platform = { (language: ReportLanguage) in environment.map { "Serviceplatformen, \($0.title(in: language))." } }
    let (server, serverInDanish) =
      isTrial
      ? ("This machine: the local platform.", "Denne maskine: den lokale platform.") : ("The server.", "Serveren.")
    add(
      "host", YAMLText.scalar(host), platform(.english) ?? server, platform(.danish) ?? serverInDanish)
    if port != 22 { add("port", "\(port)", "The server's port.", "Serverens port.") }
    add(
      "user", YAMLText.scalar(user), "The SFTP user, as the administration module has it.",
      "SFTP-brugeren, som den står i administrationsmodulet.")
    add(
      "key", YAMLText.scalar(keyFile.string), "The private key. Its public half is registered with the user.",
      "Den private nøgle. Dens offentlige del registreres på brugeren.")
    lines += hostKeys(in: language)
    if let itSystem {
      add(
        "it-system", itSystem.rawValue, "This instance's UUID; production has another.",
        "Denne instans' UUID; produktion har et andet.")
    } else {
      lines.append(
        "    # it-system: "
          + comment(
            "UUID of this instance, from the administration module", "instansens UUID fra administrationsmodulet"))
    }
    if let authority {
      add(
        "authority", "\"\(authority.digits)\"", "The CVR number that files are sent for.",
        "CVR-nummeret, som filer sendes for.")
    } else {
      lines.append(
        "    # authority: "
          + comment("\"CVR number\"; otherwise each route names it", "\"CVR-nummer\"; ellers angiver hver rute det"))
    }
    lines += [
      "# "
        + comment(
          "One line for each municipality, and a record of what happened beside it.",
          "Én linje for hver kommune, og ved siden af en optegnelse af, hvad der er sket."),
      "routes-file: routes.csv",
      "# "
        + comment(
          "The rules for what lies too long in IN, or does not come, are in the reference of the settings.",
          "Reglerne for det, der ligger for længe i IN eller ikke kommer, står i indstillingernes opslagsværk."),
      "# watch:",
      "#   - { account: \(YAMLText.scalar(user)), infref: \(infRef?.name ?? "INFREF"), pick-up-within: 4h business }",
    ]
    return lines.map { "\($0)\n" }.joined()
  }

  /// Returns the settings lines with the server's host keys, below a comment.
  private func hostKeys(in language: ReportLanguage) -> [String] {
    let compared = LocalizedText(
      "The server's host keys, compared with what its operator says. No other one is trusted.",
      "Serverens værtsnøgler, sammenlignet med det, dens driftsansvarlige siger. Der stoles ikke på andre.")
    guard let knownHosts else {
      let shown = fingerprints.map { "\"\($0)\"" }.joined(separator: ", ")
      return ["    # \(compared[language])", "    host-keys: [\(shown)]"]
    }
    let local = LocalizedText(
      "The host key of the local platform, which writes this file when it starts.",
      "Den lokale platforms værtsnøgle; platformen skriver filen, når den starter.")
    let later = LocalizedText(
      "Nothing is sent before this file is there: it is written when they have been fetched and compared.",
      "Intet sendes, før denne fil er der: den skrives, når de er hentet og sammenlignet.")
    let comments = isTrial ? [local] : [compared, later]
    return comments.map { "    # \($0[language])" } + ["    known-hosts: \(YAMLText.scalar(knownHosts.string))"]
  }

  /// Returns the text of `routes.csv`: a template for the receiver and a line for each municipality, with the known
  /// values, and comments in a language.
  public func list(in language: ReportLanguage = .english) -> String {
    let invented = LocalizedText(
      "# A trial: InfRef and UUID are invented if they were not given.\n",
      "# En prøve: InfRef og UUID er opfundet, hvis de ikke er angivet.\n")[language]
    let header = "name;template;account;infref;municipality;authority;recipient-it-system\n"
    let help =
      (isTrial ? invented : "")
      + LocalizedText(
        "# One line for each municipality; @NAME is a template.\n",
        "# Én linje for hver kommune; @NAVN er en skabelon.\n")[language]
    guard let infRef, let recipientITSystem else {
      let system = LocalizedText("UUID of the receiving system", "modtagersystemets UUID")[language]
      return help + header
        + "# @\(receiver);;\(user);\(infRef?.name ?? "INFREF");;;\(recipientITSystem?.rawValue ?? system)\n"
        + authorities.map { "# ;\(receiver);;;\($0.municipality.code);\($0.cvr.digits);\n" }.joined()
    }
    return help + header + "@\(receiver);;\(user);\(infRef.name);;;\(recipientITSystem)\n"
      + authorities.map { ";\(receiver);;;\($0.municipality.code);\($0.cvr.digits);\n" }.joined()
  }
}
