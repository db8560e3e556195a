import ExchangeSettings
import FileExchange
import FilsluseBase
import Foundation
import Logging
import PickupWatch
import SystemPackage

/// Takes looks at a world that changes by itself, and sends their notifications, until it is killed: for the test that
/// kills it.
///
///     AlertTaker FOLDER         looks again and again
///     AlertTaker FOLDER finish  looks until all is over, sends all pending notifications, and ends
@main enum AlertTaker {
  static func main() async throws {
    let folder = FilePath(CommandLine.arguments[1])
    let isToFinish = CommandLine.arguments.dropFirst(2).first == "finish"
    let received = folder.appending("received").string
    let settings = AlertSettings(
      language: .english, repeatEvery: .seconds(600),
      sinks: [.command(AlertSink.CommandTarget(command: ["/bin/sh", "-c", "cat >> \"$0\"", received]))])
    let time = Locked(World.moment(0))
    let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
    let dispatcher = AlertDispatcher(
      store: store, settings: settings,
      clock: { time.withLock { $0 } }, logger: Logger(label: "taker"))
    var look = World.looks(in: folder)
    if isToFinish {
      for _ in 0..<2 {
        look += 1
        time.withLock { $0 = World.moment(look) }
        try await dispatcher.take(
          AlertLook(account: "fagsystem", at: World.moment(look), findings: []))
      }
      let stop = GracefulStop()
      let sending = Task { await dispatcher.run(until: stop) }
      for name in dispatcher.names {
        while try await store.nextDue(to: name) != nil { try await Task.sleep(for: .milliseconds(5)) }
      }
      stop.request()
      return await sending.value
    }
    let sending = Task { await dispatcher.run(until: GracefulStop()) }
    while true {
      look += 1
      // Looked at even if we are killed before it is taken: the world does not wait.
      try World.note(look, in: folder, file: "looks")
      let moment = World.moment(look)
      time.withLock { $0 = moment }
      try await dispatcher.take(
        AlertLook(account: "fagsystem", at: moment, findings: World.findings(at: look)))
      try World.note(look, in: folder, file: "taken")
      try await Task.sleep(for: .milliseconds(3))
      if sending.isCancelled { return }
    }
  }
}

/// The findings of each look, the same for every process.
enum World {
  static func moment(_ look: Int) -> Timestamp { Timestamp(secondsSince1970: 1_795_424_400 + Int64(look) * 60) }

  static func findings(at look: Int) -> [Finding] {
    (0..<6).filter { isSo($0, at: look) }.map { number in
      Finding(
        kind: .pickUpLate, severity: .critical, account: "fagsystem", subject: "f\(number)")
    }
  }

  /// Each finding lasts for a few looks, and then perhaps ends.
  private static func isSo(_ number: Int, at look: Int) -> Bool {
    var mixed = UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(look / (4 + number)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 29)) &* 0x94D0_49BB_1331_11EB
    return (mixed >> 40) & 1 == 1
  }

  static func looks(in folder: FilePath) -> Int {
    let text = try? String(contentsOfFile: folder.appending("looks").string, encoding: .utf8)
    return text?.split(separator: "\n").last.flatMap { Int($0) } ?? 0
  }

  static func note(_ look: Int, in folder: FilePath, file: String) throws {
    let descriptor = try FileDescriptor.open(
      folder.appending(file), .writeOnly, options: [.create, .append], permissions: .ownerReadWrite)
    try descriptor.closeAfter { _ = try descriptor.writeAll("\(look)\n".utf8) }
  }
}
