import ExchangeSettings
import FilsluseBase
import Glibc
import TriggerFiles

/// The language of all texts for people.
///
/// `--language` counts first, then `language:` of the settings, then the environment. It is determined before anything
/// else, because help and usage errors are shown before a command has parsed its options.
enum OutputLanguage {
  private struct Choice: Sendable {
    var option: ReportLanguage?
    var settings: ReportLanguage?
    var environment = ReportLanguage.english
  }

  private static let choice = Locked(Choice())

  /// The language that counts now.
  static var current: ReportLanguage { choice.withLock { $0.option ?? $0.settings ?? $0.environment } }

  /// Sets the language by the command line and the environment.
  static func begin(with arguments: [String]) {
    let (option, environment) = (named(in: arguments), ofEnvironment)
    choice.withLock { $0 = Choice(option: option, environment: environment) }
  }

  /// Sets the language by the settings, if they can be used.
  static func take(_ settings: ExchangeSettings?) {
    guard let settings else { return }
    choice.withLock { $0.settings = settings.language }
  }

  /// Returns the value of the last `--language`, if it is a known language.
  static func named(in arguments: [String]) -> ReportLanguage? {
    names(in: arguments).compactMap(ReportLanguage.init(rawValue:)).last
  }

  /// Returns the first unknown value of `--language`; `nil` for none.
  static func unknown(in arguments: [String]) -> String? {
    names(in: arguments).first { ReportLanguage(rawValue: $0) == nil }
  }

  private static func names(in arguments: [String]) -> [String] {
    var options = arguments.prefix { $0 != "--" }
    var names: [String] = []
    while let word = options.popFirst() {
      if word == "--language", let value = options.first { names.append(value) }
      if word.hasPrefix("--language=") { names.append(String(word.dropFirst("--language=".count))) }
    }
    return names
  }

  /// The language of LC_ALL, LC_MESSAGES or LANG; English for an unknown one.
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

extension BinaryInteger {
  /// The number with its noun in the language of the output: `1 file` or `1 fil`, `2 files` or `2 filer`.
  func counted(_ english: (one: String, many: String), _ danish: (one: String, many: String)) -> String {
    let noun = OutputLanguage.current == .danish ? danish : english
    return counted(noun.one, noun.many)
  }
}
