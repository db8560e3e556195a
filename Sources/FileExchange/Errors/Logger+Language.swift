internal import FilsluseSFTP
package import Logging
package import TriggerFiles

/// The language of lines for a person at a terminal. A service logs in English only: its lines appear beside other
/// logs, and programs search them.
extension Logger {
  /// The language of its lines; English unless set.
  package var language: ReportLanguage {
    get { self[metadataKey: Self.languageKey].flatMap { ReportLanguage(rawValue: "\($0)") } ?? .english }
    set { self[metadataKey: Self.languageKey] = .string(newValue.rawValue) }
  }

  /// Logs a text in the language of the logger.
  package func say(
    _ level: Level, _ text: @autoclosure () -> LocalizedText, metadata: @autoclosure () -> Metadata? = nil
  ) {
    log(level: level, "\(text()[language])", metadata: metadata())
  }
}
