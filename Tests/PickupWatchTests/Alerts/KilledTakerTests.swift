import FilsluseBase
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

/// A process that takes and sends alerts, killed again and again at moments drawn from a seed.
@Suite(.serialized, .timeLimit(.minutes(25))) struct KilledTakerTests {
  private static let kills = 100

  @Test("no alert is lost and repeats are the same")
  func noAlertIsLostAndRepeatsAreTheSame() async throws {
    try await withScratchFolder("alerts") { folder in
      let line = """
        RANDOM=20261121
        for round in $(seq \(Self.kills)); do
          "$0" '\(folder)' & taker=$!
          # However slow the machine is, it has begun to look, and every other time it has taken a look.
          file='\(folder)/looks'; [ $((round % 2)) = 0 ] && file='\(folder)/taken'
          before=$(stat -c %s "$file" 2> /dev/null)
          while [ "$(stat -c %s "$file" 2> /dev/null)" = "$before" ]; do sleep 0.01; done
          sleep 0.$((RANDOM % 2))$((RANDOM % 10)); kill -9 $taker; wait $taker 2> /dev/null
          [ $? = 137 ] || echo "ended by itself"
        done
        # What a killed one started may still be writing.
        sleep 0.5
        "$0" '\(folder)' finish || echo "finish $?"
        """
      let report = await Program(
        arguments: ["timeout", "--kill-after=2", "400", "bash", "-c", line, try Self.taker().string],
        timeout: .seconds(450)
      ).run()
      #expect(report.isSuccess && report.output.text == "", "\(report.output.text)\n\(report.complaints.text)")
      try await check(folder)
    }
  }

  private func check(_ folder: FilePath) async throws {
    let lines = try Self.lines(folder.appending("received"))
    var notices: [String: SentNotification] = [:]
    var repeats = 0
    for line in lines {
      let notice = try SentNotification(json: String(line))
      if let known = notices[notice.id] {
        repeats += 1
        #expect(known == notice, "the same id tells two things")
      }
      notices[notice.id] = notice
    }
    let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
    let alerts = try await store.alerts(all: true)
    #expect(alerts.allSatisfy { $0.state == .resolved })
    // The receiver has every notification that the store counts, from the first to the last.
    for alert in alerts {
      let heard = notices.values.filter { $0.alert == alert.id }.sorted { $0.number < $1.number }
      #expect(heard.first?.reason == .fired)
      #expect(heard.last?.reason == .resolved)
      #expect(heard.last?.number == alert.notificationCount)
    }
    // The store has an alert for every finding of a look that was taken.
    let taken = try Self.lines(folder.appending("taken")).compactMap { Int($0) }
    var observedFiles = 0
    for look in taken {
      for subject in Self.world(at: look) {
        observedFiles += 1
        let moment = Self.moment(look)
        let isSent = alerts.contains { alert in
          alert.finding.subject == subject && alert.fired.map { $0 <= moment } ?? false
            && alert.resolved.map { $0 > moment } ?? true
        }
        #expect(isSent, "\(subject) was so at look \(look), and no alert was sent")
      }
    }
    #expect(taken.count >= Self.kills / 2 && observedFiles > 100)
    print(
      "\(Self.kills) kills: \(taken.count) looks, \(alerts.count) alerts, \(notices.count) notices, none lost,",
      "\(repeats) told again with the same id")
  }

  // The world as AlertTaker has it, written down a second time.
  private static func moment(_ look: Int) -> Timestamp { Timestamp(secondsSince1970: 1_795_424_400 + Int64(look) * 60) }

  private static func world(at look: Int) -> [String] {
    (0..<6).filter { number in
      var mixed = UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(look / (4 + number)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 29)) &* 0x94D0_49BB_1331_11EB
      return (mixed >> 40) & 1 == 1
    }.map { "f\($0)" }
  }

  private static func lines(_ file: FilePath) throws -> [Substring] {
    try String(contentsOfFile: file.string, encoding: .utf8).split(separator: "\n")
  }

  /// The taker is in the folder of the tests' own executable.
  private static func taker() throws -> FilePath {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    guard length > 0 else { throw Errno(rawValue: errno) }
    let own = FilePath(String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self))
    return own.removingLastComponent().appending("AlertTaker")
  }
}
