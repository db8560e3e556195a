import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Programs of the receiver's, run for real over files that came from a real server.
@Suite(.timeLimit(.minutes(25))) struct HandOverRunTests {
  private static let uuid = "00000000-0000-4000-8000-000000000001"

  private func states(_ test: TestExchange, of arrival: Int64 = 1) async throws -> [EntryState] {
    try await test.journal.entries(about: .arrival(arrival)).map(\.state)
  }

  @Test("the program gets all facts in its environment and as JSON")
  func theProgramGetsEverythingTwice() async throws {
    try await TestExchange.withProgram(
      """
      env | grep ^FILSLUSE_ >>"$log"
      cat >"$1/json"
      sha256sum <"$FILSLUSE_PATH" >"$1/sum"
      test -s "$FILSLUSE_METADATA_PATH"
      """
    ) { test in
      let metadata = try test.arrive("udtræk.csv", "indhold", uuid: Self.uuid)
      let report = await test.exchange.collect("account")
      #expect(report.problems.isEmpty && report.collected.map(\.state) == [.removed])
      let routing = try #require(metadata.fileContentDescriptor.routingInfo)
      let path = InboxFolder.path(of: test.exchange.settings.accounts[0], test.exchange.settings).appending(
        "udtræk.csv")
      let sum = SHA256.digest(of: Array("indhold".utf8)).hex
      let expected: [String: String] = [
        "ARRIVAL": "1", "TRY": "1", "ACCOUNT": "account", "ROUTE": "extracts", "FILE_TRANSFER_UUID": Self.uuid,
        "NAME": "udtræk.csv", "PATH": path.string, "METADATA_PATH": path.string + ".metadata", "SIZE": "7",
        "SHA256": sum, "SENDER": "fagsystem", "INFREF": TestExchange.infRef,
        "SENDER_IT_SYSTEM": TestExchange.senderSystem, "SENDER_AUTHORITY": TestExchange.senderAuthority,
        "RECIPIENT_IT_SYSTEM": TestExchange.recipientSystem, "RECIPIENT_AUTHORITY": TestExchange.recipientAuthority,
        "TRANSACTION_ID": routing.transactionID.rawValue, "SENDER_TIMESTAMP": routing.senderTimestamp.text,
      ]
      let told = try test.log().filter { !$0.hasPrefix("FILSLUSE_LOG=") && !$0.hasPrefix("FILSLUSE_KEEP") }
      #expect(Set(told).isSuperset(of: expected.map { "FILSLUSE_\($0)=\($1)" }))
      #expect(String(decoding: try test.read(test.folder.appending("sum")), as: UTF8.self).hasPrefix(sum))

      let json = try JSONSerialization.jsonObject(with: try test.read(test.folder.appending("json")))
      let object = try #require(json as? [String: Any])
      #expect(object.count == expected.count)
      for (key, value) in object {
        let name = key.reduce(into: "") { $0 += $1.isUppercase ? "_\($1)" : $1.uppercased() }
          .replacingOccurrences(of: "IT_SYSTEM", with: "IT_SYSTEM").replacingOccurrences(of: "INF_REF", with: "INFREF")
        #expect("\(value)" == expected[name], "\(key)")
      }
    }
  }

  /// In the inbox and in the journal before, removed from IN only after.
  @Test("the program runs between the journal and the removal")
  func theProgramRunsBetweenTheJournalAndTheRemoval() async throws {
    try await TestExchange.with { test in
      try test.file(
        "take-over",
        "ls \"$2\" >\"$1/in\"; cp \"$1/journal.sqlite\" \"$1/then.sqlite\"; cp \"$1/journal.sqlite-wal\" \"$1/then.sqlite-wal\""
      )
      let hook = ArrivalHook(
        command: [
          "/bin/sh", test.folder.appending("take-over").string, test.folder.string, test.incoming.string,
        ])
      let hooked = try await test.reopened { $0.arrivals[0].hook = hook }
      try test.arrive("a.csv")
      #expect(await hooked.exchange.collect("account").collected.count == 1)
      let listed = String(decoding: try test.read(test.folder.appending("in")), as: UTF8.self)
      #expect(listed.split(separator: "\n") == ["a.csv", "a.csv.metadata"])
      let then = try await Journal.open(test.folder.appending("then.sqlite"))
      #expect(try await then.arrivals().map(\.state) == [.handingOver])
      #expect(
        try await states(test) == ["seen", "fetching", "fetched", "verified", "handing-over", "handed-over", "removed"])
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }

  @Test("a program that fails is run again for the same transfer")
  func aProgramThatFailsIsRunAgainForTheSameTransfer() async throws {
    try await TestExchange.withProgram(
      """
      echo "$FILSLUSE_FILE_TRANSFER_UUID $FILSLUSE_TRY" >>"$log"
      test -e "$1/mended" || { echo "no room for 010190-1234" >&2; exit 7; }
      """
    ) { test in
      try test.arrive("a.csv", "x", uuid: Self.uuid)
      for attempt in 1...2 {
        let report = await test.exchange.collect("account")
        #expect(report.collected.isEmpty && report.problems.map(\.code) == [.hookFailed])
        #expect(report.problems.first?.isRetriable == true)
        #expect(
          report.problems.first?.message == "try \(attempt) of 5: it ended with status 7: no room for ******-****")
        #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
        #expect(try test.names(in: test.inbox) == ["a.csv", "a.csv.metadata"])
      }
      try test.file("mended", "")
      let report = try await test.reopened().exchange.collect("account")
      #expect(report.problems.isEmpty && report.collected.first?.tries == 0)
      #expect(try test.log() == (1...3).map { "\(Self.uuid) \($0)" })
      #expect(try test.names(in: test.incoming).isEmpty)
      #expect(try test.names(in: test.inbox) == ["a.csv", "a.csv.metadata"])
    }
  }

  @Test("an arrival that fails too often is set aside and holds up no other")
  func oneThatFailsTooOftenIsSetAsideAndHoldsUpNobody() async throws {
    try await TestExchange.withProgram("test \"$FILSLUSE_NAME\" = good.csv || test -e \"$1/mended\"", tries: 2) {
      test in
      try test.arrive("bad.csv")
      try test.arrive("good.csv")
      let first = await test.exchange.collect("account")
      #expect(first.collected.map(\.wireName) == ["good.csv"])
      let second = await test.exchange.collect("account")
      let aside = try #require(second.setAside.first)
      #expect(second.problems.isEmpty && aside.wireName == "bad.csv" && aside.state == .setAside)
      #expect(aside.reason?.description == "try 2 of 2: it ended with status 1")
      // It stays where it is, and is not retried automatically.
      let third = await test.exchange.collect("account")
      #expect(third.setAside.map(\.id) == [aside.id] && third.problems.isEmpty && third.collected.isEmpty)
      #expect(try test.names(in: test.incoming) == ["bad.csv", "bad.csv.metadata"])
      #expect(try test.names(in: test.inbox).contains("bad.csv"))
      try test.file("mended", "")
      #expect(try await test.exchange.retry(arrival: aside.id).state == .verified)
      #expect(await test.exchange.collect("account").collected.map(\.wireName) == ["bad.csv"])
      await #expect(throws: ExchangeError.self) { try await test.exchange.retry(arrival: aside.id) }
      await #expect(throws: ExchangeError.self) { try await test.exchange.retry(arrival: 4711) }
    }
  }

  /// The program in Samples does what it says.
  @Test("the sample takes over and answers")
  func theSampleTakesOverAndAnswers() async throws {
    let sample = FilePath(#filePath).pushing("../../../../Samples/take-over").lexicallyNormalized()
    try await TestExchange.with { settings in
      let received = settings.source.removingLastComponent().appending("received")
      settings.arrivals[0].hook = ArrivalHook(command: [sample.string, received.string], tries: 1)
    } _: { test in
      try test.arrive("a.csv", "indhold", uuid: Self.uuid)
      #expect(await test.exchange.collect("account").problems.first?.message.contains("not now") == true)
      let received = test.folder.appending("received")
      try FileManager.default.createDirectory(atPath: received.string, withIntermediateDirectories: false)
      try test.arrive("b.csv", "ond", uuid: "../\(Self.uuid)")
      let report = await test.exchange.collect("account")
      #expect(report.collected.map(\.wireName) == ["a.csv"])
      #expect(report.setAside.first?.reason?.description.contains("status 65: the id is not one") == true)
      #expect(try test.names(in: received) == [Self.uuid])
      #expect(try test.read(received.appending(Self.uuid)) == Data("indhold".utf8))
      #expect(try await test.journal.answer(to: 1)?.acceptance == .accepted)
    }
  }

  @Test("a person may do the program's work")
  func aPersonMayDoTheProgramsWork() async throws {
    try await TestExchange.withProgram("echo x >>\"$log\"; exit 1", tries: 1) { test in
      try test.arrive("a.csv")
      #expect(await test.exchange.collect("account").setAside.count == 1)
      let taken = try await test.exchange.takeOverByHand(arrival: 1)
      #expect(
        taken.state == .handedOver && taken.reason?.description.contains("by hand while it was set-aside") == true)
      #expect(await test.exchange.collect("account").collected.map(\.state) == [.removed])
      #expect(try test.names(in: test.incoming).isEmpty && test.log().count == 1)
      await #expect(throws: ExchangeError.self) { try await test.exchange.takeOverByHand(arrival: 1) }
    }
  }

  /// A receiver whose database is down for the night gets every file in the morning.
  @Test("a program that says not now is asked again for ever")
  func aProgramThatSaysNotNowIsAskedAgainForEver() async throws {
    try await TestExchange.withProgram("echo x >>\"$log\"; test -e \"$1/up\" || exit 75", tries: 1) { test in
      try test.arrive("a.csv")
      for _ in 1...3 {
        let report = await test.exchange.collect("account")
        #expect(report.problems.map(\.code) == [.hookFailed] && report.setAside.isEmpty)
      }
      let arrival = try #require(try await test.journal.arrivals().first)
      #expect(arrival.state == .handingOver && arrival.tries == 0)
      let pause = try #require(arrival.nextTryAt).since(arrival.changedAt)
      #expect(pause >= test.exchange.patience.retry.backoff.first)
      // Said once, however often it was asked.
      #expect(try await states(test).count { $0 == "handing-over" } == 2)
      try test.file("up", "")
      #expect(await test.exchange.collect("account").collected.count == 1)
      #expect(try test.log().count == 4)
    }
  }

  @Test("a program that cannot be started costs no try")
  func aProgramThatCannotBeStartedCostsNoTry() async throws {
    try await TestExchange.with { settings in
      settings.arrivals[0].hook = ArrivalHook(command: ["/nowhere/take-over"], tries: 1)
    } _: { test in
      try test.arrive("a.csv")
      var exchange = test.exchange
      exchange.patience.retry.backoff.first = .seconds(200)
      let report = await exchange.collect("account")
      #expect(report.problems.map(\.code) == [.hookNotStarted] && report.setAside.isEmpty)
      let arrival = try #require(try await test.journal.arrivals().first)
      #expect(arrival.state == .handingOver && arrival.tries == 0)
      // The hook is not retried in vain again and again.
      #expect(await exchange.handOver("account").problems.isEmpty)
      let mended = try await test.reopened { $0.arrivals[0].hook = ArrivalHook(command: ["true"]) }
      #expect(await mended.exchange.collect("account").collected.count == 1)
    }
  }

  /// The program could not be started when the file came, and anything may happen to the file until it can.
  @Test(
    "a file that is not in the inbox as it was collected is not handed over, and goes on when it is put back",
    arguments: ["removed", "link", "folder", "grown"])
  func changedInTheInbox(change: String) async throws {
    try await TestExchange.with { settings in
      settings.arrivals[0].hook = ArrivalHook(command: ["/nowhere/take-over"], tries: 1)
    } _: { test in
      try test.arrive("a.csv")
      #expect(await test.exchange.collect("account").problems.map(\.code) == [.hookNotStarted])
      let (file, kept) = (test.inbox.appending("a.csv"), test.folder.appending("kept"))
      #expect(rename(file.string, kept.string) == 0)
      switch change {
      case "link": #expect(symlink(kept.string, file.string) == 0)
      case "folder": #expect(mkdir(file.string, 0o700) == 0)
      case "grown": try test.write(Data(count: 10_000), to: file)
      default: break
      }
      let mended = try await test.reopened { $0.arrivals[0].hook = ArrivalHook(command: ["true"]) }
      for _ in 1...2 {
        let report = await mended.exchange.collect("account")
        #expect(report.problems.map(\.code) == [.fileMissing] && report.collected.isEmpty, "\(report.problems)")
        #expect(report.problems.first?.remedy.steps == [.takeOverByHand("A1")])
      }
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
      try? FileManager.default.removeItem(atPath: file.string)
      #expect(rename(kept.string, file.string) == 0)
      #expect(await mended.exchange.collect("account").collected.map(\.state) == [.removed])
    }
  }

  @Test("makes no new inbox in the place of one that is gone, and goes on when it is back")
  func inboxGone() async throws {
    try await TestExchange.with { settings in
      settings.arrivals[0].businessReceipts = true
    } _: { test in
      let receipt = try BusinessReceipt(
        fileTransferUUID: "f-1", fileName: "a.csv", recipient: "flis", fileAcceptance: .accepted)
      try test.arrive("svar.xml", String(decoding: receipt.xml(), as: UTF8.self))
      var options = Exchange.CollectionOptions()
      options.handOver = .later
      #expect(await test.exchange.collect("account", options: options).waiting.count == 1)
      let away = "\(test.inbox)-away"
      #expect(rename(test.inbox.string, away) == 0)
      let report = await test.exchange.handOver("account")
      #expect(report.problems.map(\.code) == [.folderGone] && report.handedOver.isEmpty && report.setAside.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: test.inbox.string))
      #expect(rename(away, test.inbox.string) == 0)
      #expect(await test.exchange.collect("account").collected.map(\.wireName) == ["svar.xml"])
    }
  }

  @Test("a program that moved the file away and failed is run again without it")
  func movedByItsProgram() async throws {
    let script = "echo x >>\"$log\"; [ -e \"$FILSLUSE_PATH\" ] || exit 0; mv \"$FILSLUSE_PATH\" \"$1/moved\"; exit 1"
    try await TestExchange.withProgram(script) { test in
      try test.arrive("a.csv")
      #expect(await test.exchange.collect("account").problems.map(\.code) == [.hookFailed])
      #expect(await test.exchange.collect("account").collected.map(\.state) == [.removed])
      #expect(try test.log().count == 2)
    }
  }

  @Test("keeps a passphrase in the environment from the program")
  func aPassphraseInTheEnvironmentIsNoneOfTheProgramsBusiness() throws {
    var account = Account(name: "a", host: "h", user: "u", key: "/k", hostKeys: .pinned([]))
    account.passphrase = .environment("A_PASSPHRASE")
    #expect(ExchangeSettings(source: "/f", accounts: [account]).passphraseVariables == ["A_PASSPHRASE"])
  }
}
