import FilsluseBase
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(25))) struct SSHServerTests {
  @Test("a user starts in their own folder", arguments: KeyKind.allCases)
  func aUserStartsInTheirOwnFolder(kind: KeyKind) async throws {
    try await withTestServer(key: kind) { test in
      try await withScratchFolder { scratch in
        let client = try OpenSSHClient(test.server, user: test.user, scratch: scratch)
        let said = await client.batch("pwd", "ls -1", "put /etc/hostname OUT/name", "get OUT/name \(scratch)/back")
        #expect(said.succeeded, "\(said.text)")
        #expect(said.text.contains("Remote working directory: \(test.folder)"))
        #expect(said.text.contains("\nIN\nOUT\n") || said.text.contains("\nIN/\nOUT/\n"), "\(said.text)")
        #expect(access(test.outbox.appending("name").string, F_OK) == 0)
        #expect(access(scratch.appending("back").string, F_OK) == 0)
      }
    }
  }

  @Test("a key opens no other user's account")
  func aKeyOpensNobodyElsesDoor() async throws {
    try await withTestServer { mine in
      try await withScratchFolder { scratch in
        let other = try await mine.server.addUser("other")
        let stranger = SSHUser(
          name: other.name, folder: other.folder, keyFile: mine.user.keyFile, publicKey: mine.user.publicKey)
        let said = try await OpenSSHClient(mine.server, user: stranger, scratch: scratch).batch("ls")
        #expect(!said.succeeded)
        #expect(said.text.contains("Permission denied"))
      }
    }
  }

  @Test("only SFTP is served")
  func onlySFTPIsServed() async throws {
    try await withTestServer { test in
      try await withScratchFolder { scratch in
        let client = try OpenSSHClient(test.server, user: test.user, scratch: scratch)
        #expect(await !client.run("id").contains("uid="))
      }
    }
  }

  @Test("keys and port are used again")
  func keysAndPortAreUsedAgain() async throws {
    try await withScratchFolder { scratch in
      let folder = scratch.appending("a folder with % and æøå")
      let first = try await SSHServer.start(in: folder)
      let user = try await first.addUser("fagsystem")
      try await first.stop()
      let second = try await SSHServer.start(in: folder, SSHServer.Options(port: first.port))
      let sameUser = try await second.addUser("fagsystem")
      #expect(second.port == first.port)
      #expect(second.fingerprint == first.fingerprint)
      #expect(sameUser.publicKey == user.publicKey)
      let said = try await OpenSSHClient(second, user: sameUser, scratch: scratch).batch("pwd")
      #expect(said.succeeded, "\(said.text)")
      try await second.stop()
      try await second.stop()
    }
  }

  @Test("a folder that was lent vanishes with the server")
  func aFolderThatWasLentVanishesWithTheServer() async throws {
    try await withScratchFolder { scratch in
      let folder = scratch.appending("lent")
      let server = try await SSHServer.start(in: folder, SSHServer.Options(removesDirectoryAtEnd: true))
      #expect(folder.exists)
      try await server.stop()
      #expect(!folder.exists)
    }
  }

  @Test("reports a refused configuration in sshd's words")
  func aRefusedConfigurationIsReportedInSSHDsWords() async throws {
    try await withScratchFolder { scratch in
      let error = await #expect(throws: PlatformError.self) {
        let options = SSHServer.Options(extraLines: ["Ciphers of-glass"], removesDirectoryAtEnd: true)
        return try await SSHServer.start(in: scratch, options)
      }
      #expect(error?.code == .serverEnded)
      #expect(error?.description.contains("of-glass") == true, "\(String(describing: error))")
      #expect(scratch.appending("sshd.log").exists)
    }
  }

  @Test(
    "a name that passwd cannot hold is refused",
    arguments: ["", "Fagsystem", "9lives", "a b", "a:b", "sshd", "../x", "blåbær"])
  func aNameThatPasswdCannotHoldIsRefused(name: String) async throws {
    try await withTestServer { test in
      let error = await #expect(throws: PlatformError.self) { try await test.server.addUser(name) }
      #expect(error?.code == .unusableName)
    }
  }
}
