internal import CSSHShim
internal import FilsluseBase
import Glibc

/// A result code of libssh2.
struct SSHCode: RawRepresentable, Equatable {
  let rawValue: Int32

  static let done = SSHCode(rawValue: 0)
  static let again = SSHCode(rawValue: -37)
  /// Client and server have no common algorithm.
  static let noCommonAlgorithm = SSHCode(rawValue: -5)
  /// The server accepts none of libssh2's algorithms for a key.
  static let noSuchAlgorithm = SSHCode(rawValue: -17)
  static let authenticationFailed = SSHCode(rawValue: -18)
  static let signatureRefused = SSHCode(rawValue: -19)
  static let channelRefused = SSHCode(rawValue: -21)
  static let requestDenied = SSHCode(rawValue: -22)
  /// Ours: a login waits for a signature.
  static let signatureWanted = SSHCode(rawValue: FILSLUSE_SSH_SIGNATURE_WANTED)
}

/// A libssh2 session and its socket. Not `Sendable`: it lives and dies on its connection's thread.
final class SSHSession {
  let socket: Int32
  let watch: SocketWatch

  /// True after libssh2 1.11 found no algorithm for a key: it then refuses every later key.
  private(set) var isSpent = false
  /// True once the server's SFTP program has sent anything.
  private var hasRead = false
  private let pointer: OpaquePointer

  /// Creates a session on a connected, non-blocking socket, which it owns.
  init(socket: Int32) throws(SFTPError) {
    guard filsluse_ssh_initialize() == 0, let pointer = filsluse_ssh_new(socket) else {
      close(socket)
      throw SFTPError(
        .resourcesExhausted, "libssh2 has no memory for a session", "libssh2 har ikke hukommelse til en session")
    }
    self.socket = socket
    self.pointer = pointer
    watch = Watchdog.shared.watch(socket)
  }

  deinit {
    filsluse_ssh_free(pointer)
    watch.end()
    close(socket)
  }

  // Logging in. Each step is called again while it answers `again`.

  /// Returns the algorithms that libssh2 has.
  func known(_ method: filsluse_ssh_method, of names: [String]) -> [String] {
    names.filter { filsluse_ssh_has(pointer, method, $0) != 0 }
  }

  func offer(_ method: filsluse_ssh_method, _ names: [String]) -> SSHCode {
    SSHCode(rawValue: filsluse_ssh_offer(pointer, method, names.joined(separator: ",")))
  }

  func handshake() -> SSHCode { SSHCode(rawValue: filsluse_ssh_handshake(pointer)) }

  func agreed(_ method: filsluse_ssh_method) -> String {
    filsluse_ssh_agreed(pointer, method).map { String(cString: $0) } ?? "none"
  }

  var hostKey: [UInt8]? {
    var count = 0
    guard let bytes = filsluse_ssh_host_key(pointer, &count) else { return nil }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// The server's first bytes: its banner, and in the clear the algorithms it offers.
  var opening: [UInt8] {
    var count = 0
    guard let bytes = filsluse_ssh_opening(pointer, &count) else { return [] }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// Logs in with an encrypted key in OpenSSH's own form.
  func logIn(user: String, with key: SecretBytes, _ passphrase: Redacted<String>) -> SSHCode {
    let code = key.withBytes { bytes in
      filsluse_ssh_login(pointer, user, user.utf8.count, bytes.baseAddress, bytes.count, passphrase.exposed)
    }
    return SSHCode(rawValue: code)
  }

  /// Logs in with a key without holding its private half; returns `signatureWanted` while ``toSign`` waits for a
  /// signature.
  func logIn(user: String, offering key: [UInt8]) -> SSHCode {
    let code = SSHCode(rawValue: key.withUnsafeBytes { filsluse_ssh_login_signing(pointer, user, Self.part($0)) })
    if code == .noSuchAlgorithm { isSpent = true }
    return code
  }

  /// Names the algorithms that RSA keys may sign by, best first. Without effect on libssh2 1.10.
  func preferSignatures(_ names: [String]) {
    _ = filsluse_ssh_prefer_signatures(pointer, names.joined(separator: ","))
  }

  /// The bytes that a signature is wanted over.
  var toSign: [UInt8] {
    let request = filsluse_ssh_to_sign(pointer)
    return Array(UnsafeBufferPointer(start: request.start, count: request.count))
  }

  /// Passes on the wanted signature; an empty one if it cannot be made.
  func give(signature: [UInt8]) { signature.withUnsafeBytes { filsluse_ssh_give_signature(pointer, Self.part($0)) } }

  private static func part(_ bytes: UnsafeRawBufferPointer) -> filsluse_bytes {
    filsluse_bytes(start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count)
  }

  /// Asks for the server's login methods for a user.
  func methods(for user: String) -> (SSHCode, [String]?) {
    var list: UnsafePointer<CChar>?
    let code = filsluse_ssh_list_methods(pointer, user, UInt32(user.utf8.count), &list)
    return (SSHCode(rawValue: code), list.map { String(cString: $0).split(separator: ",").map(String.init) })
  }

  func openChannel(window: UInt32) -> SSHCode { SSHCode(rawValue: filsluse_ssh_open_channel(pointer, window)) }

  func startSubsystem(_ name: String) -> SSHCode {
    SSHCode(rawValue: filsluse_ssh_start_subsystem(pointer, name))
  }

  // Exchanging bytes

  enum Transfer {
    case bytes(Int)
    case blocked
    case ended
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(SFTPError) -> Transfer {
    let count = filsluse_ssh_read(pointer, buffer.baseAddress, buffer.count)
    if count > 0 {
      hasRead = true
      return .bytes(count)
    }
    if count == 0 || count == SSHCode.again.rawValue {
      return filsluse_ssh_is_at_end(pointer) != 0 ? .ended : .blocked
    }
    throw lost(Int32(count))
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(SFTPError) -> Transfer {
    let count = filsluse_ssh_write(pointer, bytes.baseAddress, bytes.count)
    if count > 0 { return .bytes(count) }
    guard count == 0 || count == SSHCode.again.rawValue else { throw lost(Int32(count)) }
    return .blocked
  }

  func flush() throws(SFTPError) {
    let code = filsluse_ssh_flush(pointer)
    guard code >= 0 else {
      let reason = systemText(-code)
      var error = SFTPError(
        codeOfEnd,
        MessageText("the connection broke: \(reason.en)", "systemet siger: \(reason.da)") + serverWords.quoted
          + programEnd.quoted)
      error.isBeforeBanner = !isIdentified
      throw error
    }
  }

  /// Bytes that wait for the socket.
  var queued: Int { filsluse_ssh_queued(pointer) }

  /// A count that grows with every byte in either direction.
  var moved: UInt64 { filsluse_ssh_moved(pointer) }

  /// A count that grows with every byte that comes.
  var received: UInt64 { filsluse_ssh_received(pointer) }

  /// Waits for the server to close its ended channel.
  func waitClosed() -> SSHCode { SSHCode(rawValue: filsluse_ssh_wait_closed(pointer)) }

  /// The end of the server's SFTP program, if the server has reported it.
  var programEnd: ServerProgramEnd {
    var count = 0
    let complaints = filsluse_ssh_complaints(pointer, &count)
    return ServerProgramEnd(
      status: filsluse_ssh_exit_status(pointer), complaints: Array(UnsafeBufferPointer(start: complaints, count: count))
    )
  }

  /// The code of the error for the end of this session, however the server ends it. A program that ended may be there
  /// again with the next session: its machine may have killed it. Only where the shell found none at all there is no
  /// SFTP.
  var codeOfEnd: SFTPError.Code { programEnd.isMissing && !hasRead ? .noSFTP : .connectionLost }

  /// Closes the channel and ends the session with the server, if that still listens.
  ///
  /// - Parameter waits: true to wait for the server to close the channel as well.
  func sayGoodbye(waits: Bool) -> SSHCode { SSHCode(rawValue: filsluse_ssh_goodbye(pointer, waits ? 1 : 0)) }

  // Failing

  /// libssh2's words for the last failure.
  var failure: String { String(cString: filsluse_ssh_error_text(pointer)) }

  /// True if nothing more can come: the stream ended or failed, or the server disconnected.
  var hasEnded: Bool { filsluse_ssh_has_ended(pointer) != 0 }

  /// True if the server has begun to send its version of SSH, which is its first message to a client that it accepts.
  var isIdentified: Bool { filsluse_ssh_is_identified(pointer) != 0 }

  /// The server's plain text.
  var serverWords: ServerWords {
    var reason: Int32 = 0
    var count = 0
    let bytes = filsluse_ssh_last_words(pointer, &reason, &count)
    return ServerWords(
      opening: opening, reason: reason, goodbye: Array(UnsafeBufferPointer(start: bytes, count: count)))
  }

  func lost(_ code: Int32) -> SFTPError {
    if !isIdentified, hasEnded, opening.count >= Self.longestGreeting {
      return SFTPError(
        .protocolViolation,
        MessageText(
          "the server sends \(opening.count) bytes and more without naming its version of SSH",
          "den sender \(opening.count) byte og mere uden at sige sin version af SSH") + serverWords.quoted)
    }
    var error = SFTPError(
      codeOfEnd,
      MessageText(
        "the connection broke: \(failure) (libssh2 \(code))", "libssh2 siger „\(failure)“ (\(code))")
        + serverWords.quoted + programEnd.quoted)
    error.isBeforeBanner = !isIdentified
    return error
  }

  /// The number of the server's first bytes that the shim keeps, and the most that it accepts before the version.
  private static let longestGreeting = 8192
}

/// The end of the server's SFTP program, as far as the server reports it (RFC 4254 section 6.10). The name of a signal
/// is not read: up to libssh2 1.11.1 its length is not checked.
struct ServerProgramEnd: Equatable {
  /// The exit status; 0 also where the server sent none.
  let status: Int32
  /// The beginning of its standard error, in a line; `nil` where nothing came. OpenSSH's server keeps that of a
  /// subsystem to itself.
  let complaint: String?

  init(status: Int32, complaints: [UInt8]) {
    self.status = status
    complaint = ServerWords.text(of: complaints.split(separator: UInt8(ascii: "\n")))
  }

  /// True if the server's shell found no program to run, or may not run the one that is there.
  var isMissing: Bool { status == 126 || status == 127 }

  /// The end in words, as the end of a sentence; empty where the server reported nothing.
  var quoted: MessageText {
    var parts: [MessageText] = []
    if status != 0 { parts.append(MessageText("ended with status \(status)", "sluttede med status \(status)")) }
    if let complaint { parts.append(MessageText("said “\(complaint)”", "sagde „\(complaint)“")) }
    if parts.isEmpty { return .empty }
    return MessageText("; its SFTP program ", "; dens SFTP-program ") + parts.joined(by: .and)
  }
}
