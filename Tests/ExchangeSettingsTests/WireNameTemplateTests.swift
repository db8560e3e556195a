import ExchangeSettings
import SystemPackage
import Testing
import TriggerFiles

/// The names in OUT of a route's files.
@Suite("Wire names by a route's rule") struct WireNameTemplateTests {
  private func text(_ name: String, route: String = "flis", also: String = "") -> String {
    SettingsText.account
      + "routes:\n  \"\(route)\": { account: fagsystem, kind: direct, recipients: [a], name: \(name)\(also) }\n"
  }

  @Test(
    "puts the file's stem and ending, the route and the municipality into the name",
    arguments: [
      ("\"{stem}.{route}{ext}\"", "a.csv", "a.flis.csv"), ("\"{stem}.{route}{ext}\"", "a.tar.gz", "a.tar.flis.gz"),
      ("\"{stem}.{route}{ext}\"", "uden", "uden.flis"), ("\"{stem}.{route}{ext}\"", "a.", "a.flis."),
      ("\"{stem}.{route}{ext}\"", "pr\u{F8}ve.csv", "pr\u{F8}ve.flis.csv"),
      ("\"{municipality}_{stem}{ext}\"", "a.csv", "0101_a.csv"), ("\"{route}-{stem}\"", "a.csv", "flis-a"),
      ("\"{stem}\"", ".skjult", ".skjult"), ("\"x{stem}{stem}\"", "a.b", "xaa"),
    ])
  func names(template: String, file: String, name: String) throws {
    let settings = try ExchangeSettings.parse(text(template, also: ", municipality: \"0101\""), source: "/f.yaml")
    let route = try #require(settings.routes.first)
    #expect(route.wireName(of: file).map { Array($0.utf8) } == Array(name.utf8))
    #expect(try ExchangeSettings.parse(settings.yaml(), source: settings.source) == settings)
  }

  @Test(
    "splits a name where FilePath does",
    arguments: ["a.csv", "a.tar.gz", "uden", "a.", ".skjult", ".a.b", "..a", "a..b", "æ.ø.å", "a b.c d", "1.2."])
  func splitting(file: String) throws {
    let component = try #require(FilePath.Component(file))
    let route = Route(name: "r", account: "a", kind: .direct(recipients: ["a"]))
    let ending = component.extension.map { ".\($0)" } ?? ""
    #expect(WireNameTemplate.byMunicipality.name(of: file, by: route) == "\(component.stem).r\(ending)")
  }

  @Test("a route without a rule gives no name")
  func none() throws {
    let settings = try ExchangeSettings.parse(
      SettingsText.account + "routes:\n  r: { account: fagsystem, kind: direct, recipients: [a] }\n", source: "f.yaml")
    #expect(settings.routes.first?.wireName == nil && settings.routes.first?.wireName(of: "a.csv") == nil)
  }

  @Test(
    "refuses what is no template, and what the wire could not carry, with the place",
    arguments: [
      ("\"{stem}.{rute}{ext}\"", "flis", "bad-value"), ("\"{stem}.{Route}\"", "flis", "bad-value"),
      ("\"{stem\"", "flis", "bad-value"), ("\"stem}\"", "flis", "bad-value"), ("\"{{stem}}\"", "flis", "bad-value"),
      ("\"{}{stem}\"", "flis", "bad-value"), ("udtræk.csv", "flis", "bad-value"),
      ("\"{route}{ext}\"", "flis", "bad-value"),
      ("\"{stem}.trigger\"", "flis", "bad-value"), ("\"{stem}.{route}\"", "metadata", "bad-value"),
      ("\"ud/{stem}\"", "flis", "bad-value"), ("\"{stem}-{route}\"", "til/flis", "bad-value"),
      ("\".{stem}\"", "flis", "bad-value"), ("\"-{stem}\"", "flis", "bad-value"),
      ("\"{ext}{stem}\"", "flis", "bad-value"),
      ("\"{stem}\\n\"", "flis", "bad-value"), ("\"{municipality}{stem}\"", "flis", "conflict"),
      ("\"{stem}\(String(repeating: "æ", count: 122))\"", "flis", "bad-value"), ("[a]", "flis", "wrong-type"),
      ("\"\"", "flis", "bad-value"),
    ])
  func problems(template: String, route: String, code: String) {
    let problems = SettingsText.codes(in: text(template, route: route))
    #expect(problems.map { $0.split(separator: " ")[1] } == [Substring(code)], "\(template): \(problems)")
    #expect(problems.first?.hasSuffix(".name") == true)
  }
}
