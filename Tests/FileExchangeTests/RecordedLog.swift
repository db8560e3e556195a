import FilsluseBase
import Logging

/// A log whose messages a test reads.
struct RecordedLog: LogHandler {
  private let recorded = Locked<[String]>([])
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  var messages: [String] { recorded.withLock { $0 } }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { recorded.withLock { $0.append("\(event.message)") } }
}
