import ExchangeSettings
import FilsluseSystem
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Programs of the receiver's, run for real over files that came from a real server.
@Suite(.timeLimit(.minutes(8))) struct HandOverTests {
  private static let uuid = "00000000-0000-4000-8000-000000000001"

  /// An exchange whose arrivals go to a shell script, which finds the test's folder in `$0`'s place: `$1`.
  private func with(
    _ script: String, tries: Int = 5, answerBy: String? = nil,
    _ body: @Sendable (TestExchange) async throws -> Void
  ) async throws {
    try await TestExchange.with { settings in
      let folder = settings.source.removingLastComponent()
      settings.arrivals[0].hook = ArrivalHook(
        command: ["/bin/sh", folder.appending("take-over").string, folder.string], timeout: .seconds(120),
        tries: tries, answerBy: answerBy)
    } _: { test in
      try test.file("take-over", "set -eu\nlog=$1/log\n\(script)\n")
      try await body(test)
    }
  }

  private func log(_ test: TestExchange) throws -> [String] {
    guard let data = FileManager.default.contents(atPath: test.folder.appending("log").string) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func states(_ test: TestExchange, of arrival: Int64 = 1) async throws -> [String] {
    try await test.journal.entries(about: .arrival(arrival)).map(\.state)
  }

  @Test func theProgramIsToldEverythingTwice() async throws {
    try await with(
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
      let told = try log(test).filter { !$0.hasPrefix("FILSLUSE_LOG=") && !$0.hasPrefix("FILSLUSE_KEEP") }
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
  @Test func theProgramRunsBetweenTheJournalAndTheRemoval() async throws {
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

  @Test func aProgramThatFailsIsRunAgainForTheSameTransfer() async throws {
    try await with(
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
      #expect(try log(test) == (1...3).map { "\(Self.uuid) \($0)" })
      #expect(try test.names(in: test.incoming).isEmpty)
      #expect(try test.names(in: test.inbox) == ["a.csv", "a.csv.metadata"])
    }
  }

  @Test func oneThatFailsTooOftenIsSetAsideAndHoldsUpNobody() async throws {
    try await with("test \"$FILSLUSE_NAME\" = good.csv || test -e \"$1/mended\"", tries: 2) { test in
      try test.arrive("bad.csv")
      try test.arrive("good.csv")
      let first = await test.exchange.collect("account")
      #expect(first.collected.map(\.wireName) == ["good.csv"])
      let second = await test.exchange.collect("account")
      let aside = try #require(second.setAside.first)
      #expect(second.problems.isEmpty && aside.wireName == "bad.csv" && aside.state == .setAside)
      #expect(aside.reason == "try 2 of 2: it ended with status 1")
      // It stays where it is, and is not tried again by itself.
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
  @Test func theSampleTakesOverAndAnswers() async throws {
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
      #expect(report.setAside.first?.reason?.contains("status 65: the id is not one") == true)
      #expect(try test.names(in: received) == [Self.uuid])
      #expect(try test.read(received.appending(Self.uuid)) == Data("indhold".utf8))
      #expect(try await test.journal.answer(to: 1)?.acceptance == .accepted)
    }
  }

  @Test func aPersonMayDoTheProgramsWork() async throws {
    try await with("echo x >>\"$log\"; exit 1", tries: 1) { test in
      try test.arrive("a.csv")
      #expect(await test.exchange.collect("account").setAside.count == 1)
      let taken = try await test.exchange.takeOverByHand(arrival: 1)
      #expect(taken.state == .handedOver && taken.reason?.contains("by hand while it was set-aside") == true)
      #expect(await test.exchange.collect("account").collected.map(\.state) == [.removed])
      #expect(try test.names(in: test.incoming).isEmpty && log(test).count == 1)
      await #expect(throws: ExchangeError.self) { try await test.exchange.takeOverByHand(arrival: 1) }
    }
  }

  /// A receiver whose database is down for the night gets every file in the morning.
  @Test func aProgramThatSaysNotNowIsAskedAgainForEver() async throws {
    try await with("echo x >>\"$log\"; test -e \"$1/up\" || exit 75", tries: 1) { test in
      try test.arrive("a.csv")
      for _ in 1...3 {
        let report = await test.exchange.collect("account")
        #expect(report.problems.map(\.code) == [.hookFailed] && report.setAside.isEmpty)
      }
      let arrival = try #require(try await test.journal.arrivals().first)
      #expect(arrival.state == .handingOver && arrival.tries == 0)
      let pause = try #require(arrival.nextTryAt).since(arrival.changedAt)
      #expect(pause >= test.exchange.patience.retry.shortestPause)
      // Said once, however often it was asked.
      #expect(try await states(test).count { $0 == "handing-over" } == 2)
      try test.file("up", "")
      #expect(await test.exchange.collect("account").collected.count == 1)
      #expect(try log(test).count == 4)
    }
  }

  @Test func aProgramThatCannotBeStartedCostsNoTry() async throws {
    try await TestExchange.with { settings in
      settings.arrivals[0].hook = ArrivalHook(command: ["/nowhere/take-over"], tries: 1)
    } _: { test in
      try test.arrive("a.csv")
      var exchange = test.exchange
      exchange.patience.retry.shortestPause = .seconds(200)
      let report = await exchange.collect("account")
      #expect(report.problems.map(\.code) == [.localFile] && report.setAside.isEmpty)
      let arrival = try #require(try await test.journal.arrivals().first)
      #expect(arrival.state == .handingOver && arrival.tries == 0)
      // Nobody tries in vain again and again.
      #expect(await exchange.handOver("account").problems.isEmpty)
      let mended = try await test.reopened { $0.arrivals[0].hook = ArrivalHook(command: ["true"]) }
      #expect(await mended.exchange.collect("account").collected.count == 1)
    }
  }

  /// The first waits until the second has been handed over.
  @Test func aSlowProgramHoldsUpNoOtherArrival() async throws {
    try await with(
      "if test $FILSLUSE_NAME = slow.csv; then while ! test -e \"$1/done\"; do sleep 0.05; done; else : >\"$1/done\"; fi"
    ) { test in
      try test.arrive("slow.csv")
      _ = try await test.journal.arrivals()
      try test.arrive("z.csv")
      #expect(await test.exchange.collect("account").collected.count == 2)
    }
  }

  @Test func handingOverCanGoOnBesideCollecting() async throws {
    try await with("echo $FILSLUSE_NAME >>\"$log\"") { test in
      for number in 1...9 { try test.arrive("f\(number).csv") }
      var options = Exchange.CollectionOptions()
      options.handOver = .later
      let fetched = await test.exchange.collect("account", options: options)
      #expect(fetched.waiting.count == 9 && fetched.collected.isEmpty && fetched.problems.isEmpty)
      #expect(try log(test).isEmpty)
      let handed = await test.exchange.handOver("account")
      #expect(handed.handedOver.count == 9 && handed.problems.isEmpty)
      #expect(try log(test).sorted() == (1...9).map { "f\($0).csv" })
      #expect(try test.names(in: test.incoming).count == 18)
      let removed = await test.exchange.collect("account", options: options)
      #expect(removed.collected.count == 9)
      #expect(try test.names(in: test.incoming).isEmpty && log(test).count == 9)
    }
  }

  @Test func aLoopThatHandsOverEndsWhenItIsTold() async throws {
    try await with("echo $FILSLUSE_NAME >>\"$log\"; test $FILSLUSE_NAME != bad.csv") { test in
      let exchange = test.exchange
      let looks = Locked(0)
      async let handing = exchange.handOver("account") {
        try? await Task.sleep(for: .milliseconds(20))
        looks.withLock { $0 += 1 }
        return (try? await test.journal.arrivals(JournalFilter.state("handed-over")).count) != 3
      }
      for name in ["a.csv", "b.csv", "c.csv", "bad.csv"] { try test.arrive(name) }
      var options = Exchange.CollectionOptions()
      options.handOver = .later
      _ = await exchange.collect("account", options: options)
      _ = await handing
      #expect(looks.withLock { $0 } > 0)
      #expect(try await test.journal.arrivals(JournalFilter.state("handed-over")).count == 3)
    }
  }

  @Test func whatSomebodyElseHandsOverIsLeftToThem() async throws {
    try await with("echo x >>\"$log\"") { test in
      try test.arrive("a.csv")
      try test.arrive("b.csv")
      var options = Exchange.CollectionOptions()
      options.handOver = .later
      let waiting = await test.exchange.collect("account", options: options).waiting
      let other = try await test.reopened()
      let claimed: Void? = try await other.journal.withClaim(on: .arrival(try #require(waiting.first).id)) {
        () async throws(ExchangeError) in
        // It ends, although one is still to be handed over.
        #expect(await test.exchange.handOver("account", programsAtATime: 1).handedOver.map(\.id) == [waiting[1].id])
      }
      #expect(claimed != nil)
      #expect(await test.exchange.handOver("account").handedOver.map(\.id) == [waiting[0].id])
    }
  }

  @Test func aPauseIsKeptWhereThatIsAskedFor() async throws {
    try await with("echo x >>\"$log\"; exit 1") { test in
      var exchange = test.exchange
      exchange.patience.retry.shortestPause = .seconds(200)
      try test.arrive("a.csv")
      var options = Exchange.CollectionOptions()
      options.keepsPauses = true
      #expect(await exchange.collect("account", options: options).problems.map(\.code) == [.hookFailed])
      let pausing = await exchange.collect("account", options: options)
      #expect(pausing.waiting.count == 1 && pausing.problems.isEmpty)
      #expect(await exchange.handOver("account").problems.isEmpty)
      #expect(try log(test).count == 1)
      // A person may say that it is mended.
      #expect(try await exchange.retry(arrival: 1).nextTryAt == nil)
      #expect(await exchange.handOver("account").problems.map(\.code) == [.hookFailed])
    }
  }

  @Test func aClockThatWasSetBackMakesNoPauseLonger() async throws {
    try await with("echo x >>\"$log\"") { test in
      try test.arrive("a.csv")
      var options = Exchange.CollectionOptions()
      options.handOver = .later
      options.keepsPauses = true
      var arrival = try #require(await test.exchange.collect("account", options: options).waiting.first)
      arrival.nextTryAt = .now.later(by: .seconds(3600))
      _ = try await test.journal.record(arrival)
      #expect(await test.exchange.handOver("account").handedOver.count == 1)
    }
  }

  @Test func cancellingEndsTheProgramAndLeavesTheArrivalToBeHandedOver() async throws {
    try await with("echo $$ >>\"$log\"; test -e \"$1/again\" || exec sleep 600") { test in
      try test.arrive("a.csv")
      let exchange = test.exchange
      let task = Task { await exchange.collect("account") }
      while try log(test).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
      task.cancel()
      #expect(await task.value.collected.isEmpty)
      let arrival = try #require(try await test.journal.arrivals().first)
      #expect(arrival.state == .handingOver && arrival.tries == 0)
      try test.file("again", "")
      #expect(await exchange.collect("account").collected.count == 1)
      #expect(try log(test).count == 2)
    }
  }

  /// What a killed run leaves: its program may still be at work.
  @Test func aProgramOfAKilledRunIsWaitedFor() async throws {
    try await with("test -e \"$1/over\"") { test in
      try test.arrive("a.csv")
      var options = Exchange.CollectionOptions()
      options.handOver = .later
      let arrival = try #require(await test.exchange.collect("account", options: options).waiting.first)
      var old: HookHold? = try HookHold(on: arrival.id, beside: test.exchange.settings.journal)
      #expect(old != nil)
      #expect(try HookHold(on: arrival.id, beside: test.exchange.settings.journal) == nil)
      #expect(try HookHold(on: arrival.id + 1, beside: test.exchange.settings.journal) != nil)
      let exchange = test.exchange
      async let handing = exchange.handOver("account")
      try await Task.sleep(for: .milliseconds(200))
      try test.file("over", "")
      withExtendedLifetime(old) {}
      old = nil
      // It would have failed while the other one ran.
      #expect(await handing.handedOver.count == 1)
    }
  }

  @Test func aPassphraseInTheEnvironmentIsNoneOfTheProgramsBusiness() throws {
    var account = Account(name: "a", host: "h", user: "u", key: "/k", hostKeys: .pinned([]))
    account.passphrase = .environment("A_PASSPHRASE")
    #expect(ExchangeSettings(source: "/f", accounts: [account]).passphraseVariables == ["A_PASSPHRASE"])
  }
}

extension JournalFilter {
  fileprivate static func state(_ name: String) -> JournalFilter {
    var filter = JournalFilter()
    filter.state = name
    return filter
  }
}
