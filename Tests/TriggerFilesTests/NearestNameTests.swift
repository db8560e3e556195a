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

  @Test("finds all names that are equally near, and asks which of them was meant")
  func equallyNear() {
    #expect(NearestName.all(to: "vejln", among: ["vejen", "odense", "vejle"]) == ["vejen", "vejle"])
    #expect(NearestName.all(to: "vejle", among: ["vejen", "vejle"]) == ["vejle"])
    #expect(NearestName.choice(of: ["Vejen", "Vejle"]).en == "did you mean “Vejen” or “Vejle”?")
    #expect(NearestName.choice(of: ["Vejen", "Vejle"]).da == "mente du „Vejen“ eller „Vejle“?")
  }

  @Test(
    "proposes the municipality whose name or code is nearest in any spelling, both of two, and none of more",
    arguments: [
      // Right in another spelling, before any that is near.
      ("vejle", ["Vejle"]), ("VEJEN", ["Vejen"]), ("Horsholm", ["Hørsholm"]), ("Århus", ["Aarhus"]),
      ("Høje Tåstrup", ["Høje-Taastrup"]), ("hoeje taastrup", ["Høje-Taastrup"]), ("Naestved", ["Næstved"]),
      // One slip away from a name of the list.
      ("Vejlee", ["Vejle"]), ("Horsen", ["Horsens"]), ("Hørsholn", ["Hørsholm"]), ("Horsholn", ["Hørsholm"]),
      ("Hernig", ["Herning"]), ("Nybrog", ["Nyborg"]), ("Nestved", ["Næstved"]), ("Århuss", ["Aarhus"]),
      ("Aahrus", ["Aarhus"]), ("Høje-Tåstrop", ["Høje-Taastrup"]), ("Aalbrog Kommune", ["Aalborg"]),
      // As near to two.
      ("Vejln", ["Vejen", "Vejle"]), ("Fane", ["Faxe", "Fanø"]),
      // Numbers are compared with codes alone.
      ("0752", ["Aarhus", "Ikast-Brande"]), ("7511", ["Aarhus"]), ("00751", ["Aarhus"]), ("0751 Aahrus", ["Aarhus"]),
      ("0100", []), ("55133018", []), ("Vejle 9", []), ("Nykøbing", []), ("", []),
    ] as [(String, [String])])
  func municipalities(text: String, names: [String]) {
    #expect(MunicipalityName.near(text).map(\.name) == names)
  }

  @Test("asks for a code with its name, and for a name alone")
  func municipalityQuestion() {
    #expect(MunicipalityName.question(about: "7511")?.en == "did you mean “0751 Aarhus”?")
    #expect(MunicipalityName.question(about: "Vejln")?.da == "mente du „Vejen“ eller „Vejle“?")
    #expect(MunicipalityName.question(about: "Atlantis") == nil)
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
