internal import FilsluseBase
internal import SystemPackage
import Glibc

/// One of the keys that a user may log in with, in the order of the settings.
enum LoginKey: Sendable {
  case file(PrivateKey)
  case agent(AgentKey)
  /// A key that cannot be used now, for the reason given. Another one may let the user in.
  case unusable(SFTPError)

  /// Reads the keys of identities.
  ///
  /// - Throws: `SFTPError` if none of them can be used: the error of the only one, or one with all reasons.
  static func read(_ identity: SFTPEndpoint.Identity) async throws(SFTPError) -> [LoginKey] {
    var keys: [LoginKey] = []
    for single in identity.single {
      do throws(SFTPError) {
        keys.append(try await readOne(single))
      } catch {
        keys.append(.unusable(error))
      }
    }
    let troubles = keys.compactMap { key in
      if case .unusable(let trouble) = key { trouble } else { nil }
    }
    guard troubles.count == keys.count else { return keys }
    throw LoginRefusal.ofUnusable(troubles)
  }

  private static func readOne(_ identity: SFTPEndpoint.Identity) async throws(SFTPError) -> LoginKey {
    switch identity {
    case .keyFile(let file, let passphrase): .file(try await PrivateKey.read(file, passphrase: passphrase))
    case .agent(let choice, let socket): .agent(try await AgentKey.find(choice, socket: socket))
    case .inOrder: preconditionFailure("an order of keys is no single key")
    }
  }
}

extension SFTPEndpoint.Identity {
  /// The keys in their order, without orders inside orders.
  fileprivate var single: [Self] {
    if case .inOrder(let identities) = self { return identities.flatMap(\.single) }
    return [self]
  }
}

/// A key that ssh-agent holds, and where the agent is.
struct AgentKey: Sendable {
  /// The criterion for one of the agent's keys.
  enum Match: Sendable {
    case key(UserPublicKey, file: FilePath)
    case fingerprint(KeyFingerprint)
  }

  let match: Match
  let socket: FilePath

  /// The key for messages, as the settings name it.
  var name: String {
    switch match {
    case .key(_, let file): "\(file) (ssh-agent)"
    case .fingerprint: "(ssh-agent)"
    }
  }

  /// The fingerprint of the key that is meant.
  var fingerprint: KeyFingerprint {
    switch match {
    case .key(let key, _): key.fingerprint
    case .fingerprint(let fingerprint): fingerprint
    }
  }

  /// Finds the key among those of the agent.
  func find(among identities: [AgentClient.Identity]) -> UserPublicKey? {
    identities.first { $0.key.fingerprint == fingerprint }?.key
  }

  /// Finds out which key and which agent are meant, without asking the agent.
  ///
  /// - Throws: `SFTPError` with code `agentUnavailable` where no socket is named, `keyUnavailable` or `keyUnreadable`
  ///   for a file that holds no public key.
  static func find(
    _ choice: SFTPEndpoint.AgentKeyChoice, socket: FilePath?
  ) async throws(SFTPError) -> AgentKey {
    let named = socket ?? getenv("SSH_AUTH_SOCK").map { FilePath(String(cString: $0)) }
    guard let named, !named.isEmpty else {
      throw SFTPError(
        .agentUnavailable, "no ssh-agent is named: SSH_AUTH_SOCK is not set, and no socket is given",
        "hverken SSH_AUTH_SOCK eller en sokkel er angivet",
        operation: "log in")
    }
    switch choice {
    case .fingerprint(let fingerprint): return AgentKey(match: .fingerprint(fingerprint), socket: named)
    case .publicKey(let file):
      let key = try await BlockingThreads.shared.run { () throws(SFTPError) in try readPublicKey(file) }
      return AgentKey(match: .key(key, file: file), socket: named)
    }
  }

  private static func readPublicKey(_ file: FilePath) throws(SFTPError) -> UserPublicKey {
    let bytes: [UInt8]
    do {
      let descriptor = try PlainFile.open(file)
      bytes = try descriptor.closeAfter { try PlainFile.content(of: descriptor, upTo: 64 << 10) }
    } catch PlainFileError.system(let error) {
      throw PrivateKey.failure(file, error.rawValue)
    } catch let error as Errno {
      throw PrivateKey.failure(file, error.rawValue)
    } catch {
      throw PrivateKey.unreadable(file, KeyTrouble("\(error)", (error as? PlainFileError)?.inDanish ?? "\(error)"))
    }
    guard !bytes.isEmpty else {
      throw PrivateKey.unavailable(
        file, MessageText("it is empty, as while it is being written", "den er tom, som mens den bliver skrevet"))
    }
    guard let key = UserPublicKey(publicKeyFile: bytes) else {
      throw PrivateKey.unreadable(
        file,
        KeyTrouble(
          "it holds no public key", "den har ingen offentlig nøgle",
          remedy: MessageText(
            "ssh-agent keeps the private half, and this file says which: name the .pub file",
            "ssh-agent har den private del, og filen siger, hvilken: angiv .pub-filen")))
    }
    if key.type.contains("-cert-v01@") { throw PrivateKey.unreadable(file, ForeignKeyFile.advice(onType: key.type)) }
    return key
  }
}
