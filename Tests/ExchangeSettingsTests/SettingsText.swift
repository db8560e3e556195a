import ExchangeSettings
import FilsluseBase
import Foundation
import SystemPackage
import Testing

/// Pieces of settings files that the tests are made of.
enum SettingsText {
  static let fingerprint = KeyFingerprint(of: [])
  static let system = "0d8a7a5c-1111-4222-8333-444455556666"
  static let otherSystem = "0d8a7a5c-1111-4222-8333-444455557777"
  static let infRef = "FagsystemdefineredeDataRefGDPR1203_1"

  static let account = """
    accounts:
      fagsystem:
        host: 127.0.0.1
        user: fagsystem
        key: keys/fagsystem
        host-keys: ["\(fingerprint)"]
        it-system: \(system)
        authority: 12345678

    """

  /// The problems of `text`, as the error prints them, without the file's name.
  static func problems(in text: String) -> [String] {
    do throws(SettingsError) {
      let settings = try ExchangeSettings.parse(text, source: "f.yaml")
      Issue.record("read without problems: \(settings)")
      return []
    } catch {
      expectDanish(error, of: text)
      return error.problems.map { String($0.description.dropFirst("f.yaml:".count)) }
    }
  }

  /// The sorts of problem and where they are.
  static func codes(in text: String) -> [String] {
    do throws(SettingsError) {
      _ = try ExchangeSettings.parse(text, source: "f.yaml")
      return []
    } catch {
      expectDanish(error, of: text)
      return error.problems.map { "\($0.line ?? 0):\($0.column ?? 0) \($0.code.rawValue) \($0.keyPath)" }
    }
  }

  // MARK: Danish

  /// Checks that every problem says in Danish what it says in English, and that no English stands in it.
  static func expectDanish(_ error: SettingsError, of text: String) {
    let own = plainWords(text)
    for problem in error.problems {
      let texts: [(english: String?, danish: String?)] = [
        (problem.message, problem.messageInDanish), (problem.remedy, problem.remedyInDanish),
      ]
      for (english, danish) in texts {
        guard let english, let danish else {
          #expect(english == nil && danish == nil, "one language alone: \(problem)")
          continue
        }
        let left = englishWords(in: danish, of: english).subtracting(own)
        #expect(left.isEmpty, "\(left.sorted()) stands in “\(danish)”")
      }
    }
  }

  /// The words of an English text that its Danish one has too, without names and words of both languages.
  static func englishWords(in danish: String, of english: String) -> Set<String> {
    words(danish).intersection(words(english)).subtracting(names).subtracting(common)
  }

  /// The lower-case words of a text, without quotations.
  private static func words(_ text: String) -> Set<String> {
    plainWords(
      text.replacing(/"[^"]*"/, with: " ").replacing(/„[^“]*“/, with: " ").replacing(/“[^”]*”/, with: " ")
        .replacing(/\{[^}]*\}/, with: " "))
  }

  private static func plainWords(_ text: String) -> Set<String> {
    let words = text.split { !$0.isLetter && !$0.isNumber && !"-_./:@".contains($0) }
      .map { String($0).trimmingCharacters(in: CharacterSet(charactersIn: ".:")) }
    return Set(words.filter { word in word.count > 1 && word.allSatisfy { $0.isLetter && !$0.isUppercase } })
  }

  /// The names of keys and their values.
  private static let names: Set<String> = {
    let keys = SettingsReference.keyPaths.flatMap {
      $0.replacing("[]", with: "").split(separator: ".").map(String.init)
    }
    return Set(keys).union([
      "routed", "direct", "explicit", "implicit", "keep", "remove", "warn", "block", "all", "unlimited", "json",
      "alertmanager", "true", "false", "da", "en", "severity", "error", "warning", "info", "debug", "notice",
      "critical", "trace", "business", "one", "several", "local", "shared", "sslmode",
    ])
  }()

  /// Words that both languages have.
  private static let common: Set<String> = [
    "at", "to", "for", "end", "under", "over", "have", "by", "send", "port", "token", "alias", "trigger", "metadata",
    "data", "base", "byte", "private", "production", "test", "https", "routing", "sortiment", "xml", "shell", "program",
    "register", "version", "pipe", "system", "integration", "service", "endpoint", "zone", "ready",
  ]
}
