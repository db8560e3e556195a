import ExchangeSettings
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

/// The built command at a server whose refusal a retry does not change.
@Suite(.timeLimit(.minutes(25))) struct LastingRefusalCommandTests {
  @Test(
    "ends with 77 and says once why, however many files there are",
    arguments: [
      (["ForceCommand internal-sftp -d %d -R"], "true"),
      ([], "ssh-keygen -q -t ed25519 -N '' -f wrong; sed -i \"s|key: .*|key: $PWD/wrong|\" filsluse.yaml"),
    ])
  func sending(lines: [String], change: String) async throws {
    try await withTestServer { _ in
      try await withScratchFolder { folder in
        let server = try await SSHServer.start(
          in: folder.appending("server"), SSHServer.Options(extraLines: lines))
        do {
          let user = try await server.addUser("own")
          for name in ["IN", "OUT"] {
            try FileManager.default.createDirectory(
              atPath: user.folder.appending(name).string, withIntermediateDirectories: true)
          }
          let settings = ExchangeSettings(
            source: folder.appending("filsluse.yaml"),
            accounts: [
              Account(
                name: "own", host: server.host, port: server.port, user: user.name, key: user.keyFile,
                hostKeys: .pinned([server.fingerprint]))
            ],
            routes: [Route(name: "direct", account: "own", kind: .direct(recipients: ["x"]))],
            arrivals: [], journal: folder.appending("journal.sqlite"), inbox: folder.appending("inbox"))
          try Data(settings.yaml().utf8).write(to: URL(filePath: settings.source.string))
          let outcome = try await BuiltCommand.shell(
            """
            cd '\(folder)'; \(change)
            echo 'file;route' > list.csv
            for n in 1 2 3; do echo $n > f$n.csv; echo "f$n.csv;direct" >> list.csv; done
            "$0" send --batch list.csv --no-wait > sent 2> errors; echo "status $?"
            grep -ci 'permission denied\\|does not accept' errors
            """)
          #expect(outcome.output.hasPrefix("status 77\n"), "\(outcome)")
          let count = outcome.output.split(separator: "\n").last.flatMap { Int($0) } ?? 0
          #expect(lines.isEmpty ? count == 1 : (1...3).contains(count), "\(outcome)")
          try await server.stop()
        } catch {
          try await server.stop()
          throw error
        }
      }
    }
  }
}
