internal import CSSHShim

/// The algorithms of one class that a client may use, and those of them that its libssh2 has.
struct OfferedAlgorithms {
  let method: filsluse_ssh_method
  let name: String
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
    func list(_ method: filsluse_ssh_method, _ name: String, _ wanted: [String]) -> OfferedAlgorithms {
      OfferedAlgorithms(method: method, name: name, wanted: wanted, ours: known(method, wanted))
    }
    keyExchange = list(FILSLUSE_SSH_KEX, "key exchange", Algorithms.keyExchange)
    hostKeys = list(FILSLUSE_SSH_HOST_KEY, "host key", signatures)
    ciphers = list(FILSLUSE_SSH_CIPHER, "cipher", Algorithms.ciphers)
    macs = list(FILSLUSE_SSH_MAC, "MAC", Algorithms.macs)
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
        .noCommonAlgorithm, "client and server have no algorithm of some class in common; \(library) is in use")
    }
    let missing = classes(of: client, beside: server).filter { $0.common(with: $0.client.ours).isEmpty }
    if missing.isEmpty {
      return SFTPError(.noCommonAlgorithm, "client and server could not agree on algorithms; \(library) is in use")
    }
    let text = missing.map { missing in
      let narrowing = missing.client.name == client.hostKeys.name ? file.map { " (the types that \($0) has)" } : nil
      return
        "no \(missing.client.name) in common\(missing.direction): the server has \(listed(missing.server)), and this client \(listed(missing.client.ours))\(narrowing ?? "")"
    }
    return SFTPError(
      .noCommonAlgorithm,
      "client and server have \(text.joined(separator: ", and ")); \(library) is in use, \(help(for: missing))")
  }

  /// A class of algorithms as either side has it.
  private struct Class {
    let client: OfferedAlgorithms
    let server: [String]
    var direction = ""

    func common(with ours: [String]) -> [String] { ours.filter(server.contains) }
  }

  /// The classes that have to be agreed on, those of either direction apart where the server has others there.
  private static func classes(of client: ClientOffer, beside server: ServerOffer) -> [Class] {
    func both(_ list: OfferedAlgorithms, _ to: [String], _ from: [String]) -> [Class] {
      if to == from { return [Class(client: list, server: to)] }
      return [
        Class(client: list, server: to, direction: " towards the server"),
        Class(client: list, server: from, direction: " from the server"),
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

  /// Returns whether a later libssh2 has a common algorithm of each class, in words.
  private static func help(for missing: [Class]) -> String {
    let later = missing.map { $0.common(with: $0.client.wanted) }
    if Algorithms.isLibraryRecent || later.contains(where: \.isEmpty) { return "and a later one would not help" }
    return "and 1.11 would help: it has \(listed(later.flatMap { $0 }))"
  }

  /// Some of a list, so that no server fills a screen.
  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(8).map { $0.prefix(48) }.joined(separator: ", ")
    if names.isEmpty { return "none" }
    return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
  }
}
