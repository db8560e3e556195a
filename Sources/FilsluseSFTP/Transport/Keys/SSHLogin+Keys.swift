internal import FilsluseBase
internal import Logging

extension SSHLogin {
  /// The time limit for an answer of ssh-agent: there is no person to confirm anything.
  private static let agentPatience = Duration.seconds(10)

  /// Offers one key after another; whether the user is in. Where not, the server has hung up and keys are left.
  ///
  /// - Throws: `SFTPError` where no key is left, or a key is known and the server wants something else as well.
  func logIn(on session: SSHSession, _ deadline: Deadline, _ tries: inout LoginTries) throws(SFTPError) -> Bool {
    while let offer = tries.next() {
      var publicKey: UserPublicKey?
      let outcome: LoginTries.Outcome
      do throws(SFTPError) {
        let key = try self.publicKey(of: offer.key, on: session, deadline)
        publicKey = key
        outcome = try self.outcome(of: offer, key, on: session, deadline)
      } catch {
        guard Self.isOfKey(error) else { throw error }
        outcome = .unusable(error)
      }
      if case .accepted = outcome {
        report(offer.key.name(publicKey), after: tries.failures)
        return true
      }
      tries.note(outcome, of: offer, publicKey)
      if case .incomplete(let methods) = outcome, !methods.isEmpty, !methods.contains("publickey") {
        throw LoginRefusal.error(tries.failures, methods: methods, words: session.serverWords)
      }
      if session.hasEnded || session.isSpent, !tries.areOver { return false }
    }
    var methods: [String]?
    if !session.hasEnded, !session.isSpent, tries.areRefused {
      methods = try askMethods(on: session, deadline)
    }
    throw LoginRefusal.error(tries.failures, methods: methods, words: session.serverWords)
  }

  /// Returns true if an error concerns a key and not the connection.
  private static func isOfKey(_ error: SFTPError) -> Bool {
    [.keyUnreadable, .keyUnavailable, .agentUnavailable, .resourcesExhausted].contains(error.code)
  }

  private func report(_ name: String, after failures: [LoginTries.Failure]) {
    if failures.isEmpty { return }
    let why = LoginRefusal.error(failures, methods: nil, words: .none).text
    thread.logger.say(
      .warning,
      MessageText(
        "logged in with the key \(name), the next in order: \(why.en)",
        "logget ind med nøglen \(name), den næste i rækken: \(why.da)"),
      metadata: ["server": "\(target.server)", "user": "\(target.user)"])
  }

  private func publicKey(
    of key: LoginKey, on session: SSHSession, _ deadline: Deadline
  ) throws(SFTPError) -> UserPublicKey {
    switch key {
    case .unusable(let error): throw error
    case .file(let key): return key.publicKey
    case .agent(let key):
      let agent = client(of: key, session, deadline)
      let identities = try agent.identities()
      guard let found = key.find(among: identities) else {
        let held =
          switch identities.count {
          case 0: MessageText("holds no key (it may be locked)", "har ingen nøgle (den er måske låst)")
          case 1: MessageText("holds 1 key", "har 1 nøgle")
          case let count: MessageText("holds \(count) keys", "har \(count) nøgler")
          }
        throw agent.unavailable(
          "\(held.en), and not the one with \(key.fingerprint): add it with ssh-add",
          "\(held.da) og ikke den med \(key.fingerprint): tilføj den med ssh-add", key: key.fingerprint)
      }
      guard PrivateKey.isSupported(found.type) else {
        let name = "\(key.name) (\(found.fingerprint))"
        throw PrivateKey.unreadable(
          key: name, ForeignKeyFile.advice(onType: found.type), fingerprints: [found.fingerprint])
      }
      return found
    }
  }

  private func client(of key: AgentKey, _ session: SSHSession, _ deadline: Deadline) -> AgentClient {
    let limit = Deadline(
      min(Self.agentPatience, deadline.moment - .now), waitingFor: MessageText("an answer", "et svar"))
    return AgentClient(socket: key.socket, deadline: limit) { descriptor, toSend, moment throws(SFTPError) in
      session.watch.rest()
      defer { session.watch.work() }
      try thread.wait(for: [descriptor], toSend: toSend, until: moment)
      try thread.control.checkStopped()
    }
  }

  private func outcome(
    of offer: LoginTries.Offer, _ publicKey: UserPublicKey, on session: SSHSession, _ deadline: Deadline
  ) throws(SFTPError) -> LoginTries.Outcome {
    session.preferSignatures(offer.algorithm.preferred)
    switch offer.key {
    case .unusable(let error): return .unusable(error)
    case .agent(let key):
      let agent = client(of: key, session, deadline)
      return try self.offer(publicKey, offer.algorithm, on: session, deadline) { request, algorithm throws(SFTPError) in
        try agent.signature(over: request, by: publicKey, algorithm)
      }
    case .file(let key):
      switch key.material {
      case .open(let signer):
        return try self.offer(publicKey, offer.algorithm, on: session, deadline) {
          request, algorithm throws(SFTPError) in
          if let signature = signer.signature(over: request, by: algorithm) { return signature }
          let unsigned = KeyTrouble(
            "libcrypto makes no signature by \(algorithm) with it",
            "libcrypto kan ikke skrive under med den ved \(algorithm)")
          throw PrivateKey.unreadable(key.file, unsigned)
        }
      case .encrypted(let bytes, let passphrase):
        let moved = session.moved
        let code = try repeated(on: session, deadline) { session.logIn(user: target.user, with: bytes, passphrase) }
        if code != .done, !session.hasEnded, session.moved == moved || session.hasFailedToSign(code) {
          // It failed on this side, in the key itself.
          return .unusable(PrivateKey.unreadable(key.file, PrivateKey.passphraseWrong))
        }
        return try outcome(of: code, on: session, deadline)
      }
    }
  }

  /// Offers a public key, and has the signature made once the server takes it.
  private func offer(
    _ key: UserPublicKey, _ algorithm: RSAAlgorithm, on session: SSHSession, _ deadline: Deadline,
    signedBy sign: (_ request: [UInt8], _ algorithm: String) throws(SFTPError) -> [UInt8]
  ) throws(SFTPError) -> LoginTries.Outcome {
    let offered = algorithm.offered(key)
    func step() throws(SFTPError) -> SSHCode {
      try repeated(on: session, deadline) { session.logIn(user: target.user, offering: offered) }
    }
    while true {
      let code = try step()
      guard code == .signatureWanted else { return try outcome(of: code, on: session, deadline) }
      let request = session.toSign
      let wanted = Self.algorithm(in: request)
      do throws(SFTPError) {
        session.give(signature: wanted == "ssh-rsa" ? [] : try sign(request, wanted))
      } catch {
        session.give(signature: [])
        _ = try step()
        throw error
      }
      if wanted == "ssh-rsa" {
        _ = try step()
        return .wantsSHA1
      }
    }
  }

  /// The algorithm in the data to sign (RFC 4252 section 7).
  private static func algorithm(in request: [UInt8]) -> String {
    do throws(MalformedPacket) {
      var reader = PacketReader(request)
      try reader.skipString()  // the session
      _ = try reader.uint8()  // SSH_MSG_USERAUTH_REQUEST
      for _ in 0..<3 { try reader.skipString() }  // user, service, "publickey"
      _ = try reader.uint8()
      return try reader.text()
    } catch {
      preconditionFailure("libssh2 has a request signed that is none: \(error)")
    }
  }

  /// Translates libssh2's code into the result of an offer.
  private func outcome(
    of code: SSHCode, on session: SSHSession, _ deadline: Deadline
  ) throws(SFTPError) -> LoginTries.Outcome {
    switch code {
    case .done: return .accepted
    case .noSuchAlgorithm where !session.hasEnded: return .refused
    // libssh2 answers -19 both for a refused signature and for a connection that broke while it waited for the answer.
    case .signatureRefused where session.hasRefusedKey(code) && !session.hasEnded:
      return .incomplete(methods: try askMethods(on: session, deadline) ?? [])
    case _ where session.hasRefusedKey(code): return .refused
    default: throw session.lost(code.rawValue)
    }
  }

  /// Asks the server for its login methods; `nil` if it names none.
  private func askMethods(on session: SSHSession, _ deadline: Deadline) throws(SFTPError) -> [String]? {
    var methods: [String]?
    let code = try repeated(on: session, deadline) {
      let (code, listed) = session.methods(for: target.user)
      methods = listed
      return code
    }
    return code == .done ? methods : nil
  }
}
