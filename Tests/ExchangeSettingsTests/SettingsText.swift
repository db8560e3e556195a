import ExchangeSettings
import SystemPackage
import Testing

/// Pieces of settings files that the tests are made of.
enum SettingsText {
  static let fingerprint = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
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
      return error.problems.map { String($0.description.dropFirst("f.yaml:".count)) }
    }
  }

  /// The sorts of problem and where they are.
  static func codes(in text: String) -> [String] {
    do throws(SettingsError) {
      _ = try ExchangeSettings.parse(text, source: "f.yaml")
      return []
    } catch {
      return error.problems.map { "\($0.line ?? 0):\($0.column ?? 0) \($0.code.rawValue) \($0.keyPath)" }
    }
  }
}
