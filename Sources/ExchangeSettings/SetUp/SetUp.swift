public import SystemPackage
public import TriggerFiles

/// The facts from which a first account is set up: its settings, its list of routes, and the texts to send to others.
public struct SetUp: Sendable, Hashable {
  /// A municipality whose routes are to be ordered.
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
  public var fingerprints: [String]
  /// The UUID of the IT-system instance.
  public var itSystem: SystemID?
  /// The CVR number that the account sends for.
  public var authority: CVRNumber?
  /// The InfRef, where it is assigned already.
  public var infRef: InfRef?
  /// The short name of the receiving system, by which its routes are called: `flis`.
  public var receiver: String
  /// The UUID of the receiving IT-system.
  public var recipientITSystem: SystemID?
  /// The municipalities whose routes are to be ordered.
  public var authorities: [Authority]
  /// The name, telephone number and mailbox of the person to be asked.
  public var contact: String?

  /// Describes a set-up.
  public init(
    host: String, port: UInt16 = 22, user: String, keyFile: FilePath, publicKey: String? = nil,
    fingerprints: [String] = [], itSystem: SystemID? = nil, authority: CVRNumber? = nil, infRef: InfRef? = nil,
    receiver: String = "flis", recipientITSystem: SystemID? = nil, authorities: [Authority] = [], contact: String? = nil
  ) {
    self.host = host
    self.port = port
    self.user = user
    self.keyFile = keyFile
    self.publicKey = publicKey
    self.fingerprints = fingerprints
    self.itSystem = itSystem
    self.authority = authority
    self.infRef = infRef
    self.receiver = receiver
    self.recipientITSystem = recipientITSystem
    self.authorities = authorities
    self.contact = contact
  }

  /// The environment of the host, where it is one of the two known ones.
  public var environment: ExchangeEnvironment? { ExchangeEnvironment(host: host) }

  /// The host of an environment.
  public static func host(of environment: ExchangeEnvironment) -> String {
    switch environment {
    case .externalTest: "sftpexttest.serviceplatformen.dk"
    case .production: "sftp.serviceplatformen.dk"
    }
  }

  /// The text of `filsluse.yaml`, with comments.
  public var settings: String {
    var lines = [
      "# Settings of Filsluse. A key that is not known, or a value that breaks a rule, is refused with its line.",
      "accounts:", "  \(YAMLText.scalar(user)):",
    ]
    func add(_ key: String, _ value: String, _ comment: String) {
      let line = "\(key): \(value)"
      lines.append("    \(line)\(String(repeating: " ", count: max(2, 50 - line.count)))# \(comment)")
    }
    add("host", YAMLText.scalar(host), environment.map { "Serviceplatformen, \($0.title())." } ?? "The server.")
    if port != 22 { add("port", "\(port)", "The server's port.") }
    add("user", YAMLText.scalar(user), "The SFTP user, as the administration module has it.")
    add("key", YAMLText.scalar(keyFile.string), "The private key. Its public half is registered with the user.")
    let shown = fingerprints.map { "\"\($0)\"" }.joined(separator: ", ")
    lines += [
      "    # The server's host keys, compared with what its operator says. No other one is trusted.",
      "    host-keys: [\(shown)]",
    ]
    if let itSystem {
      add("it-system", itSystem.rawValue, "This instance's UUID; production has another.")
    } else {
      lines.append("    # it-system: UUID of this instance, from the administration module")
    }
    if let authority {
      add("authority", "\"\(authority.digits)\"", "The CVR number that files are sent for.")
    } else {
      lines.append("    # authority: \"CVR number\"; otherwise each route names it")
    }
    lines += [
      "# One line for each municipality, and a record of what happened beside it.",
      "routes-file: routes.csv",
      "# The rules for what lies too long in IN, or does not come, are in the reference of the settings.",
      "# watch:",
      "#   - { account: \(YAMLText.scalar(user)), infref: \(infRef?.name ?? "INFREF"), pick-up-within: 4h business }",
    ]
    return lines.map { "\($0)\n" }.joined()
  }

  /// The text of `routes.csv`: a template for the receiver and a line for each municipality, as far as they are known.
  public var list: String {
    let header = "name;template;account;infref;municipality;authority;recipient-it-system\n"
    let help = "# One line for each municipality; @NAME is a template.\n"
    guard let infRef, let recipientITSystem else {
      return help + header
        + "# @\(receiver);;\(user);\(infRef?.name ?? "INFREF");;;\(recipientITSystem?.rawValue ?? "UUID of the receiving system")\n"
        + authorities.map { "# ;\(receiver);;;\($0.municipality.code);\($0.cvr.digits);\n" }.joined()
    }
    return help + header + "@\(receiver);;\(user);\(infRef.name);;;\(recipientITSystem)\n"
      + authorities.map { ";\(receiver);;;\($0.municipality.code);\($0.cvr.digits);\n" }.joined()
  }
}
