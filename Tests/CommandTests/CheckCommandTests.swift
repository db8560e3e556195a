import FilsluseBase
import FoundationEssentials
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(25))) struct CheckCommandTests {
  private struct Report: Decodable {
    struct Line: Decodable {
      let subject: String
      let verdict: String
      let found: String
      let remedy: String?
    }
    let account: String
    let server: String
    let exitStatus: Int32
    let lines: [Line]

    func line(_ subject: String) -> Line? { lines.first { $0.subject == subject } }
    func verdict(_ subject: String) -> String { line(subject)?.verdict ?? "no line" }
  }

  private static let connection = ["host name", "address", "server", "algorithms", "host key", "login", "SFTP"]
  private static let behind = ["extensions", "round trip", "IN", "OUT", "rights in OUT", "clock", "free space"]

  /// A server of its own, whose SFTP may refuse requests, and settings of an account there.
  private struct Stage: Sendable {
    let server: SSHServer
    let user: SSHUser
    let folder: FilePath

    /// Runs the command with settings in which `changes` have replaced lines.
    func check(_ changes: [String: String] = [:], _ options: [String] = []) async throws -> (
      BuiltCommand.Outcome, Report
    ) {
      let lines = [
        "host": server.host, "port": "\(server.port)", "user": user.name, "key": user.keyFile.string,
        "host-keys": "[\"\(server.fingerprint)\"]",
      ].merging(changes) { $1 }
      let text = lines.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { "    \($0.key): \($0.value)\n" }
      try TestFiles.write("accounts:\n  a:\n\(text.joined())", to: folder.appending("filsluse.yaml"))
      let outcome = try await BuiltCommand.run(["check", "--json"] + options, in: folder)
      let reports = try JSONDecoder().decode([Report].self, from: Data(outcome.output.utf8))
      return (outcome, try #require(reports.first))
    }

    var out: FilePath { user.folder.appending("OUT") }
    func leftInOut() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: out.string) }
  }

  private static func withServer(
    refusing requests: String? = nil, _ body: @escaping @Sendable (Stage) async throws -> Void
  ) async throws {
    try await withScratchFolder("check") { folder in
      let lines = requests.map { ["ForceCommand internal-sftp \($0) -d %d"] } ?? []
      let server = try await SSHServer.start(
        in: folder.appending("server"), .init(hostKeys: [.ed25519, .ecdsa], extraLines: lines))
      do {
        let user = try await server.addUser("tjek")
        for name in ["IN", "OUT"] {
          try FileManager.default.createDirectory(
            atPath: user.folder.appending(name).string, withIntermediateDirectories: true)
        }
        try await body(Stage(server: server, user: user, folder: folder))
      } catch {
        try await server.stop()
        throw error
      }
      try await server.stop()
    }
  }

  @Test("shows every step of a connection and both folders, leaves nothing in OUT, and ends with 0")
  func allIsWell() async throws {
    try await Self.withServer { stage in
      let (outcome, report) = try await stage.check()
      #expect(outcome.status == 0 && report.exitStatus == 0, "\(outcome)")
      #expect(report.lines.map(\.subject) == Self.connection + ["libssh2"] + Self.behind)
      #expect(report.lines.allSatisfy { $0.verdict == "ok" && $0.remedy == nil }, "\(outcome.output)")
      #expect(report.line("host name")?.found == "127.0.0.1 is 127.0.0.1")
      #expect(report.line("server")?.found.hasPrefix("SSH-2.0-OpenSSH_") == true)
      #expect(report.line("host key")?.found.contains(stage.server.fingerprint.description) == true)
      #expect(report.line("algorithms")?.found.contains("ssh-ed25519") == true)
      #expect(report.line("login")?.found.hasPrefix("tjek by the key /") == true)
      #expect(report.line("extensions")?.found.contains("posix-rename@openssh.com") == true)
      #expect(report.line("rights in OUT")?.found == "write, rename, rename over, sync, remove")
      #expect(report.line("clock")?.found == "the same as here, within 1 s")
      #expect(report.line("free space")?.found.contains(" of ") == true)
      #expect(try stage.leftInOut().isEmpty)
      let (_, unwritten) = try await stage.check([:], ["--without-writing"])
      #expect(unwritten.verdict("rights in OUT") == "-" && unwritten.exitStatus == 0)

      let table = try await BuiltCommand.run(["check", "--account", "a"], in: stage.folder)
      #expect(table.status == 0)
      #expect(
        table.output.hasPrefix(
          "account a, 127.0.0.1:\(stage.server.port)\nVERDICT  SUBJECT        FOUND\nok       host name"))
      #expect(try await BuiltCommand.run(["check", "--account", "b"], in: stage.folder).status == 78)
    }
  }

  @Test("names what OUT does not permit, cleans up, and ends with 1 or 2")
  func rightsThatAreMissing() async throws {
    try await Self.withServer(refusing: "-P rename,fsync") { stage in
      let (outcome, report) = try await stage.check()
      #expect(outcome.status == 1, "\(outcome)")
      let rights = report.line("rights in OUT")
      #expect(rights?.verdict == "warning" && rights?.found.contains("not rename (") == true, "\(outcome.output)")
      #expect(try stage.leftInOut().isEmpty)
    }
    try await Self.withServer(refusing: "-P remove") { stage in
      let (outcome, report) = try await stage.check()
      #expect(outcome.status == 1)
      let rights = report.line("rights in OUT")
      let left = try #require(try stage.leftInOut().first)
      #expect(rights?.found.contains("OUT/\(left) is left there") == true, "\(outcome.output)")
      #expect(rights?.remedy?.hasPrefix("remove it by hand") == true)
    }
    try await Self.withServer(refusing: "-R") { stage in
      let (outcome, report) = try await stage.check()
      #expect(outcome.status == 2)
      #expect(report.verdict("rights in OUT") == "failure" && report.verdict("OUT") == "ok", "\(outcome.output)")
      try FileManager.default.removeItem(atPath: stage.user.folder.appending("IN").string)
      let (_, missing) = try await stage.check()
      #expect(missing.verdict("IN") == "failure" && missing.line("IN")?.found.contains("IN: ") == true)
    }
  }

  @Test("shows how far a connection came, and what to do, where it fails")
  func connectionsThatFail() async throws {
    try await Self.withServer { stage in
      let other = try await stage.server.addUser("anden")
      let wrong = "[\"SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"]"
      try TestFiles.write("", to: stage.folder.appending("hosts"))
      try TestFiles.write("no key\n", to: stage.folder.appending("bad-key"))
      let cases: [(changes: [String: String], failing: String, status: Int32)] = [
        (["host": "findes-ikke.invalid"], "host name", 69), (["port": "1"], "address", 69),
        (["host-keys": wrong], "host key", 77), (["host-keys": "", "known-hosts": "hosts"], "host key", 77),
        (["host-keys": "", "known-hosts": "nowhere"], "host key", 78),
        (["key": other.keyFile.string], "login", 77), (["key": "bad-key"], "login", 77),
        (["key": "nowhere"], "login", 74),
        (["passphrase": "{ environment: FILSLUSE_NO_SUCH_VARIABLE }"], "login", 78),
      ]
      for (changes, failing, status) in cases {
        let (outcome, report) = try await stage.check(changes)
        #expect(outcome.status == status && report.exitStatus == status, "\(changes): \(outcome)")
        #expect(
          report.lines.filter { $0.verdict == "failure" }.map(\.subject) == [failing], "\(changes): \(outcome.output)")
        #expect(report.line(failing)?.remedy?.isEmpty == false, "\(changes)")
        let at = Self.connection.firstIndex(of: failing) ?? 0
        for subject in Self.connection[..<at] where subject != "host key" {
          #expect(report.verdict(subject) == "ok", "\(changes) \(subject)")
        }
        for subject in Self.connection[(at + 1)...] + Self.behind {
          #expect(report.verdict(subject) == "-", "\(changes) \(subject)")
        }
        let isProven = changes["key"] == other.keyFile.string
        if failing == "login" { #expect(report.verdict("host key") == (isProven ? "ok" : "-"), "\(changes)") }
      }
    }
  }

  @Test("names the remedy of a key that cannot be used, by the words of the settings")
  func keysThatCannotBeUsed() async throws {
    try await Self.withServer { stage in
      let made = try await BuiltCommand.shell(
        """
        cd '\(stage.folder)' && ssh-keygen -q -t ed25519 -N 'sesam luk op' -f locked
        ssh-keygen -q -t ed25519 -N '' -f open && echo 'sesam luk op' > pass && cp open 'a; b'
        chmod 644 open open.pub pass 'a; b'
        """)
      #expect(made.status == 0, "\(made)")
      let general = "name the private key of the account's user under key:"
      let cases: [(changes: [String: String], found: String, remedy: String)] = [
        (["key": "locked"], "no passphrase is given", "passphrase: {file: FILE}"),
        (["key": "locked"], "it is encrypted", "ssh-agent: key: {agent: KEY.pub}"),
        (["key": "locked", "passphrase": "{file: pass}"], "pass: others than its owner can read it", "passphrase"),
        (["key": "locked", "passphrase": "{file: nowhere}"], "nowhere: ", "passphrase"),
        (["key": "open.pub"], "it is the public half of a key", "name the file with the private half"),
        (["key": "open"], "others than its owner can read it", "chmod 600 it"),
        (["key": "a; b"], "a; b cannot be used: others than its owner can read it", "chmod 600 it"),
        (["key": "{agent: open.pub}"], "SSH_AUTH_SOCK is not set", "ssh-agent runs"),
      ]
      for (changes, found, remedy) in cases {
        let (outcome, report) = try await stage.check(changes)
        let login = try #require(report.line("login"), "\(outcome)")
        #expect(login.verdict == "failure" && login.found.contains(found), "\(changes): \(outcome)")
        #expect(login.remedy?.contains(remedy) == true, "\(changes): \(outcome)")
        #expect(login.remedy?.contains(general) == false, "\(changes): \(outcome)")
        for subject in ["host name", "address", "server"] { #expect(report.verdict(subject) == "ok", "\(outcome)") }
        #expect(report.line("host key")?.found.hasPrefix("not compared: ") == true, "\(outcome)")
      }
      let (danish, report) = try await stage.check(["key": "locked"], ["--language", "da"])
      #expect(report.line("login")?.remedy?.contains("passphrase: {file: FIL}") == true, "\(danish)")
    }
  }

  @Test("prints the host keys of a server with the lines that OpenSSH's own tools would write")
  func scansHostKeys() async throws {
    try await Self.withServer { stage in
      let scan = ["known-hosts", "scan", stage.server.host, "--port", "\(stage.server.port)"]
      let outcome = try await BuiltCommand.run(scan, in: stage.folder)
      #expect(outcome.status == 0, "\(outcome)")
      for key in stage.server.hostKeys { #expect(outcome.errors.contains(key.fingerprint.description), "\(outcome)") }
      #expect(outcome.errors.contains("compare these with what the server's owner gives you"))
      // The lines are those of ssh-keyscan, and with them in a file the account is trusted.
      let scanned = try await BuiltCommand.shell(
        "ssh-keyscan -t ed25519,ecdsa -p \(stage.server.port) \(stage.server.host) 2> /dev/null | sort")
      #expect(outcome.output.split(separator: "\n").sorted() == scanned.output.split(separator: "\n").sorted())
      try TestFiles.write(outcome.output, to: stage.folder.appending("hosts"))
      let (_, report) = try await stage.check(["host-keys": "", "known-hosts": "hosts"])
      #expect(report.verdict("host key") == "ok" && report.exitStatus == 0)
      for place in ["\(stage.server.host):\(stage.server.port)", "[\(stage.server.host)]:\(stage.server.port)"] {
        #expect(try await BuiltCommand.run(["known-hosts", "scan", place]).output == outcome.output)
      }
      let twice = try await BuiltCommand.run(["known-hosts", "scan", "127.0.0.1:1", "--port", "2"])
      #expect(twice.status == 64 && twice.errors.contains("give one of them"), "\(twice)")
      let json = try await BuiltCommand.run(scan + ["--json"], in: stage.folder)
      #expect(json.output.contains(stage.server.fingerprint.description))
      #expect(try await BuiltCommand.run(["known-hosts", "scan", "127.0.0.1", "--port", "1"]).status == 69)
    }
  }
}
