import ArgumentParser
import Glibc
import TriggerFiles

/// The language of everything that the command says to people.
///
/// `--language` counts before the environment. It is found before anything else, since help and wrong usage are said
/// before a command has read its options.
enum OutputLanguage {
  /// The language that counts.
  static let current: ReportLanguage = named(in: CommandLine.arguments.dropFirst()) ?? ofEnvironment

  /// The value of `--language`, where it is one of ours.
  static func named(in arguments: some Sequence<String>) -> ReportLanguage? {
    var isValue = false
    for word in arguments {
      if word == "--" { return nil }
      let value = isValue ? word : word.hasPrefix("--language=") ? String(word.dropFirst("--language=".count)) : ""
      if let language = ReportLanguage(rawValue: value) { return language }
      isValue = word == "--language"
    }
    return nil
  }

  /// The language of LC_ALL, LC_MESSAGES or LANG; English where they name none of ours.
  private static var ofEnvironment: ReportLanguage {
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
      guard let value = getenv(name), value.pointee != 0 else { continue }
      return String(cString: value).hasPrefix("da") ? .danish : .english
    }
    return .english
  }
}

extension LocalizedText {
  /// The text in the language of the output.
  var shown: String { self[OutputLanguage.current] }
}

extension CommandFailure {
  /// An end with a message in both languages.
  init(_ status: ExitStatus, _ english: String, _ danish: String) {
    self.init(status, LocalizedText(english, danish).shown)
  }
}

extension ValidationError {
  /// Wrong usage, in both languages.
  init(_ english: String, _ danish: String) { self.init(LocalizedText(english, danish).shown) }
}

extension ArgumentHelp {
  /// The help of an option or an argument in both languages.
  init(_ english: String, _ danish: String, valueName: String? = nil) {
    self.init(LocalizedText(english, danish).shown, valueName: valueName)
  }
}
