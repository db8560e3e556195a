import ExchangeSettings
import FilsluseBase
import SystemPackage
import Testing

@Suite struct ListingLimitsTests {
  private func settings(_ listing: String) -> String {
    """
    accounts:
      a:
        host: sftp.example.dk
        user: a
        key: a
        host-keys: ["\(SettingsText.fingerprint)"]
        \(listing)
    """
  }

  @Test(
    "reads the limits of an account's listings, each with its default",
    arguments: [
      ("", ListingLimits()),
      ("listing: { most-names: 500 }", ListingLimits(names: 500)),
      ("listing: { most-bytes: 20MB }", ListingLimits(bytes: 20_000_000)),
      (
        "listing: { most-names: 100000000, most-bytes: 1B, longest: 1m30s }",
        ListingLimits(names: 100_000_000, bytes: 1, duration: .seconds(90))
      ),
    ])
  func reads(text: String, expected: ListingLimits) throws {
    let read = try ExchangeSettings.parse(settings(text), source: "/filsluse.yaml")
    #expect(read.accounts.first?.listing == expected)
  }

  @Test(
    "refuses limits that are none, with their place",
    arguments: [
      "listing: { most-names: 0 }", "listing: { most-names: -1 }", "listing: { most-names: 100000001 }",
      "listing: { most-names: many }", "listing: { most-bytes: 0MB }", "listing: { most-bytes: 20 }",
      "listing: { longest: soon }", "listing: { most: 1 }", "listing: 5",
    ])
  func refuses(text: String) {
    do throws(SettingsError) {
      _ = try ExchangeSettings.parse(settings(text), source: "/filsluse.yaml")
      Issue.record("\(text) was read")
    } catch {
      #expect(error.problems.map(\.line) == [7], "\(error)")
    }
  }
}
