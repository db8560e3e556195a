import ExchangeSettings
import FilsluseBase
import Foundation
import SystemPackage
import Testing
import TriggerFiles

/// Changing `routes.csv` by the lines of a table.
@Suite struct ListEditTests {
  private static let list =
    "# our routes; in order\n" + RegisterFolder.header + RegisterFolder.template
    + "\n# the first\n;flis;;;0101;64942212;\n;flis;;;0751;55133018;\n"

  private func change(_ table: String, _ folder: borrowing RegisterFolder, isTrial: Bool = false) throws -> ListEdit {
    let settings = SettingsReading(folder.settingsFile)
    return try RouteRegister.change(
      folder.list, by: Array(table.utf8), from: "new.csv",
      settings: RegisterSurroundings(try #require(settings.settings)), isTrial: isTrial
    ).edit
  }

  @Test("changes lines in their place, adds others at the end, and keeps comments, order and all other bytes")
  func keepsTheRest() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    let table =
      "municipality,template,authority,contact\n751,flis,55133018,\"Bo; IT\"\nÆrø,flis,28856075,\n0101,flis,64942212,\n"
    let edit = try change(table, folder)
    #expect(edit.changed == ["flis-0751"])
    let line = try #require(edit.changes.first)
    #expect(line.line == 7 && line.cells.map(\.column) == [.municipality, .contact])
    #expect(line.cells.map { [$0.before, $0.after] } == [["0751", "751"], ["", "Bo; IT"]])
    #expect(edit.added == ["flis-0492"])
    #expect(edit.unchanged == 1)
    let header = RegisterFolder.header.dropLast() + ";contact\n"
    let expected =
      "# our routes; in order\n" + header + RegisterFolder.template.dropLast() + ";\n"
      + "\n# the first\n;flis;;;0101;64942212;;\n;flis;;;751;55133018;;\"Bo; IT\"\n;flis;;;Ærø;28856075;;\n"
    #expect(try folder.text(of: "routes.csv") == expected)
    // The same again changes nothing.
    #expect(try change(table, folder).isEmpty)
    #expect(try folder.text(of: "routes.csv") == expected)
  }

  @Test("refuses to change a line that is there where only new ones are wanted, with its line and what would change")
  func refusesToReplace() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    let settings = RegisterSurroundings(try #require(SettingsReading(folder.settingsFile).settings))
    func add(_ row: String) throws(RegisterError) -> ListEdit {
      let table = Array("template;municipality;authority\n\(row)\n".utf8)
      return try RouteRegister.change(
        folder.list, by: table, from: "new.csv", settings: settings, replacing: false, isTrial: false
      ).edit
    }
    let refusal = #expect(throws: RegisterError.self) { _ = try add("flis;0751;29189420") }
    let finding = try #require(refusal?.findings.first)
    #expect(finding.code == .doubledName && finding.file == "new.csv" && finding.position?.line == 2)
    #expect(
      finding.message.en
        == "line 7 of routes.csv has \"flis-0751\" already, and would change: authority 55133018 → 29189420")
    #expect(
      finding.message.da
        == "linje 7 i routes.csv har allerede \"flis-0751\" og ville blive ændret: authority 55133018 → 29189420")
    #expect(try folder.text(of: "routes.csv") == Self.list)
    // What is there already changes nothing, and a new line is added.
    let same = try add("flis;0751;55133018")
    #expect(same.isEmpty && same.lines(in: folder.list) == [7])
    let new = try add("flis;0492;28856075")
    #expect(new.added == ["flis-0492"] && new.lines(in: folder.list) == [8])
  }

  @Test("says that a list cannot be written where its folder is not there, and makes nothing")
  func unwritable() throws {
    let folder = try RegisterFolder()
    let list = folder.path.appending("nowhere/routes.csv")
    #expect {
      try RouteRegister.change(
        list, by: Array(Self.list.utf8), from: "new.csv", settings: RegisterSurroundings(), isTrial: false)
    } throws: { error in
      (error as? RegisterError)?.findings.map(\.code) == [.unwritable]
    }
    #expect(!FileManager.default.fileExists(atPath: list.string))
  }

  @Test("writes through a symbolic link, which stays, and refuses one that leads nowhere")
  func throughALink() throws {
    let folder = try RegisterFolder()
    let real = folder.path.appending("shared")
    try FileManager.default.createDirectory(atPath: real.string, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: folder.list.string, withDestinationPath: "shared/all-routes.csv")
    let table = "municipality;template;authority\n0492;flis;28856075\n"
    #expect {
      try RouteRegister.change(
        folder.list, by: Array(table.utf8), from: "new.csv", settings: RegisterSurroundings(), isTrial: false)
    } throws: { error in
      (error as? RegisterError)?.findings.map(\.code) == [.unwritable]
    }
    #expect(!FileManager.default.fileExists(atPath: real.appending("all-routes.csv").string))

    try folder.write(Self.list, as: "shared/all-routes.csv")
    #expect(try change(table, folder).added == ["flis-0492"])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.list.string) == "shared/all-routes.csv")
    #expect(try folder.text(of: "shared/all-routes.csv") == Self.list + ";flis;;;0492;28856075;\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: real.string) == ["all-routes.csv"])
  }

  @Test("a trial changes nothing and says the same")
  func trial() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    let table = "municipality;template;authority\n0492;flis;28856075\n"
    #expect(try change(table, folder, isTrial: true).added == ["flis-0492"])
    #expect(try folder.text(of: "routes.csv") == Self.list)
  }

  @Test(
    "refuses a table that would make the list wrong, and leaves the old list",
    arguments: [
      ("municipality;template;authority\n0100;flis;28856075\n", "unknown-municipality"),
      ("municipality;template;authority\n0492;flis;2885607X\n", "invalid-cvr"),
      ("municipality;template;colour\n0492;flis;x\n", "unknown-column"), ("", "malformed-list"),
    ])
  func refused(table: String, code: String) throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    #expect {
      _ = try change(table, folder)
    } throws: { error in
      (error as? RegisterError)?.findings.contains { $0.code.rawValue == code } ?? false
    }
    #expect(try folder.text(of: "routes.csv") == Self.list)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path.string).sorted() == [
        "filsluse.yaml", "routes.csv",
      ])
  }

  private static let yamlList = """
    # our routes
    templates:
      flis: {account: fagsystem, infref: \(RegisterFolder.infRef), recipient-it-system: \(RegisterFolder.receiver)}
    routes:
      - {template: flis, municipality: "0101", authority: "64942212"} # the first
      # written otherwise
      - template: flis
        municipality: Aarhus
        authority: '55133018'

    """

  private func changeYAML(_ table: String, _ folder: borrowing RegisterFolder) throws -> ListEdit {
    let settings = try #require(SettingsReading(folder.settingsFile).settings)
    return try RouteRegister.change(
      folder.path.appending("routes.yaml"), by: Array(table.utf8), from: "new.csv",
      settings: RegisterSurroundings(settings), isTrial: false
    ).edit
  }

  @Test("changes values of a list in YAML in their places and adds routes behind the last, comments and order kept")
  func changedYAML() throws {
    let folder = try RegisterFolder()
    try folder.write(RegisterFolder.header, as: "routes.csv")
    try folder.write(Self.yamlList, as: "routes.yaml")
    let table =
      "template;municipality;authority;contact\nflis;101;64942212;Anna: 1\nflis;0751;29189617;\nflis;\u{C6}r\u{F8};28856075;\n"
    let edit = try changeYAML(table, folder)
    #expect(edit.added == ["flis-0492"] && edit.changed == ["flis-0101", "flis-0751"] && edit.unchanged == 0)
    #expect(edit.changes.map(\.line) == [5, 7])
    let text = try folder.text(of: "routes.yaml")
    let expected = Self.yamlList.replacing(
      "- {template: flis, municipality: \"0101\"",
      with: "- {contact: \"Anna: 1\", template: flis, municipality: \"101\""
    ).replacing("municipality: Aarhus", with: "municipality: \"0751\"")
      .replacing(
        "'55133018'", with: "\"29189617\"\n  - {template: flis, municipality: \u{C6}r\u{F8}, authority: \"28856075\"}")
    #expect(text == expected)
    let again = try changeYAML(table, folder)
    #expect(again.isEmpty && again.unchanged == 3)
    #expect(try folder.text(of: "routes.yaml") == text)
  }

  @Test(
    "changes nothing of a list in YAML by a table that is wrong, or where only a hand can change it",
    arguments: [
      ("templat;municipality\nflis;0751\n", Self.yamlList, "unknown-column"),
      ("name;contact\n@flis;Anna\n", Self.yamlList, "bad-value"),
      ("template;municipality;authority\nflis;0100;28856075\n", Self.yamlList, "unknown-municipality"),
      (
        "template;municipality;authority\nflis;0751;28856075\n",
        Self.yamlList.replacing("'55133018'", with: ">-\n      55133018"), "malformed-list"
      ),
    ])
  func unchangedYAML(table: String, before: String, code: String) throws {
    let folder = try RegisterFolder()
    try folder.write(RegisterFolder.header, as: "routes.csv")
    try folder.write(before, as: "routes.yaml")
    #expect {
      _ = try changeYAML(table, folder)
    } throws: { error in
      (error as? RegisterError)?.findings.contains { $0.code.rawValue == code } ?? false
    }
    #expect(try folder.text(of: "routes.yaml") == before)
  }

  @Test("begins a list in YAML where there is none", arguments: ["", "routes: []\n", "templates: {}\n"])
  func begunYAML(before: String) throws {
    let folder = try RegisterFolder()
    try folder.write(RegisterFolder.header, as: "routes.csv")
    if !before.isEmpty { try folder.write(before, as: "routes.yaml") }
    let edit = try changeYAML(
      "name;account;infref;authority;recipient-it-system\nr;fagsystem;\(RegisterFolder.infRef);64942212;\(RegisterFolder.receiver)\n",
      folder)
    #expect(edit.added == ["r"])
    #expect(
      try folder.text(of: "routes.yaml").hasSuffix(
        "routes:\n  - {name: r, account: fagsystem, infref: \(RegisterFolder.infRef), authority: \"64942212\", recipient-it-system: \"\(RegisterFolder.receiver)\"}\n"
      ))
  }

  @Test(
    "keeps the comment behind an empty routes: when the first route is added",
    arguments: [
      ("routes: # ours\n", "routes: # ours\n"), ("routes: []  # ours\n", "routes:  # ours\n"),
      ("routes: null\t# ours\n", "routes:\t# ours\n"),
    ])
  func commentOfHeading(before: String, heading: String) throws {
    let folder = try RegisterFolder()
    try folder.write(RegisterFolder.header, as: "routes.csv")
    try folder.write(before, as: "routes.yaml")
    let edit = try changeYAML(
      "name;account;infref;authority;recipient-it-system\nr;fagsystem;\(RegisterFolder.infRef);64942212;\(RegisterFolder.receiver)\n",
      folder)
    #expect(edit.added == ["r"])
    #expect(try folder.text(of: "routes.yaml").hasPrefix(heading + "  - {name: r, "))
  }

  @Test("keeps a comment that a tab sets apart from the value before it")
  func commentBehindTab() throws {
    let folder = try RegisterFolder()
    try folder.write(RegisterFolder.header, as: "routes.csv")
    let before = Self.yamlList.replacing("municipality: Aarhus", with: "municipality: Aarhus\t# the city")
    try folder.write(before, as: "routes.yaml")
    #expect(try changeYAML("template;municipality;authority\nflis;0751;29189617\n", folder).changed == ["flis-0751"])
    #expect(try folder.text(of: "routes.yaml").contains("municipality: \"0751\"\t# the city\n"))
  }

  @Test(
    "refuses a table with a row of another number of cells, two rows of one route or a doubled column, at its line",
    arguments: [
      ("municipality;template;authority\n0492;flis;28856075\n0751;flis\n", ["3:1 error cell-count"]),
      (
        "municipality;template;authority\n0492;flis;28856075\n\u{C6}r\u{F8};flis;1\n",
        ["3:1 error doubled-name", "3:10 error invalid-cvr"]
      ),
      ("municipality;template;template\n0492;flis;flis\n", ["1:23 error doubled-column"]),
    ])
  func refusedTable(table: String, expected: [String]) throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    try folder.write(Self.yamlList, as: "routes.yaml")
    let isExpected = { (error: any Error) in
      let findings = (error as? RegisterError)?.findings ?? []
      return findings.map(RegisterFolder.short) == expected && findings.allSatisfy { $0.file == "new.csv" }
    }
    #expect {
      _ = try change(table, folder)
    } throws: { error in
      isExpected(error)
    }
    #expect {
      _ = try changeYAML(table, folder)
    } throws: { error in
      isExpected(error)
    }
    #expect(try folder.text(of: "routes.csv") == Self.list)
    #expect(try folder.text(of: "routes.yaml") == Self.yamlList)
  }

  @Test(
    "names file, line and column of the table for a value that it brings and that the list cannot take",
    arguments: [
      (
        "contact;municipality;template;authority\nAnna;0492;flis;28856075\nBo;0100;flis;28856075\n",
        "3:4 error unknown-municipality"
      ),
      ("municipality;template;authority\n0751;flis;2885607X\n", "2:11 error invalid-cvr"),
      ("name;account\nr;fagsystem\n", "2:1 error missing-value"),
      ("municipality;template\n0492;fils\n", "2:6 error unknown-template"),
    ])
  func placeInTheTable(table: String, finding: String) throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    try folder.write(Self.yamlList, as: "routes.yaml")
    func isPlaced(_ error: any Error) -> Bool {
      // A value that cannot be read may leave another one of its line, such as the name, without what it is made of.
      let findings = (error as? RegisterError)?.findings ?? []
      return findings.map(RegisterFolder.short).contains(finding) && findings.allSatisfy { $0.file == "new.csv" }
    }
    #expect {
      _ = try change(table, folder)
    } throws: { error in
      isPlaced(error)
    }
    #expect {
      _ = try changeYAML(table, folder)
    } throws: { error in
      isPlaced(error)
    }
  }

  @Test(
    "finds every mistake of a table at once, in header, rows and values, and nothing that only follows from another")
  func allMistakesOfTheTable() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    try folder.write(Self.yamlList, as: "routes.yaml")
    let table =
      "template;municipality;authority;authorty\nflis;0100;28856075;\nflis;0492;2885607X;\nflis;0461\n"
      + "flis;0461;35209115;\nflis;0461;35209115;\n"
    let expected = [
      "1:33 error unknown-column", "2:6 error unknown-municipality", "3:11 error invalid-cvr", "4:1 error cell-count",
      "6:1 error doubled-name",
    ]
    func isAll(_ error: any Error) -> Bool {
      let findings = (error as? RegisterError)?.findings ?? []
      return findings.map(RegisterFolder.short) == expected && findings.allSatisfy { $0.file == "new.csv" }
    }
    #expect {
      _ = try change(table, folder)
    } throws: { error in
      isAll(error)
    }
    #expect {
      _ = try changeYAML(table, folder)
    } throws: { error in
      isAll(error)
    }
    #expect(try folder.text(of: "routes.csv") == Self.list)
    #expect(try folder.text(of: "routes.yaml") == Self.yamlList)
  }

  /// The findings for which a table is refused.
  private static func refusals(_ change: () throws -> ListEdit) throws -> [RegisterFinding] {
    do {
      _ = try change()
      return []
    } catch let error as RegisterError {
      return error.findings
    }
  }

  @Test(
    "judges names, templates and missing values beside a faulty header or row, without what may only follow from it",
    arguments: [
      // A column of one's own hides nothing, and a slip in a header only what it stands for.
      (
        "template;municipality;authority;bem\u{E6}rk\nfils;0492;28856075;\n",
        ["1:33 error unknown-column", "2:1 error unknown-template"]
      ),
      (
        "templat;municipality;authority\nflis;0492;28856075\nflis;0461;2885607X\n",
        ["1:1 error unknown-column", "3:11 error invalid-cvr"]
      ),
      (
        "template;municipalty;authority\nflis;Aarhus;55133018\nflis;Odense;3520911X\n",
        ["1:10 error unknown-column", "3:13 error invalid-cvr"]
      ),
      (
        "name;acount;account-no\nr;fagsystem;\n",
        ["1:6 error unknown-column", "1:13 error unknown-column"]
      ),
      (
        "name;account\nr;fagsystem\nq\n",
        Array(repeating: "2:1 error missing-value", count: 3) + ["3:1 error cell-count"]
      ),
      // The template of a row that cannot be read is not missing.
      (
        "name;template;municipality;authority\n@ny;;\n;ny;0492;28856075\n;fils;0461;35209115\n",
        ["2:1 error cell-count", "4:2 error unknown-template"]
      ),
      // Both rows of one route are judged, each at its line.
      (
        "template;municipality;authority\nflis;0461;3520911X\nflis;0461;3520911Y\n",
        ["2:11 error invalid-cvr", "3:1 error doubled-name", "3:11 error invalid-cvr"]
      ),
    ])
  func besideFaultyRows(table: String, expected: [String]) throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    try folder.write(Self.yamlList, as: "routes.yaml")
    let found = try Self.refusals { try change(table, folder) }
    #expect(found.map(RegisterFolder.short) == expected, "\(found)")
    let inYAML = try Self.refusals { try changeYAML(table, folder) }
    #expect(inYAML.map(RegisterFolder.short) == expected, "\(inYAML)")
    #expect((found + inYAML).allSatisfy { $0.file == "new.csv" })
    #expect(try folder.text(of: "routes.csv") == Self.list)
    #expect(try folder.text(of: "routes.yaml") == Self.yamlList)
  }

  @Test("judges the rows of a faulty table for a list that is not there yet, and makes none")
  func faultyTableForANewList() throws {
    let folder = try RegisterFolder()
    let table = "name;account;authority;municipalty\nr;fagsystem;2885607X;\nr;fagsystem;28856075;\n"
    let found = try Self.refusals { try change(table, folder) }
    // The InfRef and the recipient's system are missing.
    let expected = [
      "1:24 error unknown-column", "2:1 error missing-value", "2:1 error missing-value", "2:13 error invalid-cvr",
      "3:1 error doubled-name",
    ]
    #expect(found.map(RegisterFolder.short) == expected, "\(found)")
    #expect(!FileManager.default.fileExists(atPath: folder.list.string))
  }

  @Test("refuses every row without a name, each with all that it lacks")
  func rowsWithoutNames() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    let found = try Self.refusals { try change("contact;account\nAnna;fagsystm\nBo;fagsystem\n", folder) }
    // The name, the InfRef, and the recipient's authority and system.
    let missing = { (line: Int) in Array(repeating: "\(line):1 error missing-value", count: 4) }
    #expect(found.map(RegisterFolder.short) == missing(2) + ["2:6 error unknown-account"] + missing(3), "\(found)")
    #expect(found.allSatisfy { $0.file == "new.csv" })
  }

  @Test(
    "compares CVR numbers of municipalities beside other mistakes of the table",
    arguments: [
      (
        "template;municipality;authority\nflis;0461;55133018\nflis;0492;2885607X\n",
        ["2:1 error municipality-authority", "3:11 error invalid-cvr"]
      ),
      (
        "template;municipality;authority;authorty\nflis;0461;55133018;\nflis;0561\n",
        ["1:33 error unknown-column", "2:1 error municipality-authority", "3:1 error cell-count"]
      ),
      // A doubled row is no second number of its municipality, and an unread column may say what a number is.
      (
        "template;municipality;authority\nflis;0461;35209115\nflis;0461;29189803\n", ["3:1 error doubled-name"]
      ),
      (
        "template;municipality;authority;sender-authorty\nflis;0461;55133018;35209115\n",
        ["1:33 error unknown-column"]
      ),
    ])
  func numbersBesideOtherMistakes(table: String, expected: [String]) throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    let found = try Self.refusals { try change(table, folder) }
    #expect(found.map(RegisterFolder.short) == expected, "\(found)")
    #expect(found.allSatisfy { $0.file == "new.csv" })
    #expect(try folder.text(of: "routes.csv") == Self.list)
  }

  @Test("names the mistakes that the list has already after those of the table")
  func mistakesOfBoth() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list.replacing("64942212", with: "6494221X"), as: "routes.csv")
    let found = try Self.refusals {
      try change("municipality;template;authority\n0492;flis\n0461;flis;35209115\n", folder)
    }
    #expect(found.map(RegisterFolder.short) == ["2:1 error cell-count", "6:14 error invalid-cvr"], "\(found)")
    #expect(found.map(\.file) == ["new.csv", folder.list])
  }

  @Test("leaves the list's own place to a finding about what the table does not say")
  func placeInTheList() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list.replacing("64942212", with: "6494221X"), as: "routes.csv")
    #expect {
      _ = try change("municipality;template;contact\n0101;flis;Anna\n", folder)
    } throws: { error in
      let first = (error as? RegisterError)?.findings.first
      return first.map(RegisterFolder.short) == "6:14 error invalid-cvr" && first?.file == folder.list
    }
  }

  @Test("passes over the blank rows that a spreadsheet leaves")
  func blankRows() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    try folder.write(Self.yamlList, as: "routes.yaml")
    let table = "municipality;template;authority\n;;\n0492;flis;28856075\n;\n ;;;\n"
    let edit = try change(table, folder)
    #expect(edit.added == ["flis-0492"] && edit.changed.isEmpty && edit.unchanged == 0)
    let inYAML = try changeYAML(table, folder)
    #expect(inYAML.added == ["flis-0492"] && inYAML.changed.isEmpty && inYAML.unchanged == 0)
    #expect(try folder.text(of: "routes.csv") == Self.list + ";flis;;;0492;28856075;\n")
  }

  @Test("warns of a table in windows-1252, and keeps the byte-order mark of the list")
  func encodings() throws {
    let folder = try RegisterFolder()
    let marked: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(Self.list.utf8)
    try folder.write(marked, as: "routes.csv")
    let table = "municipality;template;authority\n\u{C6}r\u{F8};flis;28856075\n"
    let settings = try #require(SettingsReading(folder.settingsFile).settings)
    let edit = try RouteRegister.change(
      folder.list, by: table.unicodeScalars.map { UInt8($0.value) }, from: "new.csv",
      settings: RegisterSurroundings(settings), isTrial: false
    ).edit
    #expect(edit.warnings.map(\.code) == [.otherEncoding])
    #expect(edit.warnings.map(\.file) == ["new.csv"])
    let written = try Data(contentsOf: URL(fileURLWithPath: folder.list.string))
    #expect(Array(written) == marked + Array(";flis;;;\u{C6}r\u{F8};28856075;\n".utf8))
    // The same as UTF-8 changes nothing, and no word is said.
    let again = try change(table, folder)
    #expect(again.isEmpty && again.warnings.isEmpty)
  }

  @Test("says that a list in windows-1252 is written as UTF-8, and only where it is written")
  func rewrittenEncoding() throws {
    let folder = try RegisterFolder()
    let text = Self.list.replacing("# the first", with: "# den f\u{F8}rste")
    try folder.write(text.unicodeScalars.map { UInt8($0.value) }, as: "routes.csv")
    let same = try change("municipality;template;authority\n0101;flis;64942212\n", folder)
    #expect(same.isEmpty && same.warnings.map(\.remedy.en) == ["save the file as UTF-8"])
    let edit = try change("municipality;template;authority\n0492;flis;28856075\n", folder)
    #expect(edit.warnings.map(\.code) == [.otherEncoding] && edit.warnings.map(\.file) == [folder.list])
    #expect(edit.warnings.first?.message.en.hasSuffix("and this change writes the whole list as UTF-8") == true)
    #expect(edit.warnings.first?.message.da.contains("skriver hele listen som UTF-8") == true)
    #expect(try folder.text(of: "routes.csv") == text + ";flis;;;0492;28856075;\n")
  }

  @Test("keeps the end of every line, and adds lines with the end that the first has; UTF-16 becomes marked UTF-8")
  func lineEnds() throws {
    let folder = try RegisterFolder()
    let table = "municipality;template;authority\n0101;flis;64942222\n0492;flis;28856075\n"
    let header = String(RegisterFolder.header.dropLast())
    let mixed =
      "\(header)\r\n\(RegisterFolder.template);flis;;;0101;64942212;\r\n;flis;;;0751;55133018;"
    try folder.write(mixed, as: "routes.csv")
    _ = try change(table, folder)
    let expected = mixed.replacing("64942212", with: "64942222") + "\r\n;flis;;;0492;28856075;\r\n"
    #expect(try folder.text(of: "routes.csv").utf8.elementsEqual(expected.utf8))
    // The same in YAML.
    let yaml = String(Self.yamlList.dropLast()).replacing("\n", with: "\r\n")
    try folder.write(yaml, as: "routes.yaml")
    _ = try changeYAML("template;municipality;contact\nflis;0751;Anna\n", folder)
    let written = try folder.text(of: "routes.yaml")
    #expect(written.unicodeScalars.filter { $0 == "\r" }.count == written.unicodeScalars.filter { $0 == "\n" }.count)
    #expect(written.unicodeScalars.contains("\r") && written.contains("contact: Anna"))
    let wide: [UInt8] = Self.list.utf16.flatMap { unit in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    try folder.write([0xFF, 0xFE] + wide, as: "routes.csv")
    _ = try change("municipality;template;authority\n0492;flis;28856075\n", folder)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.list.string))
    #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]) && bytes.suffix(5).elementsEqual("075;\n".utf8))
  }

  private static let otherSystem = "0d8a7a5c-1111-4222-8333-444455559999"

  @Test(
    "refuses routes with which the settings could not be loaded any more, and leaves the old list",
    arguments: [
      (
        "municipality;template;authority;recipient-it-system\n0492;flis;28856075;\(RegisterFolder.receiver)\n",
        "system-in-both-environments"
      ),
      (
        "municipality;template;authority;recipient-it-system;outgoing\n0492;flis;28856075;\(Self.otherSystem);out\n"
          + "0101;flis;64942212;\(Self.otherSystem);out/inner\n", "conflict"
      ),
    ])
  func unloadable(table: String, code: String) throws {
    let folder = try RegisterFolder()
    let trial = """
        trial:
          host: sftpexttest.serviceplatformen.dk
          user: fagsystem
          key: keys/trial
          host-keys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
          it-system: \(RegisterFolder.receiver)
      routes-file:
      """
    let settings = try folder.text(of: "filsluse.yaml").replacing("routes-file:", with: trial)
    try folder.write(settings, as: "filsluse.yaml")
    let list = RegisterFolder.header + "@flis;;fagsystem;\(RegisterFolder.infRef);;;\n"
    try folder.write(list, as: "routes.csv")
    for isTrial in [true, false] {
      #expect {
        _ = try change(table, folder, isTrial: isTrial)
      } throws: { error in
        (error as? RegisterError)?.findings.map(\.code.rawValue) == [code]
      }
    }
    #expect(try folder.text(of: "routes.csv") == list)
    // A route that is in nothing's way is taken.
    let sound =
      "municipality;template;authority;recipient-it-system;outgoing\n0492;flis;28856075;\(Self.otherSystem);out\n"
    #expect(try change(sound, folder).added == ["flis-0492"])
    _ = try ExchangeSettings.load(folder.settingsFile)
  }

  @Test("an exported register reads as the same routes")
  func export() throws {
    let folder = try RegisterFolder()
    let register = try #require(try folder.reading(Self.list).register)
    let again = try #require(try folder.reading(register.csv()).register)
    #expect(RouteChange.between(register, again).isEmpty)
    #expect(again.routes.map(\.name) == ["flis-0101", "flis-0751"])
  }

  @Test("says what a difference means for the person who approves it, in both languages")
  func differences() throws {
    let folder = try RegisterFolder()
    let old = try #require(try folder.reading(Self.list).register)
    let text = Self.list.replacing("0101;64942212", with: "0101;28856075") + ";flis;;;0492;28856075;\n"
    let new = try #require(try folder.reading(text.replacing(";flis;;;0751;55133018;\n", with: "")).register)
    let changes = RouteChange.between(old, new)
    #expect(
      changes.map { "\($0.kind) \($0.route) \($0.column?.rawValue ?? "")" } == [
        "changed flis-0101 sender-authority", "changed flis-0101 recipient-authority", "removed flis-0751 ",
        "added flis-0492 ",
      ])
    #expect(changes[0].before == "64942212" && changes[0].after == "28856075")
    #expect(changes[0].meaning.en.contains("route order") && changes[0].meaning.da.contains("rutebestilling"))
  }

  @Test(
    "says of a route that is gone in a trial that its files are refused, and what its end means on the real platform")
  func removedInTrial() throws {
    let folder = try RegisterFolder()
    let old = try #require(try folder.reading(Self.list).register)
    let new = try #require(try folder.reading(Self.list.replacing(";flis;;;0751;55133018;\n", with: "")).register)
    let change = try #require(RouteChange.between(old, new).first)
    let (refusal, ending) = (
      "its files are refused from now on; ", "end the route at the HelpDesk, as it is invoiced until then"
    )
    #expect(change.kind == .removed && change.meaning.en == refusal + ending)
    #expect(change.inTrial.meaning.en == refusal + "nothing is ordered in a trial; on the real platform: " + ending)
    #expect(change.inTrial.meaning.da.hasPrefix("dens filer afvises fra nu af; i en pr\u{F8}ve bestilles intet; "))
    let added = try #require(RouteChange.between(new, old).first)
    #expect(added.inTrial.meaning.en == "nothing is ordered in a trial; on the real platform: " + added.meaning.en)
  }

  @Test("keeps every line that commands add to one list at the same time")
  func manyChanges() async throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    let list = folder.list
    let surroundings = RegisterSurroundings(try #require(SettingsReading(folder.settingsFile).settings))
    let codes = ["0461", "0851", "0561", "0492", "0219", "0615", "0630", "0657"]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, code) in codes.enumerated() {
        let table = Array("municipality;template;authority\n\(code);flis;9900000\(index)\n".utf8)
        group.addTask {
          _ = try RouteRegister.change(list, by: table, from: "new.csv", settings: surroundings, isTrial: false)
        }
      }
      try await group.waitForAll()
    }
    let register = try #require(try ExchangeSettings.loadWithRegister(folder.settingsFile).register)
    #expect(Set(register.routes.map(\.name)) == Set((["0101", "0751"] + codes).map { "flis-\($0)" }))
    #expect(register.routes.count == codes.count + 2)
  }

  @Test("takes a table of 20,000 lines, each of which is a route then")
  func manyLines() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    let lines = (1...20_000).map { number -> String in
      let digits = String(repeating: "0", count: 12 - "\(number)".count) + "\(number)"
      return "r\(number);flis;0101;64942212;0d8a7a5c-1111-4222-8333-\(digits)\n"
    }
    let edit = try change("name;template;municipality;authority;recipient-it-system\n" + lines.joined(), folder)
    #expect(edit.added.count == 20_000 && edit.changes.isEmpty)
    let text = try folder.text(of: "routes.csv")
    #expect(text.hasPrefix(Self.list) && text.utf8.last == UInt8(ascii: "\n"))
    let register = try #require(try ExchangeSettings.loadWithRegister(folder.settingsFile).register)
    #expect(register.routes.count == 20_002 && register.routes.last?.name == "r20000")
  }

  @Test("puts a new value into many routes in YAML that are written over several lines, each in its own")
  func manyNewValuesInYAML() throws {
    let folder = try RegisterFolder()
    let head = "templates:\n  flis: {account: fagsystem, infref: \(RegisterFolder.infRef)}\nroutes:\n"
    func route(_ number: Int, _ contact: String) -> String {
      "  - template: flis\n\(contact)    name: r\(number)\n    authority: \"64942212\"\n"
        + "    recipient-it-system: 0d8a7a5c-1111-4222-8333-00000000000\(number)\n"
    }
    try folder.write(RegisterFolder.header, as: "routes.csv")
    try folder.write(head + (1...3).map { route($0, "") }.joined(), as: "routes.yaml")
    let edit = try changeYAML("name;contact\nr1;Anna\nr3;Bo\n", folder)
    #expect(edit.changed == ["r1", "r3"])
    let expected = head + route(1, "    contact: Anna\n") + route(2, "") + route(3, "    contact: Bo\n")
    #expect(try folder.text(of: "routes.yaml") == expected)
  }

  @Test("takes a table whose columns have Danish names, into a list that is there and into a new one")
  func danishColumns() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    let table = "Skabelon;Kommune;CVR;Gyldig fra\nflis;\u{C6}r\u{F8};28856075;2026-03-01\n"
    #expect(try change(table, folder).added == ["flis-0492"])
    let text = try folder.text(of: "routes.csv")
    #expect(text.hasSuffix(";flis;;;\u{C6}r\u{F8};28856075;;2026-03-01\n"))
    #expect(text.contains("recipient-it-system;valid-from\n"))
    try FileManager.default.removeItem(atPath: folder.list.string)
    let whole =
      "Rute;Konto;infref;Kommune;CVR;Modtagersystem\n"
      + "r;fagsystem;\(RegisterFolder.infRef);0492;28856075;\(RegisterFolder.receiver)\n"
    #expect(try change(whole, folder).added == ["r"])
    #expect(
      try folder.text(of: "routes.csv").hasPrefix("name;account;infref;municipality;authority;recipient-it-system\n"))
    // Both names of one column, and a list that has Danish names itself, are refused.
    let both = try Self.refusals { try change("name;CVR;myndighed\nr;28856075;28856075\n", folder) }
    #expect(both.map(RegisterFolder.short) == ["1:10 error doubled-column"], "\(both)")
    #expect(both.first?.message.en == "\"CVR\" and \"myndighed\" are both the column authority")
    #expect(try folder.findings(whole).contains("1:1 error unknown-column"))
  }

  @Test("names the columns once, however many are unknown, and judges the values of the others in the same round")
  func unknownColumns() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    let table =
      "template;Kommune;CVR;Gyldig fra;Farve;Vej\nflis;0492;2885607X;2026-02-30;;\nfils;0461;3520911X;2026-02-30;;\n"
    let found = try Self.refusals { try change(table, folder) }
    let expected = [
      "1:33 error unknown-column", "1:39 error unknown-column", "2:11 error invalid-cvr", "2:20 error invalid-date",
      "3:1 error unknown-template", "3:11 error invalid-cvr", "3:20 error invalid-date",
    ]
    #expect(found.map(RegisterFolder.short) == expected, "\(found)")
    #expect(found.count { $0.message.en.contains("the columns are name, template") } == 1)
  }

  @Test("judges the values of a line whose template, kind or direction is none, without what these decide")
  func partialLines() throws {
    let folder = try RegisterFolder()
    let header = "name;template;direction;account;kind;infref;authority;recipient-it-system;valid-from\n"
    let rest = "fagsystem;explicit;\(RegisterFolder.infRef);6494221X;\(RegisterFolder.receiver);2026-02-30\n"
    for (line, code, column) in [
      ("r;none;;" + rest, "unknown-template", 3), ("r;;sideways;" + rest, "bad-value", 4),
      ("r;;;" + rest.replacing("explicit", with: "made"), "bad-value", 15),
    ] {
      let found = try folder.findings(header + line)
      #expect(found.count == 3 && found.contains("2:\(column) error \(code)"), "\(found)")
      #expect(found.contains { $0.hasSuffix("invalid-cvr") } && found.contains { $0.hasSuffix("invalid-date") })
    }
  }

  // MARK: Errors that a table brings

  @Test("refuses a second route from and to the same as a whole, in a trial too, and takes one that was there before")
  func doubledRoute() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    let table = "name;template;municipality;authority\n;flis;0492;28856075\nb;flis;0751;55133018\n"
    for isTrial in [true, false] {
      let found = try Self.refusals { try change(table, folder, isTrial: isTrial) }
      #expect(found.map(RegisterFolder.short) == ["3:1 error doubled-route"] && found[0].file == "new.csv", "\(found)")
      #expect(found[0].message.en.hasSuffix("the same as \"flis-0751\" (line 7 of routes.csv)"), "\(found)")
      #expect(found[0].remedy.en == "keep one of the two")
    }
    #expect(try folder.text(of: "routes.csv") == Self.list)
    let both = "name;template;municipality;authority\na;flis;0492;28856075\nb;flis;0492;28856075\n"
    let ofTable = try Self.refusals { try change(both, folder) }
    #expect(ofTable.first?.message.en.hasSuffix("the same as \"a\" (line 2 of new.csv)") == true, "\(ofTable)")
    // An error that the list has already is a warning of another change.
    let doubled = Self.list + "b;flis;;;0751;55133018;\n"
    try folder.write(doubled, as: "routes.csv")
    let edit = try change("name;municipality;contact\nb;751;Anna\n", folder)
    #expect(edit.changed == ["b"] && edit.warnings.map(\.code) == [.doubledRoute])
  }

  @Test("refuses a sortiment from another sender than the classification system, and a second system with an InfRef")
  func otherNewErrors() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    for (row, code) in [
      ("b;fagsystem;SortimentOverf\u{F8}r_1;64942212;;\(Self.otherSystem)\n", RegisterFindingCode.sortimentSender),
      (
        "b;fagsystem;\(RegisterFolder.infRef);64942212;\(Self.otherSystem);0d8a7a5c-1111-4222-8333-444455551234\n",
        RegisterFindingCode.infRefOfOtherSystem
      ),
    ] {
      let table = "name;account;infref;authority;sender-it-system;recipient-it-system\n" + row
      let found = try Self.refusals { try change(table, folder) }
      #expect(found.map(\.code) == [code], "\(found)")
    }
    #expect(try folder.text(of: "routes.csv") == Self.list)
  }

  // MARK: Numbers of other municipalities

  /// The first reason why a table is refused; `nil` where it is taken.
  private func refusal(_ table: String, _ folder: borrowing RegisterFolder) throws -> RegisterFinding? {
    do {
      _ = try change(table, folder)
      return nil
    } catch let error as RegisterError {
      return error.findings.first
    }
  }

  @Test("names both lines that contradict, says how the wrong one is found, and words the change of the earlier one")
  func earlierLine() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    let table = "municipality;template;authority\n0461;flis;55133018\n"
    let other = try #require(try refusal(table, folder))
    #expect(RegisterFolder.short(other) == "2:1 error municipality-authority" && other.file == "new.csv")
    #expect(
      other.message.en.hasSuffix(
        "0461 Odense has the CVR number 55133018, which 0751 Aarhus has in line 7 of routes.csv"))
    #expect(other.remedy.en.contains("if it belongs to 0751 Aarhus, \"flis-0461\" is wrong; "))
    #expect(other.remedy.en.contains("if it belongs to 0461 Odense, correct \"flis-0751\" first: "))
    #expect(other.remedy.en.contains("template=flis municipality=0751 authority=CVR"))
    #expect(other.remedy.da.contains("template=flis municipality=0751 authority=CVR"))
    let second = "name;template;municipality;authority;recipient-it-system\nb;flis;0751;35209115;\(Self.otherSystem)\n"
    let two = try #require(try refusal(second, folder))
    #expect(two.message.en.hasSuffix("0751 Aarhus has the CVR number 35209115, and line 7 of routes.csv says 55133018"))
    #expect(two.remedy.en.contains("template=flis municipality=0751 authority=35209115"))
    #expect(try folder.text(of: "routes.csv") == Self.list)
    // The earlier line was the wrong one: its change is taken, and then the refused line is.
    #expect(try refusal("municipality;template;authority\n0751;flis;35209115\n", folder) == nil)
    #expect(try refusal(table, folder) == nil)
  }

  @Test("words no change of a single line where a municipality has several, which would contradict each other then")
  func severalEarlierLines() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list + "b;flis;;;0751;55133018;\(Self.otherSystem)\n", as: "routes.csv")
    let found = try #require(try refusal("municipality;template;authority\n0461;flis;55133018\n", folder))
    #expect(found.remedy.en.hasSuffix("correct the 2 lines of 0751 Aarhus first, all together"))
    let both = "name;municipality;template;authority\n;0751;flis;35209115\nb;0751;flis;35209115\n"
    #expect(try refusal(both, folder) == nil)
  }

  @Test("names both lines by their places in the table where it brings the two")
  func bothLinesOfTheTable() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    let found = try #require(
      try refusal("municipality;template;authority\n0461;flis;29189803\n0561;flis;29189803\n", folder))
    #expect(RegisterFolder.short(found) == "3:1 error municipality-authority" && found.file == "new.csv")
    #expect(found.message.en.hasSuffix("which 0461 Odense has in line 2 of new.csv"))
    #expect(found.remedy.en == "compare both lines with the business register, and correct the wrong one")
  }

  @Test("the count of the mistakes that are not listed is the last finding of a table with wrong values, too")
  func countOfMistakes() throws {
    let folder = try RegisterFolder()
    try folder.write(Self.list, as: "routes.csv")
    let doubled = String(repeating: "0492;flis;28856075\n", count: 1102)
    #expect {
      _ = try change("municipality;template;authority\n0751;flis;2885607X\n\(doubled)", folder)
    } throws: { error in
      let findings = (error as? RegisterError)?.findings ?? []
      return findings.first.map(RegisterFolder.short) == "2:11 error invalid-cvr"
        && findings.last?.message.en == "101 more findings are not listed"
    }
  }

  @Test("warns of another municipality's number in a trial, where numbers are made up, and changes the list")
  func numberInTrial() throws {
    let folder = try RegisterFolder()
    let settings = try folder.text(of: "filsluse.yaml")
    try folder.write(settings.replacing("sftp.serviceplatformen.dk", with: "127.0.0.1"), as: "filsluse.yaml")
    try folder.write(Self.list, as: "routes.csv")
    let table = "municipality;template;authority\n0461;flis;55133018\n"
    // A server of this machine alone is no trial: a tunnel may lead to the real one.
    #expect(try refusal(table, folder) != nil)
    var surroundings = RegisterSurroundings(try #require(SettingsReading(folder.settingsFile).settings))
    surroundings.trialAccounts = ["fagsystem"]
    let edit = try RouteRegister.change(
      folder.list, by: Array(table.utf8), from: "new.csv", settings: surroundings, isTrial: false
    ).edit
    let warning = try #require(edit.warnings.first { $0.code == .municipalityAuthority })
    #expect(RegisterFolder.short(warning) == "2:1 warning municipality-authority")
    #expect(warning.remedy.en.hasPrefix("made-up numbers are fine in a trial; for the real platform look 55133018 up"))
    #expect(edit.added == ["flis-0461"])
    #expect(try folder.text(of: "routes.csv").hasSuffix(";flis;;;0461;55133018;\n"))
  }
}
