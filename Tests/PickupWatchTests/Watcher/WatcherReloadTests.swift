import ExchangeSettings
import FileExchange
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import ServiceLifecycle
import SystemPackage
import Testing

@testable import PickupWatch

/// New settings, and the end, while the watcher is at work.
@Suite(.timeLimit(.minutes(25))) struct WatcherReloadTests {
  @Test("new settings are taken up and wrong ones are not")
  func newSettingsAreTakenUpAndWrongOnesAreNot() async throws {
    try await WatcherAtWork.overServer(lookEvery: .milliseconds(500)) { settings in
      var second = settings.accounts[0]
      second.name = "b"
      second.port = 1
      settings.accounts.append(second)
      settings.watch.infRefRules[0].accounts.append("b")
    } _: { work, stage in
      let settings = stage.settings
      let dead = try await work.alert(.serverUnreachable, "b")
      try stage.put("f.xml", infRef: "SortimentOverfør_1")
      try await work.until("the file") { await work.inbox("a")?.waiting.first?.files == 1 }
      // What cannot be kept is refused as a whole; the old settings go on.
      var wrong = settings
      wrong.watch.database = stage.state.appending("nowhere/at/all/watch.sqlite")
      wrong.watch.infRefRules = []
      work.reload(wrong)
      try await work.until("the old settings again") { work.events.count { $0 == .ready } == 2 }
      let looks = work.looks("a").count
      try await work.until("looks with the old settings") { work.looks("a").count > looks + 1 }
      // The account is gone, so its alert is over; the rule is sharper, so there is one more.
      var new = settings
      new.accounts.removeLast()
      new.watch.infRefRules[0].accounts = ["a"]
      new.watch.infRefRules[0].pickUp = PickUpLimit(within: RulePeriod(.seconds(1)), warnAt: 100)
      work.reload(new)
      try await work.end(of: dead)
      let late = try await work.alert(.pickUpLate, "a")
      #expect(late.rule == "pick-up-within: 1s")
      #expect(work.events.filter { $0 != .alive } == [.ready, .reloading, .ready, .reloading, .ready])
      #expect(try work.notifications().count == 3)
    }
  }

  @Test("many reloads at once end in the newest")
  func manyReloadsAtOnceEndInTheNewest() async throws {
    try await WatcherAtWork.overServer(lookEvery: .milliseconds(200)) { work, stage in
      try stage.put("f.xml", infRef: "SortimentOverfør_1")
      for hours in (1...40).reversed() {
        var new = stage.settings
        new.watch.infRefRules[0].pickUp = PickUpLimit(within: RulePeriod(.seconds(hours * 3600 + 7)))
        work.reload(new)
        if hours % 7 == 0 { try await Task.sleep(for: .milliseconds(60)) }
      }
      try await work.until("the newest rule") {
        await work.inbox("a")?.waiting.first?.oldest?.limitSeconds == 3607
      }
      #expect(try work.notifications().isEmpty)
    }
  }

  /// The page is asked without a pause while shifts come and go.
  @Test("the page answers through reloads")
  func thePageAnswersThroughReloads() async throws {
    try await WatcherAtWork.overServer(lookEvery: .milliseconds(200)) { work, stage in
      let asking = Task {
        var troubles: Set<StoreTrouble> = []
        while !Task.isCancelled {
          if let trouble = await work.watcher.statusSource.status().storeTrouble { troubles.insert(trouble) }
        }
        return troubles
      }
      for round in 0..<8 {
        work.reload(stage.settings)
        try await work.until("reload \(round)") { work.events.count { $0 == .ready } >= round + 2 }
      }
      asking.cancel()
      // Between two sessions the status says so; a session's files are not closed under their readers.
      let troubles = await asking.value
      #expect(troubles.isSubset(of: [.starting]), "\(troubles)")
    }
  }

  @Test("a stop before the beginning is an end at once")
  func aStopBeforeTheBeginningIsAnEndAtOnce() async throws {
    try await withWatchedServer { watched in
      let watcher = Watcher(settings: watched.settings, version: "test", logger: WatchedServer.quiet)
      let group = ServiceGroup(services: [ClosureService { try await watcher.run() }], logger: WatchedServer.quiet)
      await group.triggerGracefulShutdown()
      try await group.run()
      let running = Task { try await watcher.run() }
      running.cancel()
      try await running.value
    }
  }
}
