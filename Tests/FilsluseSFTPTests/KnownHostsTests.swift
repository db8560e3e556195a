import FilsluseBase
import Logging
import SystemPackage
import Testing

@testable import FilsluseSFTP

@Suite struct KnownHostsTests {
  private static let ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIDNAVtaiIeoXOHSiCrJFZKBBkjXNImwqlfbAqA3ZBfO"
  private static let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

  @Test(
    "matches names",
    arguments: [
      ("example.dk", "example.dk", 22, true), ("Example.DK", "example.dk", 22, true),
      ("example.dk", "example.dk", 2222, false), ("[example.dk]:2222", "example.dk", 2222, true),
      ("[example.dk]:2222", "example.dk", 22, false), ("[example.dk]:22", "example.dk", 22, true),
      ("a.dk,example.dk", "example.dk", 22, true), ("*.dk", "example.dk", 22, true), ("*.dk", "example.com", 22, false),
      ("e?ample.dk", "example.dk", 22, true), ("*.dk,!example.dk", "example.dk", 22, false),
      ("[*.dk]:*", "example.dk", 2222, true), ("*a*a*b", "aaab", 22, true), ("example", "example.dk", 22, false),
      // The dot says that the name is whole.
      ("example.dk", "example.dk.", 22, true), ("[example.dk]:2222", "example.dk.", 2222, true),
      ("*,!example.dk", "example.dk.", 22, false), ("*,!example.dk", "example.dk", 22, false),
      ("*,!example.dk", "other.dk", 22, true), ("example.dk.", "example.dk.", 22, true),
      // An address has many forms, and a zone belongs to it.
      ("2001:db8::1", "2001:DB8:0:0::1", 22, true), ("[2001:db8::1]:2222", "2001:0db8::0001", 2222, true),
      ("2001:DB8:0:0::1", "2001:DB8:0:0::1", 22, true), ("2001:db8::1", "2001:db8::2", 22, false),
      ("*,!2001:db8::1", "2001:DB8:0:0::1", 22, false), ("10.0.0.1", "10.0.0.1", 22, true),
      ("fe80::1%lo", "fe80::1%lo", 22, true), ("[fe80::1%lo]:2222", "fe80::1%lo", 2222, true),
      ("fe80::1", "fe80::1%lo", 22, false),
    ] as [(String, String, UInt16, Bool)])
  func matchesNames(pattern: String, host: String, port: UInt16, matches: Bool) {
    let hosts = KnownHosts("\(pattern) \(Self.ed25519) a comment\n")
    #expect(hosts.problems.isEmpty)
    #expect(hosts.keys(host: host, port: port).known.count == (matches ? 1 : 0))
  }

  /// Lines in the form `ssh-keygen -H` gives them, for `example.dk` and `[example.dk]:2222`.
  @Test("matches hashed names")
  func matchesHashedNames() {
    let hosts = KnownHosts(
      """
      |1|AAECAwQFBgcICQoLDA0ODxAREhM=|Ts77mPPgo3hoD/CXBbaMbxiAWVM= \(Self.ed25519)
      |1|AAECAwQFBgcICQoLDA0ODxAREhM=|XQZ1beBf+wxn7tD/HtyzAKblSQU= \(Self.other)
      """)
    #expect(hosts.problems.isEmpty)
    #expect(hosts.keys(host: "example.dk", port: 22).known.map { hosts.lines.map(\.key).firstIndex(of: $0) } == [0])
    #expect(hosts.keys(host: "example.dk", port: 2222).known.map { hosts.lines.map(\.key).firstIndex(of: $0) } == [1])
    #expect(hosts.keys(host: "example.com", port: 22).known.isEmpty)
  }

  @Test("reports bad lines and reads the rest")
  func badLinesAreReportedAndTheRestIsRead() {
    let hosts = KnownHosts(
      """
      # a comment

      example.dk
      example.dk ssh-ed25519 not*base64
      example.dk ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIIDNAVtaiIeoXOHSiCrJFZKBBkjXNImwqlfbAqA3ZBfO
      @cert-authority *.dk \(Self.ed25519)
      |1|x|y \(Self.ed25519)
      example.dk \(Self.ed25519)\r
      """)
    #expect(hosts.problems.count == 5)
    #expect(hosts.problems.map { $0.en.prefix { $0 != ":" } } == ["line 3", "line 4", "line 5", "line 6", "line 7"])
    #expect(hosts.problems.first?.da == "linje 3: den er ikke navne, nøgletype og nøgle")
    #expect(hosts.keys(host: "example.dk", port: 22).known.count == 1)
  }

  @Test("a logger that carries Danish gets Danish lines, and any other one English ones")
  func logLines() {
    let (logger, lines) = recordingLogger()
    var danish = logger
    danish[metadataKey: Logger.languageKey] = "da"
    for logger in [logger, danish] { logger.say(.warning, MessageText("a key", "en nøgle")) }
    #expect(lines.all.count == 2)
    #expect(lines.all.first?.hasPrefix("warning: a key") == true)
    #expect(lines.all.last?.hasPrefix("warning: en nøgle") == true)
  }

  @Test(
    "reads what an editor left: a byte-order mark, other ends of lines, UTF-16",
    arguments: [
      ("\n", [0xEF, 0xBB, 0xBF], 0), ("\r\n", [0xEF, 0xBB, 0xBF], 0), ("\r", [], 0), ("\r\n", [], 0),
      ("\r\n", [0xFF, 0xFE], 16), ("\n", [0xFE, 0xFF], 8),
    ] as [(String, [UInt8], Int)])
  func leftByAnEditor(end: String, mark: [UInt8], shift: Int) {
    let text = ["example.dk \(Self.ed25519)", "# æøå", "other.dk \(Self.other) ø", ""].joined(separator: end)
    let bytes =
      shift == 0
      ? Array(text.utf8)
      : text.utf16.flatMap { shift == 16 ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let hosts = KnownHosts(mark + bytes)
    #expect(hosts.problems.isEmpty, "\(hosts.problems)")
    #expect(hosts.keys(host: "example.dk", port: 22).known.count == 1)
    #expect(hosts.keys(host: "other.dk", port: 22).known.count == 1)
    #expect(KnownHosts(Array((mark + bytes).dropLast())).lines.count == 2)
  }

  @Test("reads lines with tabs, blanks in front, long comments and unknown markers as OpenSSH does")
  func unusualLines() {
    let hosts = KnownHosts(
      """
      \t example.dk\t\(Self.ed25519)   a comment # with æøå
      @revoked\texample.dk \(Self.other)
      @CERT-AUTHORITY example.dk \(Self.ed25519)
      @revoked
      """)
    let keys = hosts.keys(host: "example.dk", port: 22)
    #expect(keys.known.count == 1 && keys.revoked.count == 1 && keys.known != keys.revoked)
    #expect(hosts.problems.map { $0.en.prefix { $0 != ":" } } == ["line 3", "line 4"])
  }

  @Test("revoked keys are never trusted")
  func revokedKeysAreNeverTrusted() {
    let hosts = KnownHosts("example.dk \(Self.ed25519)\n@revoked * \(Self.ed25519)\n")
    let keys = hosts.keys(host: "example.dk", port: 22)
    let trusted = TrustedHostKeys.known(keys.known, revoked: keys.revoked, file: "known_hosts")
    #expect(keys.known.count == 1 && keys.revoked.count == 1)
    #expect(trusted.verdict(on: keys.known[0]) == .revoked)
  }

  @Test("the server is asked for the known types only")
  func theServerIsAskedForTheKnownTypesOnly() {
    let keys = KnownHosts("example.dk \(Self.ed25519)\n").keys(host: "example.dk", port: 22)
    #expect(TrustedHostKeys.known(keys.known, revoked: [], file: "f").signatures == ["ssh-ed25519"])
    #expect(TrustedHostKeys.known([], revoked: [], file: "f").signatures == Algorithms.hostKeys)
  }

  @Test(
    "reads base64",
    arguments: [
      ("", []), ("AA==", [0]), ("AAE=", [0, 1]), ("AAEC", [0, 1, 2]), ("AAE", [0, 1]), ("/+8=", [0xFF, 0xEF]),
      ("A", nil), ("AA=A", nil), ("A===", nil), ("AA=", nil), ("å", nil),
    ] as [(String, [UInt8]?)])
  func readsBase64(text: String, bytes: [UInt8]?) {
    #expect(Base64.decode(text.utf8) == bytes)
  }
}
