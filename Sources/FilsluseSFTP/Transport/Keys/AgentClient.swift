internal import FilsluseBase
internal import SystemPackage
import CSystemShim
import Glibc

/// A client of ssh-agent (draft-miller-ssh-agent): one question and its answer over the agent's socket, within a
/// deadline.
///
/// It never blocks: `wait` does, and ends early where the connection's owner has it stopped.
struct AgentClient {
  let socket: FilePath
  let deadline: Deadline

  /// Waits for a descriptor to be readable or, if asked, writable, not beyond a moment.
  let wait: (_ descriptor: Int32, _ toSend: Bool, _ limit: ContinuousClock.Instant) throws(SFTPError) -> Void

  /// The longest answer that is taken; OpenSSH's own limit.
  private static let longestAnswer = 256 * 1024

  private enum Message {
    static let failure: UInt8 = 5
    static let requestIdentities: UInt8 = 11
    static let identities: UInt8 = 12
    static let signRequest: UInt8 = 13
    static let signature: UInt8 = 14
  }

  /// A key that the agent holds.
  struct Identity: Equatable {
    let key: UserPublicKey
    let comment: String
  }

  /// Returns the agent's present keys; none while it is locked.
  ///
  /// - Throws: `SFTPError` with code `agentUnavailable`, or what `wait` throws.
  func identities() throws(SFTPError) -> [Identity] {
    let answer = try ask { $0.uint8(Message.requestIdentities) }
    do throws(MalformedPacket) {
      var reader = PacketReader(answer)
      guard try reader.uint8() == Message.identities else {
        throw MalformedPacket("it is no list of keys", "det er ingen liste over nøgler")
      }
      let count = try reader.count(ofItemsOf: 8)
      var found: [Identity] = []
      for _ in 0..<count {
        let key = UserPublicKey(blob: try reader.string())
        found.append(Identity(key: key, comment: PrintableName.text(try reader.string())))
      }
      return found
    } catch {
      throw unavailable(
        "answers with something that is not its protocol: \(error)",
        "svarer med noget, der ikke er dens protokol: \(error.text.da)")
    }
  }

  /// Returns a signature by one of the agent's keys, without the name of its algorithm.
  ///
  /// - Throws: `SFTPError` with code `agentUnavailable`, or what `wait` throws.
  func signature(over request: [UInt8], by key: UserPublicKey, _ algorithm: String) throws(SFTPError) -> [UInt8] {
    let answer = try ask { writer in
      writer.uint8(Message.signRequest)
      writer.string(key.blob)
      writer.string(request)
      writer.uint32(Self.flags(for: algorithm))
    }
    guard answer.first != Message.failure else {
      throw unavailable(
        "refuses to sign with the key \(key.fingerprint); it may be locked, or wait for somebody's consent",
        "vil ikke skrive under med nøglen \(key.fingerprint); den er måske låst eller venter på nogens samtykke",
        key: key.fingerprint)
    }
    let (made, bytes): (String, [UInt8])
    do throws(MalformedPacket) {
      var reader = PacketReader(answer)
      guard try reader.uint8() == Message.signature else {
        throw MalformedPacket("it is no signature", "det er ingen underskrift")
      }
      var signature = PacketReader(try reader.string())
      (made, bytes) = (try signature.text(), try signature.string())
    } catch {
      throw unavailable(
        "answers with something that is not its protocol: \(error)",
        "svarer med noget, der ikke er dens protokol: \(error.text.da)")
    }
    guard made == algorithm else {
      let shown = PrintableName.text(Array(made.utf8))
      throw unavailable(
        "signs with \(shown) where \(algorithm) was asked for: it is too old for this key",
        "skriver under med \(shown), hvor der blev bedt om \(algorithm): den er for gammel til den nøgle")
    }
    return bytes
  }

  private static func flags(for algorithm: String) -> UInt32 {
    switch algorithm {
    case "rsa-sha2-256": 2
    case "rsa-sha2-512": 4
    default: 0
    }
  }

  /// Says that the agent cannot be used now.
  func unavailable(_ what: String, _ danish: String, key fingerprint: KeyFingerprint? = nil) -> SFTPError {
    SFTPError(
      .agentUnavailable, "ssh-agent at \(socket) \(what)", "ssh-agent på \(socket) \(danish)",
      fingerprints: fingerprint.map { [$0] } ?? [])
  }

  // One question

  private func ask(_ fields: (inout PacketWriter) -> Void) throws(SFTPError) -> [UInt8] {
    var writer = PacketWriter()
    writer.packet(fields)
    let descriptor = try connect()
    defer { close(descriptor) }
    try send(writer.bytes, to: descriptor)
    let length = try receive(4, from: descriptor).reduce(0) { $0 << 8 | Int($1) }
    guard (1...Self.longestAnswer).contains(length) else {
      throw unavailable("answers with \(length) bytes", "svarer med \(length) byte")
    }
    return try receive(length, from: descriptor)
  }

  private func connect() throws(SFTPError) -> Int32 {
    let path = Array(socket.string.utf8)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard !path.isEmpty, path.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw unavailable(
        "cannot be reached: the socket's path has no room in an address",
        "kan ikke nås: stien til dens sokkel er for lang")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = Glibc.socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { throw unreachable() }
    do throws(SFTPError) {
      while !(try connects(descriptor, to: &address)) {
        try pause(.milliseconds(50))
      }
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Returns true once the connection is made; not yet, where the agent's queue of connections is full.
  private func connects(_ descriptor: Int32, to address: inout sockaddr_un) throws(SFTPError) -> Bool {
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    if code == 0 { return true }
    guard errno == EAGAIN || errno == EINTR else { throw unreachable() }
    return false
  }

  /// Says that the last call to the system did not reach the agent.
  private func unreachable() -> SFTPError {
    let reason = systemText(errno)
    return unavailable("cannot be reached: \(reason.en)", "kan ikke nås: \(reason.da)")
  }

  private func send(_ bytes: [UInt8], to descriptor: Int32) throws(SFTPError) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        Glibc.send(descriptor, all.baseAddress?.advanced(by: sent), all.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
      } else {
        try waitAfterFailure(descriptor, toSend: true)
      }
    }
  }

  private func receive(_ count: Int, from descriptor: Int32) throws(SFTPError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var received = 0
    while received < count {
      let got = bytes.withUnsafeMutableBytes {
        recv(descriptor, $0.baseAddress?.advanced(by: received), count - received, 0)
      }
      if got == 0 { throw hangsUp }
      if got > 0 {
        received += got
      } else {
        try waitAfterFailure(descriptor, toSend: false)
      }
    }
    return bytes
  }

  private var hangsUp: SFTPError {
    unavailable("hangs up instead of answering", "lægger på i stedet for at svare")
  }

  /// Waits after a call that could not go on, and throws where it failed for another reason.
  private func waitAfterFailure(_ descriptor: Int32, toSend: Bool) throws(SFTPError) {
    if errno == ECONNRESET || errno == EPIPE { throw hangsUp }
    guard errno == EAGAIN || errno == EINTR else {
      let reason = systemText(errno)
      throw unavailable("breaks the connection: \(reason.en)", "afbryder forbindelsen: \(reason.da)")
    }
    try check()
    try wait(descriptor, toSend, deadline.moment)
    try check()
  }

  private func pause(_ duration: Duration) throws(SFTPError) {
    try check()
    try wait(-1, false, min(deadline.moment, .now + duration))
  }

  private func check() throws(SFTPError) {
    guard deadline.isOver else { return }
    let waited = deadline.error.text
    throw unavailable("does not answer: \(waited.en)", "svarer ikke: \(waited.da)")
  }
}
