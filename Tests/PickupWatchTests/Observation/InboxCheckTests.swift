import ExchangeSettings
import FileExchange
import FilsluseSFTP
import FilsluseBase
import FoundationEssentials
import LocalPlatform
import PickupWatch
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@Suite(.timeLimit(.minutes(25))) struct InboxCheckTests {
  @Test("follows files over one connection")
  func followsFilesOverOneConnection() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      let store = try await WatchDatabase.open(watched.settings.watch.database)
      let client = try await SFTPClient.connect(
        try await watched.settings.accounts[0].endpoint(), logger: WatchedServer.quiet)
      try watched.put("første.xml", infRef: "SortimentOverfør_1")
      #expect(try await watched.look(over: client, into: store).findings.isEmpty)
      let began = ContinuousClock.now
      watched.ahead = .seconds(60)
      try watched.put("anden.csv", infRef: WatchedServer.extract)
      #expect(try await watched.look(over: client, into: store).findings.isEmpty)
      var observedFiles = try await store.observations(of: "a")
      #expect(observedFiles.map { String(decoding: $0.name, as: UTF8.self) } == ["første.xml", "anden.csv"])
      #expect(observedFiles.map { $0.facts?.infRef?.name } == ["SortimentOverfør_1", WatchedServer.extract])
      #expect(observedFiles[0].sidecar?.notBefore == nil && observedFiles[1].sidecar?.notBefore != nil)

      watched.ahead = .seconds(120)
      try watched.remove("anden.csv")
      let report = try await watched.look(over: client, into: store)
      #expect(report.findings.isEmpty && report.state?.files == 1)
      observedFiles = try await store.observations(of: "a")
      #expect(observedFiles.count == 1)
      let picked = try await store.pickUps(of: "a", since: .init(secondsSince1970: 0), longestPause: .seconds(180))
      #expect(picked.map(\.fileName) == ["anden.csv"])
      #expect(picked.map(\.isWatched) == [true])
      #expect(picked.map(\.age.basis) == [.watcher])
      // Seen at one look, gone at the next, a minute later by the watcher's clock.
      let took = ContinuousClock.now - began
      #expect(picked.allSatisfy { $0.lay >= .seconds(60) && $0.lay <= .seconds(61) + took }, "\(picked) in \(took)")

      // Another transfer takes a name that was used.
      watched.ahead = .seconds(180)
      try watched.remove("første.xml")
      try watched.put("første.xml", infRef: "SortimentOverfør_1", size: 9, data: "ni bytes.")
      _ = try await watched.look(over: client, into: store)
      let all = try await store.pickUps(of: "a", since: .init(secondsSince1970: 0), longestPause: .seconds(180))
      #expect(all.map(\.fileName) == ["anden.csv", "første.xml"])
      #expect(try await store.observations(of: "a").map { $0.facts?.size } == [9])

      // There is no look for an hour.
      watched.ahead = .seconds(4000)
      let after = try await watched.look(over: client, into: store)
      #expect(after.findings.map(\.kind) == [.pickUpLate, .watchGap], "\(after.findings)")
      #expect(try await watched.look(over: client, into: store, tellsGaps: false).findings.map(\.kind) == [.pickUpLate])
      watched.ahead = .seconds(8000)
      await client.close()
      let broken = try await watched.look(over: client, into: store)
      #expect(broken.failure?.transfer?.endsConnection == true)
      #expect(broken.findings.map(\.kind).contains(.serverUnreachable))
      try await store.close()
    }
  }

  @Test("reads each metadata once")
  func readsEachMetadataOnce() async throws {
    try await withWatchedServer { watched in
      let metadata = watched.inbox.appending("a.xml.metadata")
      try watched.put("a.xml", infRef: "SortimentOverfør_1")
      _ = try await watched.look()
      // Other bytes of the same length, with the same time: they are not read again.
      var bytes = try [UInt8](Data(contentsOf: URL(filePath: metadata.string)))
      let time = try FileManager.default.attributesOfItem(atPath: metadata.string)[.modificationDate]
      bytes[1] = UInt8(ascii: "!")
      try WatchedServer.write(bytes, to: metadata)
      try FileManager.default.setAttributes([.modificationDate: try #require(time)], ofItemAtPath: metadata.string)
      #expect(try await watched.look().flatMap(\.findings).isEmpty)
      // With another time they are new.
      try WatchedServer.age(metadata, by: 100)
      #expect(try await watched.look().flatMap(\.findings).map(\.kind) == [.metadataUnreadable])
    }
  }

  /// A name that leads to a folder cannot be read, until it leads to a file: nothing of the name itself has changed
  /// then.
  @Test("reads again a sidecar file that the server refused")
  func readsAgainWhatTheServerRefused() async throws {
    try await withWatchedServer { watched in
      try WatchedServer.write(Array("data".utf8), to: watched.inbox.appending("a.xml"))
      let target = watched.folder.appending("there")
      try FileManager.default.createDirectory(atPath: target.string, withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(
        atPath: watched.inbox.appending("a.xml.metadata").string, withDestinationPath: "../there")
      for _ in 0..<2 {
        let refused = try await watched.look().flatMap(\.findings)
        #expect(refused.map(\.kind) == [.metadataUnreadable])
        #expect(refused.first?.detail?.en.contains("a.xml.metadata") == true, "\(refused)")
      }
      try FileManager.default.removeItem(atPath: target.string)
      try WatchedServer.write(
        try WatchedServer.metadata("a.xml", size: 4, infRef: "SortimentOverfør_1"), to: target)
      let read = try #require(try await watched.look().first)
      #expect(read.findings.isEmpty && read.state?.files == 1, "\(read)")
    }
  }

  /// A sidecar that is listed and never found, look after look, did not just go: a server that recodes names does so.
  @Test("reports metadata that is listed but cannot be opened")
  func metadataThatIsListedAndNeverThereIsReported() async throws {
    try await withWatchedServer { watched in
      try WatchedServer.write(Array("data".utf8), to: watched.inbox.appending("a.xml"))
      let target = watched.folder.appending("there")
      try FileManager.default.createSymbolicLink(
        atPath: watched.inbox.appending("a.xml.metadata").string, withDestinationPath: "../there")
      // Once it may have gone between the list and the reading.
      #expect(try await watched.look().flatMap(\.findings).isEmpty)
      for _ in 0..<3 {
        #expect(try await watched.look().flatMap(\.findings).map(\.kind) == [.metadataUnreadable])
      }
      try WatchedServer.write(
        try WatchedServer.metadata("a.xml", size: 4, infRef: "SortimentOverfør_1"), to: target)
      let read = try #require(try await watched.look().first)
      #expect(read.findings.isEmpty && read.state?.files == 1, "\(read)")
    }
  }

  /// Without access to the journal the watcher cannot distinguish the exchange's own files from files of unknown
  /// origin.
  @Test("distinguishes a journal that cannot be reached from a missing one")
  func aJournalThatCannotBeReachedIsNotTakenForNone() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      let journal = watched.settings.watch.database.removingLastComponent().appending("round.sqlite")
      try FileManager.default.createSymbolicLink(atPath: journal.string, withDestinationPath: "round.sqlite")
      watched.settings.journal = journal
      let report = try #require(try await watched.look().first)
      #expect(report.findings.map(\.kind) == [.journalUnreadable])
    }
  }

  @Test("looks through more files than a page holds")
  func looksThroughMoreFilesThanAPageHolds() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      for number in 1...1200 { try watched.put("fil_\(number).xml", infRef: "SortimentOverfør_1") }
      #expect(try await watched.look().flatMap(\.findings).isEmpty)
      watched.ahead = .seconds(4000)
      let report = try #require(try await watched.look().first)
      #expect(report.state?.files == 1200)
      #expect(report.findings.count == 1001)
      let more = try #require(report.findings.first { $0.subject == "more" })
      #expect(
        more.detail?.en == "200 more of this kind, which are not listed"
          && more.severity == .critical)
    }
  }

  /// OpenSSH's sftp-server writes down every request that it gets.
  @Test("sends no request that writes")
  func asksForNothingThatWrites() async throws {
    try await withScratchFolder("requests") { folder in
      let log = folder.appending("requests.log")
      let program = "/usr/lib/openssh/sftp-server"
      try #require(FileManager.default.isExecutableFile(atPath: program))
      let server = try await SSHServer.start(
        in: folder.appending("server"),
        .init(extraLines: ["ForceCommand exec \(program) -e -l DEBUG3 2>>'\(log)'"]))
      do {
        let user = try await server.addUser("watched")
        try await Self.watchEverything(on: server, user)
      } catch {
        try await server.stop()
        throw error
      }
      try await server.stop()
      let lines = try String(contentsOfFile: log.string, encoding: .utf8).split(whereSeparator: \.isNewline)
      let requests = lines.filter { $0.contains("request") || $0.contains("debug3: ") || $0.contains(" flags ") }
      #expect(requests.contains { $0.contains("opendir") } && requests.contains { $0.contains("readdir") })
      #expect(
        lines.contains {
          $0.contains("open \"IN/a.xml.metadata\" flags READ mode") || $0.contains("a.xml.metadata\" flags READ ")
        }, "\(lines)")
      let forbidden = [
        "write", "remove", "rename", "mkdir", "rmdir", "setstat", "fsetstat", "symlink", "link", "fsync", "WRITE",
        "CREATE", "TRUNCATE", "APPEND", "copy-data",
      ]
      // The server logs what it offers itself at its greeting.
      let told = lines.filter { !$0.contains("client version") && !$0.contains("received client") }
      for word in forbidden { #expect(!told.contains { $0.contains(word) }, "\(word)") }
      // No data is opened.
      #expect(!lines.contains { $0.contains("a.xml\"") && $0.contains("open") })
      #expect(!lines.contains { $0.contains("OUT/b.csv") })
    }
  }

  private static func watchEverything(on server: SSHServer, _ user: SSHUser) async throws {
    try await withScratchFolder("watch") { state in
      var watched = WatchedServer(
        host: server.host, port: server.port, user: user.name, key: user.keyFile,
        fingerprint: server.fingerprint,
        folder: user.folder, state: state)
      for folder in [watched.inbox, watched.outbox] {
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
      }
      try watched.put("a.xml", infRef: "SortimentOverfør_1")
      try WatchedServer.write([1], to: watched.outbox.appending("b.csv"))
      try WatchedServer.write([1], to: watched.outbox.appending("b.csv.trigger"))
      try WatchedServer.write(Array("<no".utf8), to: watched.inbox.appending("c.csv.metadata"))
      try WatchedServer.write(Array("<no".utf8), to: watched.inbox.appending("d.csv.sftpreceipt"))
      for ahead in [0, 60, 4000] as [Int64] {
        watched.ahead = .seconds(ahead)
        let report = try #require(try await watched.look().first)
        #expect(report.failure == nil, "\(report)")
        #expect(report.findings.contains { $0.kind == .pickUpLate } == (ahead == 4000))
      }
      try watched.remove("a.xml")
      _ = try await watched.look()
    }
  }

  /// The server's clock cannot be set, so the watcher's is: an hour ahead, and the server seems an hour behind.
  @Test("compares the clocks without writing")
  func comparesTheClocksWithoutWriting() async throws {
    try await withWatchedServer { watched in
      var watched = watched
      watched.ahead = .seconds(3600)
      var difference: Duration?
      // Only a folder that changed since it was last read gets a new access time when it is read (relatime).
      for number in 0..<3 where difference == nil {
        try await Task.sleep(for: .milliseconds(1100))
        try watched.put("\(number).xml", infRef: "SortimentOverfør_1")
        try WatchedServer.age(watched.inbox.appending("\(number).xml.metadata"), by: 600)
        difference = try #require(try await watched.look().first).state?.clockDifference
      }
      guard let difference else {
        // Mounted with noatime: nothing is measured, and nothing claimed.
        watched.ahead = .seconds(8000)
        #expect(try await watched.look().flatMap(\.findings).contains { $0.ageBasis == .serverUnmeasured })
        return
      }
      // An answer that took up to five seconds counts, and the server gives whole seconds.
      #expect(difference > .milliseconds(-3_603_100) && difference < .milliseconds(-3_596_900), "\(difference)")
      // The metadata is ten minutes old by the server's clock, so it is by ours, too.
      watched.ahead = .seconds(3600 + 3100)
      let findings = try await watched.look().flatMap(\.findings)
      let first = try #require(findings.first { $0.fileName == "0.xml" })
      #expect(first.ageBasis == .server && first.severity == .critical)
    }
  }
}
