import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// The small parts of the unattended exchange, each by itself.
@Suite struct WatchedFolderPartsTests {
  private func entry(_ name: String, size: UInt64, seconds: Int = 0, inode: UInt64 = 1) -> FolderEntry {
    FolderEntry(
      name: Array(name.utf8), isRegular: true, isFolder: false,
      status: .init(size: size, modifiedSeconds: seconds, modifiedNanoseconds: 0, inode: inode))
  }

  @Test("a file is settled when nothing of it has changed for long enough")
  func aFileIsSettledWhenNothingOfItHasChangedForLongEnough() {
    let start = ContinuousClock.now
    var settled = SettledFiles(period: .seconds(10))
    func look(_ entry: FolderEntry, after seconds: Int) -> Bool {
      defer { settled.endLook() }
      return settled.see(entry, at: start + .seconds(seconds))
    }
    #expect(!look(entry("a", size: 1), after: 0))
    #expect(!look(entry("a", size: 2), after: 9))
    #expect(!look(entry("a", size: 2), after: 18))
    #expect(look(entry("a", size: 2), after: 19))
    #expect(!look(entry("a", size: 2, seconds: 1), after: 40))
    #expect(!look(entry("a", size: 2, seconds: 1, inode: 2), after: 60))
    #expect(!look(entry("b", size: 2), after: 61))
    // Missing from one look, it starts its period again.
    #expect(!look(entry("a", size: 2, seconds: 1, inode: 2), after: 80))
    #expect(look(entry("a", size: 2, seconds: 1, inode: 2), after: 90))
  }

  /// A night's files are taken a few hundred at a time, as fast as they can be sent.
  @Test("files beyond the limit of one look keep settling")
  func whatOneLookHadNoRoomForGoesOnSettling() async throws {
    try await withScratchFolder { path in
      let folder = try OpenedWatchedFolder(
        opening: WatchedFolder(path: path.appending("out"), settledFor: .seconds(10)), route: "flis")
      for number in 0..<50 {
        try Data("\(number)".utf8).write(to: URL(filePath: path.appending("out").appending("f\(number)").string))
      }
      let start = ContinuousClock.now
      var settled = SettledFiles(period: .seconds(10))
      var marks = TakenFile.Marks()
      var taken: Set<String> = []
      func look(after seconds: Int) throws -> Int {
        let look = try folder.look(
          settled: &settled, suffixes: .init(), limit: 20, at: start + .seconds(seconds))
        for item in folder.take(look.whole, marks: &marks).items { taken.insert(item.name) }
        return look.whole.count
      }
      #expect(try look(after: 0) == 0)
      #expect(try [10, 10, 11].map { try look(after: $0) } == [20, 20, 10])
      #expect(taken.count == 50)
      // Another file of the same name starts its period again.
      try Data("0".utf8).write(to: URL(filePath: path.appending("out").appending("f0").string))
      #expect(try look(after: 12) == 0)
      #expect(try look(after: 22) == 1)
    }
  }

  @Test("names the same thousand of many files without a ready-marker with each look, until they are gone")
  func manyUnmarkedFiles() async throws {
    try await withScratchFolder { path in
      let folder = try OpenedWatchedFolder(opening: WatchedFolder(path: path, readyMarker: ".ready"), route: "r")
      func write(_ name: String) throws { try Data("x".utf8).write(to: URL(filePath: path.appending(name).string)) }
      for number in 0..<1500 { try write("f\(number)") }
      let start = ContinuousClock.now
      var waits = LongWaits()
      func look(after seconds: Int) throws -> Set<[UInt8]> {
        var settled = SettledFiles(period: .seconds(10))
        let now = start + .seconds(seconds)
        let look = try folder.look(settled: &settled, suffixes: .default, limit: 20, at: now)
        #expect(look.temporary.count >= 1400)
        return Set(waits.note(look.temporary, at: now, longerThan: .seconds(60)))
      }
      #expect(try look(after: 0).isEmpty)
      let first = try look(after: 61)
      #expect(first.count == 1000)
      // By its name it comes before them.
      try write("a")
      #expect(try look(after: 62) == first)
      for name in first.prefix(100) {
        try FileManager.default.removeItem(atPath: path.appending(String(decoding: name, as: UTF8.self)).string)
      }
      let second = try look(after: 63)
      #expect(second.count == 900 && second.isSubset(of: first))
      #expect(try look(after: 124).count == 1000)
    }
  }

  @Test("takes a ready-marker for forgotten only where nothing has the name that it is for")
  func markersAlone() async throws {
    try await withScratchFolder { path in
      let folder = try OpenedWatchedFolder(opening: WatchedFolder(path: path, readyMarker: ".ready"), route: "r")
      for name in ["a.part", "a.part.ready", "mappe.ready", "link.ready", "væk.csv.ready", "b.csv"] {
        try Data("x".utf8).write(to: URL(filePath: path.appending(name).string))
      }
      try FileManager.default.createDirectory(
        atPath: path.appending("mappe").string, withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(
        atPath: path.appending("link").string, withDestinationPath: path.appending("b.csv").string)
      var settled = SettledFiles(period: .seconds(10))
      let look = try folder.look(settled: &settled, suffixes: .default, limit: 20, at: .now)
      let names = look.temporary.map { String(decoding: $0, as: UTF8.self) }
      #expect(names.sorted() == ["a.part", "b.csv", "væk.csv.ready"])
    }
  }

  @Test("remembers files up to the limit")
  func noMoreFilesAreRememberedThanTheLimit() {
    let start = ContinuousClock.now
    var settled = SettledFiles(period: .seconds(1), limit: 2)
    func look(after seconds: Int) -> [Bool] {
      defer { settled.endLook() }
      return ["a", "b", "c"].map { settled.see(entry($0, size: 1), at: start + .seconds(seconds)) }
    }
    #expect(look(after: 0) == [false, false, false])
    #expect(look(after: 1) == [true, true, false])
  }

  @Test("marks rise however the clock jumps")
  func marksRiseWhateverTheClockDoes() throws {
    var marks = TakenFile.Marks()
    let times: [Int64] = [1_795_000_000_000, 1_795_000_000_000, 1_794_996_400_000, 0, 1_795_000_000_005]
    var drawn = times.map { marks.next(at: Timestamp(millisecondsSince1970: $0)) }
    var later = TakenFile.Marks()
    later.resume(after: try #require(drawn.last))
    drawn.append(later.next(at: Timestamp(millisecondsSince1970: 5)))
    #expect(drawn.sorted() == drawn && Set(drawn).count == 6)
    for mark in drawn {
      let item = TakenFile(mark: mark, name: "æ~!.csv")
      #expect(TakenFile(nameInTaken: Array(item.nameInTaken.utf8)) == item)
      #expect(TakenFile(markerName: Array(item.markerName.utf8)) == item)
      #expect(TakenFile(nameInTaken: Array(item.markerName.utf8)) == nil)
    }
    #expect(TakenFile(nameInTaken: Array("a.csv".utf8)) == nil)
  }

  @Test(
    "distinguishes the kinds of names",
    arguments: [
      ("a.csv", WatchedName.data("a.csv")), (".a.csv", .temporary), ("a.csv.part", .temporary), ("a.csv~", .temporary),
      ("a.csv.ready", .marker(of: Array("a.csv".utf8))),
    ])
  func namesAreDistinguished(name: String, kind: WatchedName) {
    #expect(WatchedName(Array(name.utf8), marker: Array(".ready".utf8), suffixes: .default) == kind)
  }

  @Test("an account rests and hurries by the Danish clock")
  func anAccountRestsAndHurriesByTheDanishClock() {
    var account = Account(name: "a", host: "h", user: "u", key: "k", hostKeys: .pinned([]))
    account.maintenance = [WeeklyHours("sun 02:00-03:00")].compactMap { $0 }
    account.bandwidth = [
      Bandwidth(hours: WeeklyHours("mon-fri 07:00-17:00"), bytesPerSecond: 5000),
      Bandwidth(bytesPerSecond: nil),
    ]
    func at(_ seconds: Int64) -> Timestamp { Timestamp(secondsSince1970: seconds) }
    // The night in which two o'clock comes twice, and the one in which it never is.
    #expect(account.isInMaintenance(at: at(1_792_886_400)) && account.isInMaintenance(at: at(1_792_890_000)))
    #expect(!account.isInMaintenance(at: at(1_774_745_999)) && !account.isInMaintenance(at: at(1_774_746_000)))
    // 2026-11-20, a Friday: 06:00Z is seven o'clock in winter.
    #expect(account.bytesPerSecond(at: at(1_795_154_400)) == 5000)
    #expect(account.bytesPerSecond(at: at(1_795_154_399)) == nil)
  }

  /// A name too long for `.taken` stands for a file that cannot be moved.
  @Test("a file that cannot be taken holds up no other")
  func oneThatCannotBeTakenHoldsUpNoOther() async throws {
    try await withScratchFolder { path in
      let folder = try OpenedWatchedFolder(opening: WatchedFolder(path: path, readyMarker: ".ready"), route: "r")
      for name in ["a.csv", "b.csv", "a.csv.ready", "b.csv.ready"] {
        try Data("x".utf8).write(to: URL(filePath: path.appending(name).string))
      }
      var marks = TakenFile.Marks()
      // No name in `.taken` can be that long.
      let long = String(repeating: "x", count: 250)
      try Data().write(to: URL(filePath: path.appending(long).string))
      let taking = folder.take(["a.csv", "gone.csv", long, "b.csv"], marks: &marks)
      #expect(taking.items.map(\.name) == ["a.csv", "b.csv"])
      #expect(taking.failures.map(\.name) == [long])
      let unmarked = try OpenedWatchedFolder(opening: WatchedFolder(path: path), route: "r")
      #expect(unmarked.take([long], marks: &marks).failures.map(\.name) == [long])
      #expect(try FileManager.default.contentsOfDirectory(atPath: path.string).sorted() == [".taken", long])
    }
  }

  @Test("keeps sent files for the configured time")
  func whatWasSentIsKeptAsLongAsItShall() async throws {
    try await withScratchFolder { path in
      let rules = WatchedFolder(path: path, keepSent: .seconds(86_400 * 3))
      let folder = try OpenedWatchedFolder(opening: rules, route: "r")
      let sent = path.appending("sent")
      for day in ["2026-11-16", "2026-11-17", "2026-11-18", "notes", "2026-11-1x"] {
        try FileManager.default.createDirectory(
          atPath: sent.appending(day).string, withIntermediateDirectories: true)
        for name in ["a.csv", "b.csv"] {
          try Data("x".utf8).write(to: URL(filePath: sent.appending(day).appending(name).string))
        }
      }
      try FileManager.default.createDirectory(
        atPath: sent.appending("2026-11-16").appending("more").string, withIntermediateDirectories: true)
      // 2026-11-20T23:59:59Z is the 21st in Denmark.
      #expect(try folder.clearSent(at: Timestamp(secondsSince1970: 1_795_219_199)) == 4)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: sent.string).sorted() == [
          "2026-11-16", "2026-11-18", "2026-11-1x", "notes",
        ])
    }
  }

  @Test("a heartbeat that stops is noticed")
  func aHeartbeatThatStopsIsNoticed() {
    let before = ContinuousClock.now
    let heartbeat = Heartbeat("loop", allowed: .seconds(60))
    let after = ContinuousClock.now
    #expect(heartbeat.isAlive(at: before + .seconds(60)))
    #expect(!heartbeat.isAlive(at: after + .seconds(61)))
  }

  @Test("a waiting task learns of the stop")
  func whoWaitsForAStopHearsOfIt() async {
    let stop = GracefulStop()
    #expect(await !stop.wait(atMost: .milliseconds(20)))
    async let heard: Void = stop.wait()
    stop.request()
    await heard
    #expect(await stop.wait(atMost: .seconds(60)))
    let other = GracefulStop()
    let waiting = Task { await other.wait() }
    waiting.cancel()
    await waiting.value
    #expect(!other.isRequested)
  }

  /// 300,000 bytes at 100,000 a second, from many at once.
  @Test("limits the bandwidth of all tasks together")
  func bytesPassNoFasterThanTheyMay() async throws {
    var account = Account(name: "a", host: "h", user: "u", key: "k", hostKeys: .pinned([]))
    account.bandwidth = [Bandwidth(bytesPerSecond: 100_000)]
    let pace = try #require(BandwidthLimiter(account))
    let start = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 { group.addTask { for _ in 0..<5 { try await pace.pass(10_000) } } }
      try await group.waitForAll()
    }
    #expect(ContinuousClock.now - start >= .milliseconds(2500))
  }
}
