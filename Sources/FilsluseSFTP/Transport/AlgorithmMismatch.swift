internal import CSSHShim

/// The algorithms of one class that a client may use, and those of them that its libssh2 has.
struct OfferedAlgorithms {
  let method: filsluse_ssh_method
  let name: MessageText
  /// The algorithms that some version of libssh2 supports.
  let wanted: [String]
  /// The algorithms offered here.
  let ours: [String]
}

/// The algorithms that this client offers a server, class by class.
struct ClientOffer {
  let keyExchange: OfferedAlgorithms
  let hostKeys: OfferedAlgorithms
  let ciphers: OfferedAlgorithms
  let macs: OfferedAlgorithms

  var lists: [OfferedAlgorithms] { [keyExchange, hostKeys, ciphers, macs] }

  /// - Parameters:
  ///   - signatures: the host keys to ask for.
  ///   - known: those of some algorithms that libssh2 has.
  init(hostKeys signatures: [String], known: (filsluse_ssh_method, [String]) -> [String]) {
    func list(_ method: filsluse_ssh_method, _ name: MessageText, _ wanted: [String]) -> OfferedAlgorithms {
      OfferedAlgorithms(method: method, name: name, wanted: wanted, ours: known(method, wanted))
    }
    keyExchange = list(FILSLUSE_SSH_KEX, MessageText("key exchange", "nøgleudveksling"), Algorithms.keyExchange)
    hostKeys = list(FILSLUSE_SSH_HOST_KEY, MessageText("host key", "værtsnøgle"), signatures)
    ciphers = list(FILSLUSE_SSH_CIPHER, MessageText("cipher", "kryptering"), Algorithms.ciphers)
    macs = list(FILSLUSE_SSH_MAC, MessageText("MAC"), Algorithms.macs)
  }
}

/// The explanation of libssh2's error -5: client and server have no algorithm in common.
enum AlgorithmMismatch {
  /// Returns an error with each class that has no common algorithm, the algorithms of both sides, and whether a later
  /// libssh2 would help.
  ///
  /// - Parameter file: the known_hosts file that limits the host keys to its types; `nil` for none.
  static func error(offering client: ClientOffer, opening: [UInt8], knownBy file: String? = nil) -> SFTPError {
    let library = "libssh2 \(Algorithms.libraryVersion)"
    guard let server = ServerOffer(opening: opening) else {
      return SFTPError(
        .noCommonAlgorithm, "client and server have no algorithm of some class in common; \(library) is in use",
        "hvilken slags der mangler, vides ikke; \(library) er i brug")
    }
    let missing = classes(of: client, beside: server).filter { $0.common(with: $0.client.ours).isEmpty }
    if missing.isEmpty {
      return SFTPError(
        .noCommonAlgorithm, "client and server could not agree on algorithms; \(library) is in use",
        "klient og server blev ikke enige; \(library) er i brug")
    }
    let text = missing.map { missing -> MessageText in
      let (name, direction) = (missing.client.name, missing.direction)
      let (theirs, ours) = (listed(missing.server), listed(missing.client.ours))
      let text = MessageText(
        "no \(name.en) in common\(direction.en): the server has \(theirs.en), and this client \(ours.en)",
        "ingen fælles \(name.da)\(direction.da): serveren har \(theirs.da), og denne klient \(ours.da)")
      guard let file, name == client.hostKeys.name else { return text }
      return text + MessageText(" (the types that \(file) has)", " (de typer, som \(file) har)")
    }.joined(by: MessageText(", and ", ", og "))
    let help = help(for: missing)
    return SFTPError(
      .noCommonAlgorithm, "client and server have \(text.en); \(library) is in use, \(help.en)",
      "\(text.da); \(library) er i brug, \(help.da)")
  }

  /// A class of algorithms as either side has it.
  private struct Class {
    let client: OfferedAlgorithms
    let server: [String]
    var direction = MessageText.empty

    func common(with ours: [String]) -> [String] { ours.filter(server.contains) }
  }

  /// The classes that have to be agreed on, those of either direction apart where the server has others there.
  private static func classes(of client: ClientOffer, beside server: ServerOffer) -> [Class] {
    func both(_ list: OfferedAlgorithms, _ to: [String], _ from: [String]) -> [Class] {
      if to == from { return [Class(client: list, server: to)] }
      return [
        Class(client: list, server: to, direction: MessageText(" towards the server", " hen mod serveren")),
        Class(client: list, server: from, direction: MessageText(" from the server", " fra serveren")),
      ]
    }
    let ciphers = both(client.ciphers, server.ciphers, server.ciphersBack)
    var classes = [
      Class(client: client.keyExchange, server: server.keyExchange),
      Class(client: client.hostKeys, server: server.hostKeys),
    ]
    classes += ciphers
    let needsMAC = ciphers.contains { !Algorithms.isAuthenticating($0.common(with: client.ciphers.ours).first ?? "") }
    if needsMAC { classes += both(client.macs, server.macs, server.macsBack) }
    return classes
  }

  /// Says if a later libssh2 has an algorithm of each class that the server has too.
  private static func help(for missing: [Class]) -> MessageText {
    let later = missing.map { $0.common(with: $0.client.wanted) }
    if Algorithms.isLibraryRecent || later.contains(where: \.isEmpty) {
      return MessageText("and a later one would not help", "og en nyere hjælper ikke")
    }
    let helpful = listed(later.flatMap { $0 })
    return MessageText("and 1.11 would help: it has \(helpful.en)", "og 1.11 ville hjælpe: den har \(helpful.da)")
  }

  /// Some of a list, so that no server fills a screen.
  private static func listed(_ names: [String]) -> MessageText {
    let shown = MessageText(names.prefix(8).map { $0.prefix(48) }.joined(separator: ", "))
    if names.isEmpty { return MessageText("none", "ingen") }
    let rest = names.count - 8
    return rest > 0 ? shown + MessageText(" and \(rest) more", " og \(rest) til") : shown
  }
}
