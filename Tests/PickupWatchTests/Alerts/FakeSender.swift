import FilsluseBase
import Logging
import TriggerFiles

@testable import PickupWatch

/// A sink that does what a test wants, and remembers what it was sent.
final class FakeSender: AlertSender {
  enum Mood: Sendable, Equatable { case takes, refuses, hangs, asksToBeLeftAlone(Duration) }

  let name: String
  private let state = Locked((mood: Mood.takes, taken: [AlertNotification](), tries: 0))

  init(_ name: String = "fake", _ mood: Mood = .takes) {
    self.name = name
    be(mood)
  }

  var taken: [AlertNotification] { state.withLock { $0.taken } }
  var tries: Int { state.withLock { $0.tries } }
  /// As `subject reason`.
  var words: [String] { taken.map { "\($0.alert.finding.subject) \($0.reason.rawValue)" } }

  func be(_ mood: Mood) { state.withLock { $0.mood = mood } }

  func send(_ notification: AlertNotification) async throws(SendingFailure) {
    let mood = state.withLock { state in
      state.tries += 1
      if state.mood == .takes { state.taken.append(notification) }
      return state.mood
    }
    switch mood {
    case .takes: return
    case .refuses: throw SendingFailure("not today", "ikke i dag")
    case .asksToBeLeftAlone(let pause): throw SendingFailure(LocalizedText("not now", "ikke nu"), retryAfter: pause)
    case .hangs:
      try? await Task.sleep(for: .seconds(3600))
      throw SendingFailure("ended", "slut")
    }
  }
}

/// A clock that stands still until a test moves it.
final class StillClock: Sendable {
  private let time = Locked(Given.start)
  var now: Timestamp { time.withLock { $0 } }
  func set(_ minute: Int) { time.withLock { $0 = Given.minute(minute) } }
}

let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

struct NotingLog: LogHandler {
  let lines: Locked<[String]>
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .trace

  init(lines: Locked<[String]>) { self.lines = lines }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let notice = event.metadata?["notice"].map { "\($0)" } ?? ""
    lines.withLock { $0.append("\(event.level): \(event.message) \(notice)") }
  }
}
