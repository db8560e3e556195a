import ExchangeSettings
import SystemPackage
import Testing
import TriggerFiles

/// The routes that a name may mean which no route has.
@Suite struct MeantRoutesTests {
  private static let routes: [(name: String, municipality: String?)] = [
    ("flis-0461", "0461"), ("lis-0461", "0461"), ("flis-0751", "0751"), ("statistik", nil), ("a-46", nil),
  ]

  @Test(
    "proposes routes for a misspelt name, a code of three or four digits, a municipality's name, and a part of a name",
    arguments: [
      ("flsi-0461", ["flis-0461"]), ("flis-461", ["flis-0461"]),
      ("0461", ["flis-0461", "lis-0461"]), ("461", ["flis-0461", "lis-0461"]), ("751", ["flis-0751"]),
      ("Odense", ["flis-0461", "lis-0461"]), ("odense kommune", ["flis-0461", "lis-0461"]), ("Aahrus", ["flis-0751"]),
      ("statis", ["statistik"]), ("46", ["a-46"]), ("STATISTIK-", ["statistik"]),
      // Another number is another municipality's.
      ("0462", []), ("flis-0462", []), ("04", []), ("075", []), ("Atlantis", []), ("", []), ("f", []),
    ] as [(String, [String])])
  func names(text: String, names: [String]) {
    #expect(MeantRoutes(by: text, among: Self.routes).names == names)
  }

  @Test("are asked about where they are few")
  func question() {
    let few = MeantRoutes(by: "0461", among: Self.routes)
    #expect(few.question?.en == "did you mean “flis-0461” or “lis-0461”?")
    #expect(few.question?.da == "mente du „flis-0461“ eller „lis-0461“?")
    let many = ["0101", "0461", "0751", "0851"].map { (name: "flis-\($0)", municipality: Optional($0)) }
    let all = MeantRoutes(by: "flis", among: many)
    #expect(all.names.count == 4 && all.question == nil)
    #expect(MeantRoutes(by: "nothing", among: many).question == nil)
  }
}
