internal import CSSHShim
internal import Logging

/// The way from nothing to a logged-in session with the SFTP subsystem, on the connection's thread.
struct SSHLogin {
  let thread: ConnectionThread

  private static let receiveWindow: UInt32 = 4 << 20

  private var target: ConnectionTarget { thread.target }

  func establish() throws(SFTPError) -> SSHSession {
    let (session, deadline) = try openTrusted()
    do throws(SFTPError) {
      try authenticate(on: session, deadline)
      target.record.note { $0.hasLoggedIn = true }
      try startSubsystem(on: session, deadline)
    } catch {
      throw error.during("log in to \(target.server) as \(target.user)")
    }
    thread.logger.debug(
      "connected",
      metadata: [
        "server": "\(target.server)", "user": "\(target.user)", "kex": "\(session.agreed(FILSLUSE_SSH_KEX))",
        "hostkey": "\(session.agreed(FILSLUSE_SSH_HOST_KEY))", "cipher": "\(session.agreed(FILSLUSE_SSH_CIPHER))",
        "mac": "\(session.agreed(FILSLUSE_SSH_MAC))",
      ])
    return session
  }

  /// Connects and makes sure that the server is the one meant.
  ///
  /// A server shows one of its host keys, and a pinned fingerprint does not say which type it is of. So where another
  /// key is shown, the server is asked again for the other types before it is refused.
  private func openTrusted() throws(SFTPError) -> (SSHSession, Deadline) {
    var signatures = target.trusted.signatures
    var shown: [HostKey] = []
    while true {
      let session = try connect()
      let deadline = Deadline(target.deadlines.login, waitingFor: "the login at \(target.server)")
      do throws(SFTPError) {
        let key = try shakeHands(on: session, offering: signatures, deadline)
        target.record.note(session, hostKey: key)
        shown.append(key)
        if target.trusted.verdict(on: key) == .trusted { return (session, deadline) }
        signatures.removeAll { Algorithms.keyType(of: $0) == key.type }
        guard case .fingerprints = target.trusted, !signatures.isEmpty else { throw refusal(of: shown) }
      } catch {
        if session.hostKey == nil { target.record.note(session, hostKey: nil) }
        let askedInVain = error.code == .noCommonAlgorithm && !shown.isEmpty
        throw askedInVain ? refusal(of: shown) : error.during("connect to \(target.server)")
      }
    }
  }

  private func refusal(of shown: [HostKey]) -> SFTPError {
    target.trusted.refusal(of: shown, server: target.server).during("connect to \(target.server)")
  }

  private func connect() throws(SFTPError) -> SSHSession {
    do throws(SFTPError) {
      let socket = try SSHDialler(thread: thread).connect()
      return try SSHSession(socket: socket.fileDescriptor)
    } catch {
      throw error.during("connect to \(target.server)")
    }
  }

  private func shakeHands(
    on session: SSHSession, offering signatures: [String], _ deadline: Deadline
  ) throws(SFTPError) -> HostKey {
    for (method, names) in [
      (FILSLUSE_SSH_KEX, Algorithms.keyExchange), (FILSLUSE_SSH_HOST_KEY, signatures),
      (FILSLUSE_SSH_CIPHER, Algorithms.ciphers), (FILSLUSE_SSH_MAC, Algorithms.macs),
    ] where session.offer(method, names) != .done {
      throw AlgorithmMismatch.error(offeringHostKeys: signatures, opening: session.opening)
    }
    switch try repeated(on: session, deadline, { session.handshake() }) {
    case .done: break
    case .noCommonAlgorithm where !session.hasEnded:
      throw AlgorithmMismatch.error(offeringHostKeys: signatures, opening: session.opening)
    case let code: throw session.lost(code.rawValue)
    }
    guard let blob = session.hostKey else {
      throw SFTPError(.protocolViolation, "the server shows no host key")
    }
    return HostKey(blob: blob)
  }

  private func authenticate(on session: SSHSession, _ deadline: Deadline) throws(SFTPError) {
    let moved = session.moved
    let code = try repeated(on: session, deadline) {
      session.logIn(user: target.user, with: target.key)
    }
    if code == .done { return }
    // libssh2 answers -19 both for a refused signature and for a connection that broke while it waited for the answer.
    if session.hasRefusedKey(code) {
      throw SFTPError(
        .authenticationFailed, "the server does not accept the key \(target.key.file)\(session.serverWords.quoted)")
    }
    if !session.hasEnded, session.moved == moved || session.hasFailedToSign(code) {
      // It failed on this side: in the key itself.
      let why = "it is damaged, of a kind unknown, or its passphrase is wrong"
      throw PrivateKey.unreadable(target.key.file, "\(why) (libssh2: \(session.failure))")
    }
    throw session.lost(code.rawValue)
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
    return SFTPError(.permissionDenied, "the server does not offer the user SFTP\(session.serverWords.quoted)")
  }

  /// Takes a step of libssh2 again until it is done or has failed, waiting in between for the socket.
  private func repeated(
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
