internal import CSSHShim
internal import FilsluseBase
internal import Logging

/// The way from nothing to a logged-in session with the SFTP subsystem, on the connection's thread.
///
/// With SFTP's first packet and its answer it takes nine round trips: TCP, the versions of SSH, the key exchange, the
/// service, the key offered, its signature, the channel, the subsystem, and SFTP's versions. Each of them needs the
/// answer before it: libssh2 exchanges keys only when it knows the server's version, and asks whether a key is accepted
/// before it has anything signed; a channel has a number only once it is open, and OpenSSH opens its window only with
/// the subsystem.
struct SSHLogin {
  let thread: ConnectionThread

  /// Room for the answers to all requests in flight: libssh2 opens the window anew when a quarter of it is used.
  private static let receiveWindow: UInt32 = 8 << 20

  var target: ConnectionTarget { thread.target }

  func establish() throws(SFTPError) -> SSHSession {
    let session = try openWithUser()
    thread.logger.debug(
      "connected",
      metadata: [
        "server": "\(target.server)", "user": "\(target.user)", "kex": "\(session.agreed(FILSLUSE_SSH_KEX))",
        "hostkey": "\(session.agreed(FILSLUSE_SSH_HOST_KEY))", "cipher": "\(session.agreed(FILSLUSE_SSH_CIPHER))",
        "mac": "\(session.agreed(FILSLUSE_SSH_MAC))",
      ])
    return session
  }

  /// Logs the user in and starts SFTP. A server that hangs up after a refused key is called again for the keys left.
  private func openWithUser() throws(SFTPError) -> SSHSession {
    var tries = LoginTries(target.keys)
    while true {
      let (session, deadline) = try openTrusted()
      do throws(SFTPError) {
        if try logIn(on: session, deadline, &tries) {
          target.record.note { $0.hasLoggedIn = true }
          try startSubsystem(on: session, deadline)
          return session
        }
      } catch {
        throw error.during("log in to \(target.server) as \(target.user)")
      }
    }
  }

  /// Connects and verifies the host key.
  ///
  /// A pinned fingerprint names no key type, so a mismatch is followed by one attempt for each other type. If the pin
  /// may belong to a type that libssh2 lacks, the error says so instead of “changed”.
  private func openTrusted() throws(SFTPError) -> (SSHSession, Deadline) {
    var signatures = target.trusted.signatures
    var shown: [HostKey] = []
    while true {
      let session = try connect()
      let deadline = Deadline(
        target.deadlines.login, waitingFor: MessageText("the login at \(target.server)", "login hos \(target.server)"))
      do throws(SFTPError) {
        let key = try shakeHands(on: session, offering: signatures, deadline.failing(as: .connectTimedOut))
        target.record.note(session, hostKey: key)
        shown.append(key)
        if target.trusted.verdict(on: key) == .trusted { return (session, deadline) }
        signatures.removeAll { Algorithms.keyType(of: $0) == key.type }
        guard case .fingerprints(let pinned) = target.trusted, target.showsAllKeys || !pinned.isEmpty else {
          throw refusal(of: shown)
        }
        if let offer = ServerOffer(opening: session.opening) { signatures.removeAll { !offer.hostKeys.contains($0) } }
        let askable = session.known(FILSLUSE_SSH_HOST_KEY, of: signatures)
        guard !askable.isEmpty else {
          let isAll = signatures.isEmpty || target.showsAllKeys
          throw isAll ? refusal(of: shown) : unseen(signatures, besides: shown, pinned)
        }
        signatures = askable
      } catch {
        if session.hostKey == nil { target.record.note(session, hostKey: nil) }
        throw error.connecting(to: target.server)
      }
    }
  }

  /// Returns the error for a pinned fingerprint that may be of a key type that the server has and libssh2 cannot check.
  private func unseen(
    _ signatures: [String], besides shown: [HostKey], _ pinned: [KeyFingerprint]
  ) -> SFTPError {
    let types = Set(signatures.map(Algorithms.keyType(of:))).sorted().map { MessageText($0) }.joined(by: .or)
    let keys = shown.map { MessageText("\($0.type) \($0.fingerprint)") }.joined(by: .and)
    let expected = pinned.map { MessageText($0.description) }.joined(by: .or)
    return SFTPError(
      .noCommonAlgorithm,
      "the configuration expects \(expected.en), which may be the server's \(types.en) key; libssh2 \(Algorithms.libraryVersion) cannot check such a key, and 1.11 can; the server also shows \(keys.en): pin that once the server's owner has confirmed it by another way, or use libssh2 1.11",
      "indstillingerne forventer \(expected.da), som kan være serverens nøgle af typen \(types.da); sådan en nøgle kan libssh2 \(Algorithms.libraryVersion) ikke efterprøve, og 1.11 kan; serveren viser også \(keys.da): skriv det i indstillingerne, når serverens ejer har bekræftet det ad anden vej, eller brug libssh2 1.11",
      fingerprints: pinned + shown.map(\.fingerprint))
  }

  private func refusal(of shown: [HostKey]) -> SFTPError {
    target.trusted.refusal(of: shown, server: target.server).connecting(to: target.server)
  }

  private func connect() throws(SFTPError) -> SSHSession {
    do throws(SFTPError) {
      let socket = try SSHDialler(thread: thread).connect()
      return try SSHSession(socket: socket.fileDescriptor)
    } catch {
      throw error.connecting(to: target.server)
    }
  }

  private func shakeHands(
    on session: SSHSession, offering signatures: [String], _ deadline: Deadline
  ) throws(SFTPError) -> HostKey {
    let offer = ClientOffer(hostKeys: signatures) { method, names in session.known(method, of: names) }
    if offer.hostKeys.ours.isEmpty { throw target.trusted.uncheckable(at: target.server) }
    for list in offer.lists where session.offer(list.method, list.ours) != .done {
      throw SFTPError(
        .noCommonAlgorithm, "libssh2 \(Algorithms.libraryVersion) has no usable \(list.name.en)",
        "libssh2 \(Algorithms.libraryVersion) har ingen brugbar \(list.name.da)")
    }
    switch try repeated(on: session, deadline, { session.handshake() }) {
    case .done: break
    case .noCommonAlgorithm where !session.hasEnded:
      throw AlgorithmMismatch.error(offering: offer, opening: session.opening, knownBy: target.trusted.file)
    case let code: throw session.lost(code.rawValue)
    }
    guard let blob = session.hostKey else {
      throw SFTPError(.protocolViolation, "the server shows no host key", "den viser ingen værtsnøgle")
    }
    return HostKey(blob: blob)
  }

  private func startSubsystem(on session: SSHSession, _ deadline: Deadline) throws(SFTPError) {
    let opened = try repeated(on: session, deadline) { session.openChannel(window: Self.receiveWindow) }
    guard opened == .done else { throw refusedChannel(opened, on: session) }
    let started = try repeated(on: session, deadline) { session.startSubsystem("sftp") }
    guard started == .done else { throw refusedChannel(started, on: session) }
  }

  private func refusedChannel(_ code: SSHCode, on session: SSHSession) -> SFTPError {
    guard code == .channelRefused || code == .requestDenied, !session.hasEnded else {
      return session.lost(code.rawValue)
    }
    let words = session.serverWords.quoted
    return SFTPError(
      .noSFTP, "the server does not offer the user SFTP\(words.en)",
      words.da.isEmpty ? nil : "brugeren får ikke SFTP\(words.da)")
  }

  /// Repeats a step of libssh2 until it is done or has failed, and waits for the socket in between.
  func repeated(
    on session: SSHSession, _ deadline: Deadline, _ step: () -> SSHCode
  ) throws(SFTPError) -> SSHCode {
    while true {
      let code = step()
      guard code == .again else { return code }
      try session.flush()
      try deadline.check()
      try thread.control.checkStopped()
      try thread.wait(for: session, until: deadline.moment)
    }
  }
}
