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

  @Test("allows only as many slips as asked for")
  func slips() {
    #expect(NearestName.to("sortimntoverfr_1", among: ["SortimentOverfør_1"], within: 2) == "SortimentOverfør_1")
    #expect(NearestName.to("sortimntovefr_1", among: ["SortimentOverfør_1"], within: 2) == nil)
  }
}
