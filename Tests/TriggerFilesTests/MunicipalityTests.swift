import Testing
import TriggerFiles

@Suite("Municipalities in file names")
struct MunicipalityTests {
  private static func codes(_ name: String) -> [String] {
    MunicipalityMention.all(in: name).map { $0.municipality.code }
  }

  /// As people write a name: with æ, ø, å composed or not, with ae, oe, aa, in capitals, with other separators, in the
  /// genitive and with the word for municipality.
  private static func spellings(_ name: String) -> [String] {
    let ascii = name.replacing("æ", with: "ae").replacing("ø", with: "oe").replacing("å", with: "aa").replacing(
      "Æ", with: "Ae"
    )
    .replacing("Ø", with: "Oe").replacing("Å", with: "Aa")
    let rings = name.replacing("Aa", with: "Å").replacing("aa", with: "å")
    let decomposed = [name, rings].map { $0.replacing("å", with: "a\u{30A}").replacing("Å", with: "A\u{30A}") }
    // As keyboards without the Danish letters have them, and with the marks lost.
    let foreign = rings.replacing("æ", with: "ä").replacing("ø", with: "ö").replacing("Æ", with: "Ä").replacing(
      "Ø", with: "Ö")
    let unmarked = rings.replacing("æ", with: "ae").replacing("ø", with: "o").replacing("Æ", with: "Ae").replacing(
      "Ø", with: "O")
    let plain =
      [name, ascii, rings, foreign, foreign.replacing("ö", with: "o\u{308}"), unmarked]
      + [unmarked.replacing("å", with: "a").replacing("Å", with: "A")] + decomposed
    let separated =
      plain + ["_", " ", ".", ""].flatMap { separator in plain.map { $0.replacing("-", with: separator) } }
    let genitives = separated.map { $0.hasSuffix("s") ? $0 : $0 + "s" }
    let cased = separated + separated.map { $0.uppercased() } + separated.map { $0.lowercased() }
    return cased + genitives.flatMap { ["\($0)", "\($0) Kommune", "\($0)_kommune", "\($0)kommune", "\($0)Kommune"] }
      + separated.flatMap { ["\($0)-Kommune", "Kommune \($0)", "KMD\($0)"] }
      + separated.flatMap { ["\($0)kommunen", "\($0) Kommunen"] }
      + genitives.flatMap { ["\($0)kommunes", "\($0) Kommunes", "kommune\($0.lowercased())"] }
      + separated.map { $0.prefix(1).lowercased() + $0.dropFirst().uppercased() }
  }

  @Test("finds each of the 98 by its code and by every spelling of its name")
  func findsEachByCodeAndName() {
    for municipality in Municipality.all {
      let short = String(municipality.code.dropFirst())
      let byCode = [
        "\(municipality.code).csv", "udtræk_\(municipality.code)_x.csv", "udtræk\(municipality.code).csv",
        "K\(municipality.code)", "\(municipality.code)x", "udtræk_\(short).csv", "\(short)-x.csv", "a \(short) b",
        "udtra\u{308}k_\(short).csv", "udtræk_2026_\(municipality.code).csv", "\(municipality.code)_20261128.csv",
        "kommune\(short).csv", "x_Kommunekode\(short)_y.csv",
      ]
      for name in byCode { #expect(Self.codes(name) == [municipality.code], "\(name)") }
      for spelling in Self.spellings(municipality.name) {
        for name in ["udtræk_\(spelling)_x.csv", "\(spelling).csv", "2026\(spelling)-x", "x (\(spelling)).zip"] {
          #expect(Self.codes(name) == [municipality.code], "\(name)")
        }
      }
    }
  }

  @Test(
    "finds no municipality in a name without one",
    arguments: [
      "udtræk.csv", "", "udtræk_07511.csv", "udtræk_75.csv", "751a", "a751.csv", "nr751", "00751", "udtræk_0752.csv",
      "aarhusianer.csv", "hovedvejen.csv", "vejene.csv", "grevens.csv", "skiver.csv", "kommune.csv",
      "adresser_vej_en.csv", "moms_var_de.csv", "kommunevejene.csv", "ski ve.csv", "borgere_taarn_by.csv",
      "business-receipt-0d8a7a5c-0751-4222-0492-444455550101.xml", "3f0751ab9c0492de1f.bin", "udtræk_０７５１.csv",
      "koger.csv", "aeroplan.csv", "20261128.csv", "2026-11-28.csv", "28-11-2026.csv", "281126.csv",
      "20261128073015.csv", "202611280730.csv",
    ])
  func findsNothing(name: String) { #expect(MunicipalityMention.all(in: name).isEmpty, "\(name)") }

  @Test("a name in other bytes than UTF-8 is read as ISO-8859-1")
  func readsLatin1() {
    let name: [UInt8] = Array("K".utf8) + [0xF8] + Array("benhavn_".utf8) + [0xC5] + Array("rhus.csv".utf8)
    #expect(MunicipalityMention.all(in: name).map(\.municipality.code) == ["0101", "0751"])
  }

  @Test("invisible characters hide no code and no name")
  func invisibleCharactersHideNothing() {
    #expect(Self.codes("udtræk_07\u{200B}51.csv") == ["0751"])
    #expect(Self.codes("Køben\u{AD}havn.csv") == ["0101"])
  }

  @Test("returns the text and its place")
  func tellsTextAndPlace() throws {
    let found = MunicipalityMention.all(in: "udtra\u{308}k_0492_A\u{30A}rhus Kommune_x.csv")
    #expect(found.map(\.text) == ["0492", "Århus Kommune"])
    #expect(found.map(\.shown.en).first == "0492 Ærø (“0492” at character 9)")
    #expect(found.last?.position == 14)
  }

  /// Digits of a date and the time right after one are there, and never contradict.
  static let datesAndTimes = [
    "20261128_0730", "20261128-0730", "20261128T0730", "20261128 kl 0730", "20261128 kl. 0730", "28112026_0730",
    "281126_0730", "261128_0730", "2026-11-28_0730", "2026-11-28T0730", "28-11-2026_0730", "28.11.2026 0730",
    "28-11-26_0730", "28nov2026_0730", "28. november 2026 0730", "2026-1128_0730", "1128-2026 0730",
    "2026-11-28T07.30.15.751", "20261128_073015.751", "20261128073015,751", "2026-11-28_07-30-15-751",
    "2026-0710", "0710-2026", "2026.0210", "20261128_0230", "2026_1128_0730",
    "20261128_tid_0730", "20261128 klokken 0730", "11-28-2026_0730", "2026332_0730", "D2026332.T0730",
  ]

  @Test("a date, and the time right after one, never contradict", arguments: datesAndTimes)
  func datesNeverContradict(text: String) throws {
    for name in ["udtræk_\(text).csv", "udtræk_0751_\(text)", "Aarhus_\(text).csv"] {
      let rule = RouteMunicipalityRule(municipality: "0751")
      #expect(throws: Never.self, "\(name)") { try rule.judge(local: name, wire: name) }
    }
    // On a route that names none they do not either, beside each other or beside a certain one.
    #expect(throws: Never.self) { try RouteMunicipalityRule().judge(local: "0492_\(text)", wire: "0492_\(text)_0492") }
    for mention in MunicipalityMention.all(in: "udtræk_\(text).csv") { #expect(mention.isDateOrTime, "\(mention)") }
  }

  @Test(
    "a code beside a date or a year is a code",
    arguments: [
      "udtræk_0492_20261128.csv", "20261128_0163.csv", "20261128_492.csv", "udtræk_2026_0492.csv",
      "udtræk_0101_2026.csv", "udtræk-0101-2026.csv", "2026_0710.csv", "20261128_0730_0492.csv",
      "20261128_073015_492.csv", "20269999_0730.csv", "0730_20261128.csv", "20261128x0730.csv",
      "20261128_____0730.csv", "00000000_0730.csv",
      "2026399_0730.csv", "20261128_til_0730.csv", "31-31-2026_0730.csv",
    ])
  func codesBesideDatesCount(name: String) {
    #expect(throws: MunicipalityContradiction.self) {
      try RouteMunicipalityRule(municipality: "0751").judge(local: name, wire: name)
    }
  }

  @Test("dates and times count where nothing else names a municipality")
  func countsWhatIsLeft() {
    func counted(_ name: String) -> [String] {
      MunicipalityMention.counted(MunicipalityMention.all(in: name)).map(\.municipality.code)
    }
    #expect(counted("udtræk_20261128_0730.csv") == ["0730"])
    #expect(counted("udtræk_751_20261128_0730.csv") == ["0751"])
    #expect(counted("udtræk_Aarhus_20261128_0730.csv") == ["0751"])
  }
}

@Suite("The rule of one municipality per file")
struct MunicipalityRuleTests {
  private func judge(
    _ local: String, _ wire: String? = nil, route: String? = "0751", passing: [String] = [], stated: String? = nil
  ) -> Result<String?, MunicipalityContradiction> {
    Result { () throws(MunicipalityContradiction) in
      try RouteMunicipalityRule(municipality: route, passedOver: passing).judge(
        local: local, wire: wire ?? local, stated: stated)
    }
  }

  @Test("every other municipality is refused on every route, by code and by name, with both named")
  func everyOtherIsRefused() {
    let all = Municipality.all
    for (index, municipality) in all.enumerated() {
      let other = all[(index + 1) % all.count]
      for text in [other.code, String(other.code.dropFirst()), other.name, "\(other.name) kommune"] {
        for name in ["udtræk_\(text).csv", "\(municipality.name)_\(text).csv", "\(text)-\(municipality.code).csv"] {
          guard case .failure(let refusal) = judge(name, route: municipality.code) else {
            Issue.record("\(name) by the route of \(municipality.title)")
            continue
          }
          let message = refusal.message.en
          #expect(message.contains(other.title) && message.contains(municipality.title), "\(refusal)")
          // Without a route's municipality two are refused, and one is right.
          let isOne = MunicipalityMention.all(in: name).count == 1
          guard case .success = judge(name, route: nil) else {
            #expect(!isOne, "\(name)")
            continue
          }
          #expect(isOne, "\(name)")
        }
      }
      for name in ["\(municipality.code)_\(municipality.name).csv", "udtræk.csv", "x_\(municipality.name) kommune"] {
        guard case .success(nil) = judge(name, route: municipality.code) else {
          Issue.record("\(name) by the route of \(municipality.title)")
          continue
        }
      }
    }
  }

  @Test(
    "both names are searched",
    arguments: [
      ("udtræk_0492.csv", "a.csv"), ("a.csv", "udtræk_0492.csv"), ("0751.csv", "Ærø.csv"), ("0751.csv", "492.csv"),
    ])
  func bothNames(local: String, wire: String) throws {
    let refusal = try #require(throws: MunicipalityContradiction.self) { try judge(local, wire).get() }
    #expect(refusal.message.en.contains("0492 Ærø") && refusal.message.en.contains("0751 Aarhus"))
    #expect(refusal.message.en.contains(wire == "a.csv" ? "its name “udtræk_0492.csv”" : "its name on the wire"))
    #expect(refusal.statement == "0751" && refusal.remedy.en.contains("not-municipalities:"))
  }

  @Test("accepts a statement against any name, and records it with what the name says")
  func statements() throws {
    let note = try #require(try judge("beløb_0400_Vejen.csv", stated: "751").get())
    #expect(note.hasPrefix("stated to hold 0751 Aarhus; its name says 0400 Bornholm"))
    #expect(note.contains("0575 Vejen"))
    #expect(try judge("0751_0492.csv", route: nil, stated: "0492").get()?.hasPrefix("stated to hold 0492 Ærø") == true)
    for wrong in ["0492", "0752", "", "Aarhus"] {
      #expect(throws: MunicipalityContradiction.self) { try judge("a.csv", stated: wrong).get() }
    }
  }

  @Test(
    "a contradiction that a route passes over is accepted, and recorded",
    arguments: [
      ("Udvidelse af vejen.csv", "Vejen"), ("beløb_0400.csv", "0400"), ("beløb_400.csv", "400"),
      ("skive-5.csv", "SKIVE"), ("a\u{30A}rsrapport_odder.csv", "odder"), ("grev_greve.csv", "Greve"),
      ("version_1.210.csv", "210"),
    ])
  func passedOver(name: String, word: String) throws {
    #expect(throws: MunicipalityContradiction.self) { try judge(name).get() }
    let note = try #require(try judge(name, passing: [word]).get())
    #expect(note.hasPrefix("not-municipalities of the route passes over"), "\(note)")
    // Only what is named: the municipality's full name is not the word.
    #expect(throws: MunicipalityContradiction.self) { try judge("0492_" + name, passing: [word]).get() }
    #expect(throws: MunicipalityContradiction.self) { try judge("Vejen Kommune.csv", passing: [word]).get() }
  }

  @Test("records nothing where nothing was passed over")
  func noTraceWithoutNeed() throws {
    #expect(try judge("udtræk_0751.csv", passing: ["Vejen"]).get() == nil)
    #expect(try judge("udtræk_Aarhus_0751.csv").get() == nil)
  }

  @Test(
    "names of nightly runs are not stopped",
    arguments: [
      "udtræk_0751_20261128_0730.csv", "Aarhus_2026-11-28_0230.csv", "udtræk_20261128_073015.csv", "udtræk_2026.csv",
      "udtræk_v2.csv", "udtræk_12345678.csv", "udtræk_1.csv", "udtræk_99.csv", "FLIS_Aarhus Kommune_2026_uge_48.zip",
      "SF1630_0751_udtræk.xml", "FagsystemdefineredeDataRefGDPR1203_1.csv", "udtræk_1203.csv", "rapport_Q4_2026.pdf",
      "udtræk_0751_010190-1234.csv", "Århus_Lønudtræk_28.11.2026_kl_0730.csv", "aarhus.kommune.20261128T0730.csv",
      "udtræk_0751_1500000.csv", "AArhus_0751.csv", "udtræk(751).csv", "0d8a7a5c-0492-4222-8333-444455556666.xml",
    ])
  func nightlyNames(name: String) throws {
    #expect(try judge(name).get() == nil, "\(name)")
    #expect(try judge(name, "\(name).flis-0751", route: "0751").get() == nil, "\(name)")
  }
}
