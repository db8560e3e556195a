import ExchangeSettings
import FilsluseStore
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// A standby of PostgreSQL's that takes over: by streaming replication, with two real servers.
@Suite(.timeLimit(.minutes(25)), .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
struct PromotedStandbyTests {
  /// Has the address of the journal's server lead to a server.
  private func lead(_ socket: FilePath, to server: PostgreSQLServer) throws {
    unlink(socket.string)
    guard symlink(server.socket.string, socket.string) == 0 else { throw Errno(rawValue: errno) }
  }

  @Test("a standby that takes over without the last commits stops for good the machines that know of them")
  func noticesLostCommits() async throws {
    try await withScratchFolder("promoted") { folder in
      try await PostgreSQLServer.run(in: folder) { primary in
        try await primary.withStandby(in: folder) { standby in
          let socket = folder.appending("socket")
          try lead(socket, to: primary)
          let address = try PostgreSQLAddress(
            "host='\(socket)' port=\(primary.port) user=filsluse dbname=filsluse password='\(PostgreSQLServer.password)'"
          )
          let path = folder.appending("journal")
          let journal = try await Journal.open(address, beside: path, for: .several)
          let other = try await Journal.open(address, beside: folder.appending("other"), for: .several)
          try await SampleJournal.add(.triggered, to: journal, named: "a.csv")
          let known = try await journal.anchor().number
          while (try? await standby.sql("SELECT number FROM head", in: "filsluse")) != "\(known)" {
            try await Task.sleep(for: .milliseconds(20))
          }
          try await standby.stopFollowing()
          try await SampleJournal.add(.triggered, to: journal, named: "b.csv")
          let last = try await journal.anchor().number
          // The heartbeat of another machine sees what this one has added.
          #expect(try await other.attend() == nil)
          primary.lose()
          try await standby.promote()
          try lead(socket, to: standby)

          for machine in [journal, other] {
            await #expect { try await SampleJournal.add(.staged, to: machine, named: "c.csv") } throws: { error in
              (error as? ExchangeError)?.code == .journalReplaced
                && "\(error)".contains("a standby that took over without the last commits")
            }
            let reason = try #require(try await machine.attend())
            #expect(reason.code == .journalReplaced && reason.message.contains("entry \(last) was written"))
            await #expect { try await machine.close() } throws: { ($0 as? ExchangeError)?.code == .journalReplaced }
          }
          // Nothing was written there, and whoever starts again is refused by the mark.
          #expect(try await standby.sql("SELECT number FROM head", in: "filsluse") == "\(known)")
          await #expect { _ = try await Journal.open(address, beside: path, for: .several) } throws: { error in
            (error as? ExchangeError)?.code == .journalOutdated && "\(error)".contains("entry \(last) was written")
          }
        }
      }
    }
  }
}
