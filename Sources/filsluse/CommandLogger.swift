import ArgumentParser
import FileExchange
import FilsluseBase
import FilsluseSFTP
import Glibc
import Logging
import TriggerFiles

/// The format of a service's log.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

struct LogOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How the log is written: a line of text, or a JSON object, for each entry.",
      "Loggens form: en linje tekst eller et JSON-objekt for hver post."))
  var logFormat = LogFormat.text
}

/// The log of a command, one line each on standard error, from a level that FILSLUSE_LOG can change. Logging never
/// waits for the reader.
enum CommandLogger {
  /// - Parameter format: the format of a service's log, which is English; `nil` for a command's lines for a person, in
  ///   the language of the output.
  static func make(from level: Logger.Level = .warning, _ format: LogFormat? = nil) -> Logger {
    var logger = Logger(label: "filsluse") { _ in StandardErrorLog(format: format ?? .text) }
    if format == nil { logger.language = OutputLanguage.current }
    if format == .json {
      LineWriter.standardError.describeLoss { StandardErrorLog.object("warning", LineWriter.loss($0), [:]) + "\n" }
    }
    logger.logLevel = getenv("FILSLUSE_LOG").flatMap { Logger.Level(rawValue: String(cString: $0)) } ?? level
    return logger
  }
}

/// Writes entries to standard error, one per line.
private struct StandardErrorLog: LogHandler {
  let format: LogFormat
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .warning

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var all = metadata.merging(event.metadata ?? [:]) { $1 }
    let isDanish = all.removeValue(forKey: Logger.languageKey) == .string(ReportLanguage.danish.rawValue)
    switch format {
    case .text:
      let message = "\(event.message)"
      let pairs = all.filter { !Self.isSaid($0.key, "\($0.value)", in: message) }.sorted { $0.key < $1.key }
      let rest = pairs.map { " \($0.key)=\($0.value)" }.joined()
      Output.remark(
        Printable.text("filsluse: \(isDanish ? event.level.danish : event.level.rawValue): \(message)\(rest)"))
    case .json: Output.remark(Self.object(event.level.rawValue, "\(event.message)", all))
    }
  }

  /// Returns true for a key about the line's subject whose value is already in the text.
  private static func isSaid(_ key: String, _ value: String, in message: String) -> Bool {
    ["account", "delivery", "arrival", "file"].contains(key) && message.contains(value)
  }

  /// An object with the keys `at`, `level`, `message` and whatever the entry carries.
  static func object(_ level: String, _ message: String, _ metadata: Logger.Metadata) -> String {
    var entry = metadata.mapValues { "\($0)" }
    entry["at"] = Timestamp.now.description
    entry["level"] = level
    entry["message"] = message
    do {
      return try JSONText().text(entry)
    } catch {
      preconditionFailure("texts can always be written as JSON: \(error)")
    }
  }
}

extension Logger.Level {
  /// The level in Danish, as a line of a command begins with it.
  fileprivate var danish: String {
    switch self {
    case .critical: "kritisk"
    case .error: "fejl"
    case .warning: "advarsel"
    case .notice, .info, .debug, .trace: rawValue
    }
  }
}
