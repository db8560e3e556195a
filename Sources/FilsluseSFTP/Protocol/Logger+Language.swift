package import Logging

/// The language of lines for a person at a terminal, which the logger of a command carries.
extension Logger {
  /// The metadata key that holds the language, since a logger has no other place for it; a log handler of a command
  /// leaves it out.
  package static let languageKey = "language"

  /// Returns a text in the language that the logger carries; in English where it carries none, as that of a service.
  func words(of text: MessageText) -> String {
    self[metadataKey: Self.languageKey] == .string("da") ? text.da : text.en
  }

  /// Logs a text in that language.
  func say(_ level: Level, _ text: @autoclosure () -> MessageText, metadata: @autoclosure () -> Metadata? = nil) {
    log(level: level, "\(words(of: text()))", metadata: metadata())
  }
}
