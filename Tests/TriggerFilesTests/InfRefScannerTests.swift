import SeededNumbers
import Testing
import TriggerFiles

@Suite struct InfRefScannerTests {
  private static func names(
    _ text: String, _ surroundings: InfRefScanner.Surroundings = .prose
  ) -> [String] {
    InfRefScanner(surroundings: surroundings).occurrences(in: Array(text.utf8)).map {
      "\($0.position) \($0.name) \($0.findings.first?.code.rawValue ?? "good")"
    }
  }

  @Test("finds names anywhere in a text")
  func findsNamesAnywhereInAText() {
    #expect(Self.names("SortimentOverfør_1") == ["1:1 SortimentOverfør_1 good"])
    #expect(Self.names("æ\nå “SortimentOverfor_2”,") == ["2:4 SortimentOverfor_2 letter"])
    #expect(Self.names("a/SortimentOverf&#xF8;r_2/") == ["1:3 SortimentOverfør_2 good"])
    #expect(Self.names("So\u{AD}rtimentOverfør_1") == ["1:1 So\u{AD}rtimentOverfør_1 invisible-character"])
  }

  @Test("joins a name that is broken over two lines")
  func joinsWhatALineBreakCut() {
    let found = Self.names("se Fagsystemdefinerede-\n  DataRefGDPR7_1.")
    #expect(found == ["1:4 Fagsystemdefinerede-\n  DataRefGDPR7_1 invisible-character"])
    #expect(Self.names("vort sortiment\noverføres, Sortiment\nog mere") == [])
  }

  @Test(
    "joins a name that a line break cut behind its label, wherever it was cut, and gives its right spelling",
    arguments: [
      ("Sortiment-\nOverfør_1", "SortimentOverfør_1"), ("SortimentOverfø-\n  r_2", "SortimentOverfør_2"),
      ("SortimentOverfør_\n1", "SortimentOverfør_1"), ("SortimentOverfør\r\n_1", "SortimentOverfør_1"),
      ("SortimentOverfør-\n1", "SortimentOverfør_1"),
      ("Fagsystemdefinerede\r\n  DataRefGDPR1203_1", "FagsystemdefineredeDataRefGDPR1203_1"),
      ("Fagsystemdefinerede-\n> > DataRefGDPR1203_1", "FagsystemdefineredeDataRefGDPR1203_1"),
      ("FagsystemdefineredeDataRef-\nGDPR1203_1", "FagsystemdefineredeDataRefGDPR1203_1"),
      ("FagsystemdefineredeDataRefGDPR12-\n03_1", "FagsystemdefineredeDataRefGDPR1203_1"),
      ("FagsystemdefineredeDataRefGDPR12\n03_1", "FagsystemdefineredeDataRefGDPR1203_1"),
      ("FagsystemdefineredeDataRefGDPR1203-\n_1", "FagsystemdefineredeDataRefGDPR1203_1"),
      ("FagsystemdefineredeDataRefGDPR1203-\n1", "FagsystemdefineredeDataRefGDPR1203_1"),
      ("FakturaInformation-\nAfsend_1", "FakturaInformationAfsend_1"),
    ])
  func joinsWhatALineBreakCutBehindALabel(name: String, right: String) throws {
    let found = InfRefScanner(surroundings: .structured).occurrences(in: Array("infref: \(name)\nandet\n".utf8))
    let occurrence = try #require(found.first)
    #expect(found.count == 1 && occurrence.name == name)
    #expect(occurrence.findings.contains { $0.suggestion == right }, "\(occurrence.findings)")
    // What merely follows in the next line is no part of a name.
    let apart =
      "infref: FagsystemdefineredeDataRefGDPR12\n2026_11_05 ok\ninfref: SortimentOverfør_1\nSortimentOverfør_2\n"
    let names = InfRefScanner(surroundings: .structured).occurrences(in: Array(apart.utf8)).map(\.name)
    #expect(names == ["FagsystemdefineredeDataRefGDPR12", "SortimentOverfør_1", "SortimentOverfør_2"])
  }

  @Test("leaves other words alone")
  func leavesOtherWordsAlone() {
    for text in [
      "kontoversigt sortimentet GDPR-loven GDPR 2016", "FagsystemdefineredeDataAflever_1 SF1630 SF7002",
      "SortimentOverfoerService", "SortimentOverfor_1.csv", "InfRef: se skema", "conference infrequent", "",
    ] { #expect(Self.names(text) == [], "\(text)") }
  }

  @Test("trusts labels as far as their surroundings allow")
  func trustsLabelsAsFarAsTheirSurroundingsAllow() {
    #expect(Self.names("infref: SF1630", .structured) == ["1:9 SF1630 integration-number"])
    #expect(Self.names("<InfRef> X_1</InfRef>", .markup) == ["1:9  X_1 surrounding-space"])
    #expect(Self.names("<!-- InfRef: se skema -->", .markup) == [])
    #expect(Self.names("# infref: se skema", .structured) == [])
    #expect(Self.names("\"infRef\": null, \"infRef\": \"\"", .structured) == [])
  }

  /// Names as people misspell them, some millions of them different in their numbers alone.
  private static func misspeltNames(_ count: Int) -> [String] {
    var numbers = SeededGenerator(seed: 14)
    let right = [
      "SortimentOverfør_1", "FagsystemdefineredeDataRefGDPR1203_1", "SF1590_D", "SF7002", "Egen_12",
      "FakturaInformationAfsend_1", "ØiRFakturaTilGodkendelseSvarAfsend_1", "EP_FagsystemdefineredeDataAflever_1",
    ]
    let signs = Array("SortimenverføOg_-0123789 GDPRPXN<>*Ã¸é=:".unicodeScalars) + ["\u{AD}", "\u{200B}", "\u{663}"]
    return (0..<count).map { _ in
      var name = Array(right[Int.random(in: right.indices, using: &numbers)].unicodeScalars)
      for _ in 0..<Int.random(in: 0...3, using: &numbers) {
        let at = Int.random(in: name.indices, using: &numbers)
        switch Int.random(in: 0...2, using: &numbers) {
        case 0: name.insert(signs[Int.random(in: signs.indices, using: &numbers)], at: at)
        case 1: name[at] = signs[Int.random(in: signs.indices, using: &numbers)]
        default: if name.count > 1 { name.remove(at: at) }
        }
      }
      if Bool.random(using: &numbers) { name += Array("\(Int.random(in: 0..<5000, using: &numbers))".unicodeScalars) }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: name)
      return String(text)
    }
  }

  @Test(
    "judges a name among thousands as it judges the name alone", arguments: [[], ["Egen_12", "Egen_3", "egen_77_1"]])
  func remembersVerdictsByShape(register: Set<String>) {
    let labels = ["InfRef=", "infref: '", "<InfRef>", "", "# infref: ", "Bestilling af overvågning InfRef="]
    // What stands between the lines keeps an order form's words away from the next, and ends a comment.
    let pause = "-->" + String(repeating: " ", count: 900) + "\n"
    for surroundings in [InfRefScanner.Surroundings.structured, .markup, .prose, .log] {
      let scanner = InfRefScanner(register: register, surroundings: surroundings)
      let lines = Self.misspeltNames(500).enumerated().map { index, name in
        "\(labels[index % labels.count])\(name)\(index % labels.count == 1 ? "'" : "</InfRef> ")\n"
      }
      let alone = lines.map { line in scanner.occurrences(in: Array(line.utf8)).map { "\($0.name): \($0.findings)" } }
      var together: [Int: [String]] = [:]
      var progress = ScanProgress()
      Array(lines.joined(separator: pause).utf8).withUnsafeBytes { bytes in
        scanner.scan(bytes, before: bytes.count, &progress) { findings, occurrence in
          let own = occurrence()
          #expect(findings.map(\.code) == own.findings.map(\.code), "\(own.name)")
          #expect(findings.map(\.severity) == own.findings.map(\.severity), "\(own.name)")
          together[(own.position.line - 1) / 2, default: []].append("\(own.name): \(own.findings)")
        }
      }
      #expect(together.count > 100)
      for (index, line) in lines.enumerated() where alone[index] != together[index, default: []] {
        Issue.record("\(surroundings) \(line): alone \(alone[index]), together \(together[index, default: []])")
      }
    }
  }

  @Test("reads bytes that are no text")
  func readsBytesThatAreNoText() {
    var bytes = Array("InfRef=<InfRef>&#248;ntov-\n GDPR1 infref:'SortimentOverf".utf8)
    for cut in bytes.indices {
      _ = InfRefScanner().occurrences(in: Array(bytes[cut...]))
      _ = InfRefScanner().occurrences(in: Array(bytes[..<cut]))
      bytes[cut] ^= 0xA5
      _ = InfRefScanner().occurrences(in: bytes)
    }
  }
}
