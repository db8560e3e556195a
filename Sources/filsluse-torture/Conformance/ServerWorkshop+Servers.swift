import FilsluseBase
import FoundationEssentials
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage

// How each server is configured.
extension ServerWorkshop {
  /// OpenSSH with arguments for its `internal-sftp`.
  func openSSH(_ arguments: [String], _ prepare: (FilePath) throws -> Void, _ body: Body) async throws {
    let line = (["ForceCommand", "internal-sftp", "-d", "%d"] + arguments).joined(separator: " ")
    let server = try await SSHServer.start(in: folder, SSHServer.Options(extraLines: [line]))
    do {
      let user = try await server.addUser(Self.user, folder: home)
      try prepare(home)
      try await body(
        ServerUnderTest(
          port: server.port, fingerprint: server.fingerprint, user: user.name, keyFile: user.keyFile,
          home: home))
    } catch {
      try await server.stop()
      throw error
    }
    try await server.stop()
  }

  func asyncSSH(_ prepare: (FilePath) throws -> Void, _ body: Body) async throws {
    _ = try prefix(of: "usr/lib/python3/dist-packages/asyncssh/__init__.py", package: "python3-asyncssh")
    var ways = AsyncSSHServer.Ways()
    ways.window = 128 << 10
    ways.writesInSequence = true
    ways.statusOfFSTAT = 8
    try FileManager.default.createDirectory(
      atPath: folder.appending("user").string, withIntermediateDirectories: true)
    try prepare(folder.appending("user"))
    try await AsyncSSHServer.run(ways, in: folder) { server in
      try await body(
        ServerUnderTest(
          port: server.port, fingerprint: server.fingerprint, user: Self.user, keyFile: server.keyFile,
          home: server.folder))
    }
  }

  func proFTPD(_ prepare: (FilePath) throws -> Void, _ body: Body) async throws {
    let prefix = try prefix(of: "usr/lib/proftpd/mod_sftp.so", package: "proftpd-mod-crypto")
    guard let running = getpwuid(getuid())?.pointee, let group = getgrgid(getgid())?.pointee else {
      throw Trouble("the running user has no name, which ProFTPD asks for")
    }
    try await run(environment: [libraries(of: prefix)], prepare: prepare, body: body) { port, _, key in
      _ = try write(
        "---- BEGIN SSH2 PUBLIC KEY ----\n\(key.base64)\n---- END SSH2 PUBLIC KEY ----\n", to: "authorized")
      let configuration = try write(
        """
        ServerType standalone
        ModulePath \(prefix.appending("usr/lib/proftpd"))
        LoadModule mod_sftp.c
        DefaultAddress 127.0.0.1
        Port \(port)
        UseIPv6 off
        User \(String(cString: running.pw_name))
        Group \(String(cString: group.gr_name))
        ScoreboardFile \(folder.appending("scoreboard"))
        PidFile \(folder.appending("pid"))
        DelayEngine off
        WtmpLog off
        TransferLog none
        SystemLog \(folder.appending("system.log"))
        AuthOrder mod_auth_file.c
        AuthUserFile \(writePasswd())
        RequireValidShell off
        RootLogin on
        AllowOverwrite on
        AllowStoreRestart on
        DefaultRoot ~
        SFTPEngine on
        SFTPLog \(folder.appending("sftp.log"))
        SFTPHostKey \(folder.appending("host"))
        SFTPKeyBlacklist none
        SFTPAuthMethods publickey
        SFTPAuthorizedUserKeys file:\(folder.appending("authorized"))

        """, to: "proftpd.conf")
      return [prefix.appending("usr/sbin/proftpd").string, "-n", "-q", "-c", configuration.string]
    }
  }

  func dropbear(_ prepare: (FilePath) throws -> Void, _ body: Body) async throws {
    let prefix = try prefix(of: "usr/sbin/dropbear", package: "dropbear-bin")
    try await DropbearServer.run(from: prefix, in: folder, prepare: prepare) { server in
      try await body(
        ServerUnderTest(
          port: server.port, fingerprint: server.fingerprint, user: DropbearServer.user, keyFile: server.keyFile,
          home: server.home))
    }
  }

  func conch(_ prepare: (FilePath) throws -> Void, _ body: Body) async throws {
    let modules = "usr/lib/python3/dist-packages"
    let prefix = try prefix(of: modules + "/twisted/conch/__init__.py", package: "python3-twisted")
    try await run(
      environment: ["PYTHONPATH=\(prefix.appending(modules))", "PYTHONDONTWRITEBYTECODE=1"], prepare: prepare,
      body: body
    ) { port, _, _ in
      [
        "/usr/bin/python3", "-W", "ignore", try write(ConchServer.script, to: "conch.py").string, home.string,
        "\(port)", folder.appending("host").string, folder.appending("key.pub").string,
      ]
    }
  }

  func rclone(
    _ options: [String], writeBack: Duration = .zero, _ prepare: (FilePath) throws -> Void, _ body: Body
  ) async throws {
    let prefix = try prefix(of: "usr/bin/rclone", package: "rclone")
    try await run(writeBack: writeBack, prepare: prepare, body: body) { port, _, _ in
      [
        prefix.appending("usr/bin/rclone").string, "serve", "sftp", home.string, "--addr", "127.0.0.1:\(port)",
        "--key", folder.appending("host").string, "--authorized-keys", folder.appending("key.pub").string,
        "--cache-dir", folder.appending("cache").string, "--config", "/dev/null",
      ] + options
    }
  }
}
