import Glibc
import Logging

/// The log of a command, one line each on standard error, from a level that FILSLUSE_LOG can change.
enum CommandLogger {
  static func make(from level: Logger.Level = .warning) -> Logger {
    var logger = Logger(label: "filsluse") { _ in StandardErrorLog() }
    logger.logLevel = getenv("FILSLUSE_LOG").flatMap { Logger.Level(rawValue: String(cString: $0)) } ?? level
    return logger
  }
}

private struct StandardErrorLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .warning

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let pairs = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    Output.note(Printable.text("filsluse: \(event.level): \(event.message)\(pairs)"))
  }
}
