import ExchangeSettings
import FilsluseBase
import Foundation
import SystemPackage
import Testing
import TriggerFiles

/// Reading `routes.csv` and `routes.yaml`.
@Suite struct ListReadingTests {
  private static let header = RegisterFolder.header
  private static let template = RegisterFolder.template

  @Test("makes one route of each short line by its template, named by template and municipality")
  func shortLines() throws {
    let folder = try RegisterFolder()
    let text = Self.header + Self.template + ";flis;;;0101;64942212;\n;flis;;;751;55133018;\n;flis;;;Ærø;28856075;\n"
    let reading = try folder.reading(text)
    let register = try #require(reading.register)
    #expect(reading.findings.isEmpty)
    #expect(register.routes.map(\.name) == ["flis-0101", "flis-0751", "flis-0492"])
    let first = try #require(register.route(named: "flis-0101"))
    #expect(first.municipality?.name == "København")
    #expect(first.addressing?.senderITSystem.rawValue == RegisterFolder.system)
    #expect(first.addressing?.senderAuthority.digits == "64942212")
    #expect(first.addressing?.recipientAuthority.digits == "64942212")
    #expect(first.recipientITSystem?.rawValue == RegisterFolder.receiver)
    #expect(first.position == SourcePosition(line: 3, column: 1))
  }

  @Test("makes one route for each receiver of a template, what the receiver says before the line")
  func receivers() throws {
    let folder = try RegisterFolder()
    let other = "0d8a7a5c-1111-4222-8333-444455558888"
    let csv =
      Self.header
      + "@data;;fagsystem;\(RegisterFolder.infRef);;;\n@data/flis;;;;;;\(RegisterFolder.receiver)\n@data/lis;;;;;;\n"
      + ";data;;;0101;64942212;\(other)\n"
    let yaml = """
      templates:
        data:
          account: fagsystem
          infref: \(RegisterFolder.infRef)
          receivers:
            flis: {recipient-it-system: \(RegisterFolder.receiver)}
            lis: {account: fagsystem}
      routes:
        - {template: data, municipality: "0101", authority: "64942212", recipient-it-system: \(other)}

      """
    for (text, name) in [(csv, "routes.csv"), (yaml, "routes.yaml")] {
      let register = try #require(try folder.reading(text, as: name).register)
      #expect(register.routes.map(\.name) == ["flis-0101", "lis-0101"])
      #expect(register.routes.map { $0.recipientITSystem?.rawValue } == [RegisterFolder.receiver, other])
    }
  }

  @Test("reads separators, quoted cells, comments and windows-1252, and says a word about the encoding")
  func spreadsheets() throws {
    let folder = try RegisterFolder()
    let text =
      "# ruter\nname,account,infref,municipality,authority,recipient-it-system,contact\r\n"
      + "r,fagsystem,\(RegisterFolder.infRef),0101,64942212,\(RegisterFolder.receiver),\"S\u{F8}ren, IT\"\r\n"
    let latin = text.unicodeScalars.map { UInt8($0.value) }
    let reading = try folder.reading(latin)
    #expect(reading.register?.routes.first?.contact == "Søren, IT")
    #expect(reading.findings.map(RegisterFolder.short) == ["- warning other-encoding"])
    #expect(reading.findings.first?.message.da.contains("windows-1252") ?? false)
    #expect(try folder.reading(text).findings.isEmpty)
  }

  @Test("finds everything that is wrong at once, each with line and column, and takes nothing then")
  func allFindings() throws {
    let folder = try RegisterFolder()
    let text = """
      name;template;municipality;authority;valid-from;kommune
      @flis;;;;;
      a;flis;0100;64942212;;
      b;flis;0101;6494221X;2026-02-30;
      c;flix;0101;64942212;;
      d;flis;0101
      d;;0751;64942212;;

      """
    let reading = try folder.reading(text)
    #expect(reading.register == nil)
    let found = reading.findings.map(RegisterFolder.short)
    for expected in [
      "1:49 error unknown-column", "3:8 error unknown-municipality", "4:13 error invalid-cvr",
      "4:22 error invalid-date", "5:3 error unknown-template", "6:1 error cell-count", "7:1 error missing-value",
    ] { #expect(found.contains(expected), "\(expected) in \(found)") }
    // Each has both languages and a remedy.
    for finding in reading.findings {
      #expect(!finding.message.en.isEmpty && !finding.message.da.isEmpty && !finding.remedy.da.isEmpty)
    }
  }

  @Test("reports a refused municipality, name, kind or direction once, and nothing that only follows from it")
  func causesAlone() throws {
    let folder = try RegisterFolder()
    let (infRef, receiver) = (RegisterFolder.infRef, RegisterFolder.receiver)
    let table = """
      name;template;municipality;authority;outgoing;specification;kind;direction;account;infref;recipient-it-system
      @flis;;;;ud/{municipality};{name}.txt;;;fagsystem;\(infRef);\(receiver)

      """
    for (line, expected) in [
      (";flis;0100;64942212;;;;;;;", ["3:7 error unknown-municipality"]),
      ("r-{municipality};flis;0100;64942212;;;;;;;", ["3:23 error unknown-municipality"]),
      ("{receipt};flis;0751;64942212;;;;;;;", ["3:1 error bad-value"]),
      (";flis;0751;64942212;;;exact;;;;", ["3:23 error bad-value"]),
      ("r;;0751;64942212;;;;inn;fagsystem;\(infRef);", ["3:21 error bad-value"]),
      // Without a template there is nothing that a name could be made of.
      (
        ";;0100;64942212;;;;;fagsystem;\(infRef);\(receiver)",
        ["3:1 error missing-value", "3:3 error unknown-municipality"]
      ),
      // Without a municipality, its placeholder in a path is the fault itself.
      ("r;flis;;64942212;;;;;;;", ["2:10 error bad-value"]),
    ] {
      #expect(try folder.findings(table + line + "\n") == expected, "\(line)")
    }
  }

  @Test("refuses a name that two lines have, and one that is under routes: as well")
  func doubledNames() throws {
    let folder = try RegisterFolder()
    let line = ";flis;;;0101;64942212;\n"
    #expect(try folder.findings(Self.header + Self.template + line + line) == ["4:1 error doubled-name"])
    var settings = try folder.text(of: "filsluse.yaml")
    settings += "routes:\n  flis-0101: {account: fagsystem, kind: direct, recipients: [b]}\n"
    try folder.write(settings, as: "filsluse.yaml")
    try folder.write(Self.header + Self.template + line, as: "routes.csv")
    #expect {
      try ExchangeSettings.load(folder.settingsFile)
    } throws: { error in
      let problem = (error as? SettingsError)?.problems.first
      return problem?.code.rawValue == "doubled-name" && problem?.line == 3
        && problem?.file.lastComponent?.string == "routes.csv"
    }
  }

  @Test("takes the integration of a route from its column, and offers the nearest one for a name that is none")
  func integrations() throws {
    let folder = try RegisterFolder()
    let header = "name;account;kind;recipients;integration\n"
    let register = try #require(try folder.reading(header + "r;fagsystem;direct;b;SF1590_A\n").register)
    let route = try #require(register.route(named: "r"))
    #expect(route.integration == "SF1590_A")
    #expect(Readiness(register).of(route).integration == "SF1590_A")
    let reading = try folder.reading(header + "r;fagsystem;direct;b;SF1590A\n")
    #expect(try folder.findings(header + "r;fagsystem;direct;b;SF1590A\n") == ["2:22 error bad-value"])
    #expect(reading.findings.first?.message.en.contains("SF1590_A") == true, "\(reading.findings)")
  }

  @Test("refuses two templates of one line that give a column different values, and takes two that agree")
  func contradictingTemplates() throws {
    let folder = try RegisterFolder()
    let header = "name;template;account;infref;authority;recipient-it-system;contact\n"
    let line = "r;one|two;;;64942212;;\n"
    let one = "@one;;fagsystem;\(RegisterFolder.infRef);;;a@b.dk\n"
    let agreeing = "@two;;fagsystem;;;\(RegisterFolder.receiver);\n"
    let other = "@two;;fagsystem;;;\(RegisterFolder.receiver);c@d.dk\n"
    #expect(try folder.findings(header + one + agreeing + line).isEmpty)
    #expect(try folder.findings(header + one + other + line) == ["4:3 error contradicting-templates"])
  }

  @Test("names the nearest account to one that is not there, and refuses a wrong UUID and a misspelt InfRef")
  func valuesOfOneLine() throws {
    let folder = try RegisterFolder()
    let header = "name;account;infref;authority;recipient-it-system\n"
    func found(_ account: String, _ infRef: String, _ recipient: String) throws -> [RegisterFinding] {
      try folder.reading(header + "r;\(account);\(infRef);64942212;\(recipient)\n").findings
    }
    let infRef = RegisterFolder.infRef
    let account = try found("fagsytem", infRef, RegisterFolder.receiver)
    #expect(account.map(RegisterFolder.short) == ["2:3 error unknown-account"])
    #expect(account.first?.remedy.en.contains("fagsystem") == true, "\(account)")
    let capitals = try found("fagsystem", infRef, RegisterFolder.receiver.uppercased() + "A")
    #expect(capitals.map(\.code).contains(.invalidUUID) && capitals.allSatisfy { $0.position?.line == 2 })
    let misspelt = try found("fagsystem", "SortimentOverfor_1", RegisterFolder.receiver)
    #expect(misspelt.map(\.code).contains(.unfitInfRef), "\(misspelt)")
  }

  @Test("wants the recipient's IT-system on an explicit route")
  func explicitWithoutRecipient() throws {
    let folder = try RegisterFolder()
    let reading = try folder.reading(
      "name;account;infref;authority;recipient-it-system\nr;fagsystem;\(RegisterFolder.infRef);64942212;\n")
    #expect(reading.register == nil)
    #expect(reading.findings.map(RegisterFolder.short) == ["2:1 error missing-value"])
    #expect(reading.findings.first?.message.en.hasPrefix("recipient-it-system: the value is missing") == true)
  }

  @Test("refuses a list that is not there, that is a folder, and that is larger than any")
  func noList() throws {
    let folder = try RegisterFolder()
    let directory = folder.path.appending("folder.csv")
    try FileManager.default.createDirectory(atPath: directory.string, withIntermediateDirectories: false)
    try folder.write([UInt8](repeating: UInt8(ascii: "#"), count: (8 << 20) + 1), as: "large.yaml")
    for (name, expected) in [
      ("missing.csv", "- error unreadable"), ("folder.csv", "- error unreadable"), ("large.yaml", "- error too-large"),
    ] {
      let reading = RegisterReading(folder.path.appending(name), settings: RegisterSurroundings())
      #expect(reading.register == nil)
      #expect(reading.findings.map(RegisterFolder.short) == [expected], "\(name)")
    }
  }

  @Test("refuses a line whose environment is another than its account's")
  func contradictingEnvironment() throws {
    let folder = try RegisterFolder()
    let header = "name;account;infref;authority;recipient-it-system;environment\n"
    let line = "r;fagsystem;\(RegisterFolder.infRef);64942212;\(RegisterFolder.receiver);"
    #expect(try folder.findings(header + line + "production\n").isEmpty)
    let column = line.unicodeScalars.count + 1
    #expect(try folder.findings(header + line + "external-test\n") == ["2:\(column) error conflicting-values"])
  }

  @Test("counts every mistake in 100,000 lines, and limits the list of mistakes")
  func manyLines() throws {
    let folder = try RegisterFolder()
    let wrong = (0..<100_000).map { "r\($0);flis;;;0100;64942212;\n" }.joined()
    let reading = try folder.reading(Self.header + Self.template + wrong)
    #expect(reading.register == nil)
    #expect(reading.findings.count == 1001)
    #expect(reading.findings.last?.message.en == "99000 more findings are not listed")
  }

  @Test("gives the settings the routes by which an account sends, like those under routes:")
  func settingsHaveTheRoutes() throws {
    let folder = try RegisterFolder()
    let header = "name;direction;account;infref;authority;sender-it-system;recipient-it-system;outgoing;wire-name\n"
    try folder.write(
      header
        + "ud;;fagsystem;\(RegisterFolder.infRef);64942212;;\(RegisterFolder.receiver);out/{name};{stem}.{route}{ext}\n"
        + "ind;in;fagsystem;\(RegisterFolder.infRef);64942212;\(RegisterFolder.receiver);;;\n", as: "routes.csv")
    let (settings, register) = try ExchangeSettings.loadWithRegister(folder.settingsFile)
    #expect(settings.routes.map(\.name) == ["ud"])
    #expect(register?.routes.map(\.name) == ["ud", "ind"])
    let route = try #require(settings.route(named: "ud"))
    #expect(route.outgoing?.path == folder.path.appending("out/ud"))
    #expect(route.wireName(of: "a.csv") == "a.ud.csv")
    #expect(route.standing == RouteStanding())
    // Written again, the settings name the list and leave its routes in it.
    #expect(try ExchangeSettings.parse(settings.yaml(), source: settings.source) == settings)
  }

  @Test("refuses outgoing folders of the list that are inside each other")
  func outgoingFolders() throws {
    let folder = try RegisterFolder()
    let header = "name;account;kind;recipients;outgoing\n"
    try folder.write(header + "a;fagsystem;direct;b;out\nb;fagsystem;direct;b;out/b\n", as: "routes.csv")
    #expect {
      try ExchangeSettings.load(folder.settingsFile)
    } throws: { error in
      (error as? SettingsError)?.problems.contains { $0.code == .conflict && $0.message.contains("route \"b\"") }
        ?? false
    }
  }

  @Test("reports YAML that is no list, with its place")
  func badYAML() throws {
    let folder = try RegisterFolder()
    #expect(try folder.findings("routes: x\n", as: "routes.yaml") == ["1:9 error malformed-list"])
    #expect(try folder.findings("rutes: []\n", as: "routes.yaml") == ["1:1 error unknown-column"])
    #expect(try folder.findings("routes:\n  - {navn: a}\n", as: "routes.yaml").contains("2:6 error unknown-column"))
  }
}
