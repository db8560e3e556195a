import Testing

@testable import TriggerFiles

/// The search for the name that is meant by a misspelt one.
@Suite struct NearestNameTests {
  @Test(
    "a name with a slip finds the one that is meant",
    arguments: [
      ("acounts", "accounts"), ("ACCOUNTS", "accounts"), ("acocunts", "accounts"), ("rouse", "routes"), ("zebra", nil),
    ] as [(String, String?)])
  func nearest(text: String, meant: String?) {
    #expect(NearestName.to(text, among: ["accounts", "routes", "watch"]) == meant)
    #expect(NearestName.to(text, among: []) == nil)
  }

  @Test("never takes a route of another municipality for the one that is meant")
  func numbers() {
    let routes = ["statistik-0461", "statistik-0751"]
    #expect(NearestName.withSameNumbers(as: "statistik-0851", among: routes) == nil)
    #expect(NearestName.withSameNumbers(as: "statstik-0461", among: routes) == "statistik-0461")
    #expect(NearestName.withSameNumbers(as: "statistik-461", among: routes) == "statistik-0461")
  }

  @Test("allows only as many slips as asked for")
  func slips() {
    #expect(NearestName.to("sortimntoverfr_1", among: ["SortimentOverfør_1"], within: 2) == "SortimentOverfør_1")
    #expect(NearestName.to("sortimntovefr_1", among: ["SortimentOverfør_1"], within: 2) == nil)
  }
}
