import ExchangeSettings
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

/// The built command at a server whose refusal a retry does not change.
@Suite(.timeLimit(.minutes(25))) struct LastingRefusalCommandTests {
  @Test(
    "ends with 77 and says once why, however many files there are",
    arguments: [
      (["ForceCommand internal-sftp -d %d -R"], "true"),
      ([], "ssh-keygen -q -t ed25519 -N '' -f wrong; sed -i \"s|key: .*|key: $PWD/wrong|\" filsluse.yaml"),
    ])
  func sending(lines: [String], change: String) async throws {
    try await withSettings(lines) { folder, _ in
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
    }
  }

  @Test("receive ends with 77 where the server forbids removing, and puts each file into the inbox once")
  func receiving() async throws {
    try await withSettings(["ForceCommand internal-sftp -d %d -P remove"]) { folder, incoming in
      for name in ["a.csv", "b.csv"] {
        let metadata = try FileMetadata(
          fileTransferUUID: "f1150000-\(name)",
          fileDescriptor: DataFileDescriptor(fileName: name, sizeInBytes: 2, sender: "x", recipients: ["own"]),
          fileContentDescriptor: .empty)
        try Data("1\n".utf8).write(to: URL(filePath: incoming.appending(name).string))
        try Data(metadata.xml()).write(to: URL(filePath: incoming.appending(name + ".metadata").string))
      }
      let outcome = try await BuiltCommand.shell(
        """
        cd '\(folder)'
        for n in 1 2; do "$0" receive > received 2> errors; echo "status $?"; done
        ls inbox/own; ls '\(incoming)' | wc -l; grep -ci 'permission denied' errors
        """)
      let lines = outcome.output.split(separator: "\n")
      #expect(
        lines.prefix(7) == ["status 77", "status 77", "a.csv", "a.csv.metadata", "b.csv", "b.csv.metadata", "4"],
        "\(outcome)")
      // One for each file.
      #expect(lines.last.flatMap { Int($0) } ?? 0 >= 2, "\(outcome)")
    }
  }

  /// Runs a test in the folder of settings for an account at a server of its own with these lines in its configuration,
  /// and with the account's IN on the server.
  private func withSettings(
    _ lines: [String], _ body: @Sendable (_ folder: FilePath, _ incoming: FilePath) async throws -> Void
  ) async throws {
    try await withOwnTestServer { _ in
      lines
    } _: { server, folder in
      let settings = ExchangeSettings(
        source: folder.appending("filsluse.yaml"),
        accounts: [
          Account(
            name: "own", host: server.host, port: server.port, user: server.user.name, key: server.user.keyFile,
            hostKeys: .pinned([server.fingerprint]))
        ],
        routes: [Route(name: "direct", account: "own", kind: .direct(recipients: ["x"]))],
        arrivals: [ArrivalRoute(name: "direct", account: "own", infRef: nil, senders: ["x"])],
        journal: folder.appending("journal.sqlite"), inbox: folder.appending("inbox"))
      try Data(settings.yaml().utf8).write(to: URL(filePath: settings.source.string))
      try await body(folder, server.inbox)
    }
  }
}
