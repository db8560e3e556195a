import ExchangeSettings
import Foundation
import SystemPackage
import Testing
import TriggerFiles

@Suite struct SampleTests {
  private static let sample = FilePath(#filePath).removingLastComponent().pushing("../../Samples/filsluse.yaml")
    .lexicallyNormalized()

  @Test("the sample loads")
  func loads() throws {
    let settings = try ExchangeSettings.load(Self.sample)
    #expect(settings.accounts.map(\.name) == ["fagsystem-test"])
    #expect(settings.routes.map(\.name) == ["flis-0101", "bilag", "svar", "nabo"])
    #expect(settings.arrivals.map(\.name) == ["sortiment", "svar", "nabo"])
    #expect(
      settings.watch.infRefRules.map(\.infRef?.name).prefix(2) == ["SF7002", "FagsystemdefineredeDataRefGDPR1203_1"])
    #expect(settings.watch.accountRules.map(\.accounts) == [["fagsystem-test"]])
    #expect(settings.watch.alerts.sinks.count == 5)
    #expect(settings.warnings.isEmpty)
    #expect(try ExchangeSettings.parse(settings.yaml(), source: Self.sample) == settings)
  }

  @Test("the settings for each role load without warnings", arguments: ["sender", "receiver", "verifier"])
  func theSettingsForEachRoleLoad(role: String) throws {
    let file = Self.sample.removingLastComponent().appending("roles").appending("\(role).yaml")
    let settings = try ExchangeSettings.load(file)
    #expect(settings.warnings.isEmpty)
    #expect(settings.accounts.count == 1)
    switch role {
    case "sender":
      #expect(settings.routes.map(\.name) == ["flis-0101", "flis-0751"])
      #expect(settings.watch.accountRules.count == 1)
    case "receiver":
      #expect(settings.arrivals.map(\.name) == ["extracts"])
      #expect(settings.watch.infRefRules.map(\.infRef?.name) == ["FagsystemdefineredeDataRefGDPR1203_1"])
    default:
      #expect(settings.routes.isEmpty && settings.arrivals.isEmpty)
    }
  }

  /// Every key that the reader of `watch:` knows stands in the sample, as its own list of keys shows.
  @Test("names every key of the watcher")
  func namesEveryKeyOfTheWatcher() throws {
    let sample = try String(contentsOfFile: Self.sample.string, encoding: .utf8)
    for top in ["watch:\n  x: 1\n", "watch:\n  rules:\n    - x: 1\n", "watch:\n  alerts:\n    x: 1\n"] {
      let problem = try #require(
        SettingsText.problems(in: SettingsText.account + top).first { $0.contains("expected one of") })
      let list = try #require(
        problem.components(separatedBy: "expected one of ").last?.components(separatedBy: ";").first)
      let keys = list.components(separatedBy: ", ")
      #expect(keys.count >= 6)
      for key in keys where key != "account" { #expect(sample.contains("\(key):"), "\(key)") }
    }
  }
}
