import ExchangeSettings
import SystemPackage
import Testing

@Suite struct SampleTests {
  private static let sample = FilePath(#filePath).removingLastComponent().pushing("../../Samples/filsluse.yaml")
    .lexicallyNormalized()

  @Test func loads() throws {
    let settings = try ExchangeSettings.load(Self.sample)
    #expect(settings.accounts.map(\.name) == ["fagsystem-test"])
    #expect(settings.routes.map(\.name) == ["flis-0101", "bilag", "svar", "nabo"])
    #expect(settings.arrivals.map(\.name) == ["sortiment", "svar"])
    #expect(settings.pickupRules.count == 2)
    #expect(settings.warnings.isEmpty)
    #expect(try ExchangeSettings.parse(settings.yaml(), source: Self.sample) == settings)
  }
}
