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

  @Test func findsNamesAnywhereInAText() {
    #expect(Self.names("SortimentOverfør_1") == ["1:1 SortimentOverfør_1 good"])
    #expect(Self.names("æ\nå “SortimentOverfor_2”,") == ["2:4 SortimentOverfor_2 letter"])
    #expect(Self.names("a/SortimentOverf&#xF8;r_2/") == ["1:3 SortimentOverfør_2 good"])
    #expect(Self.names("So\u{AD}rtimentOverfør_1") == ["1:1 So\u{AD}rtimentOverfør_1 invisible-character"])
  }

  @Test func joinsWhatALineBreakCut() {
    let found = Self.names("se Fagsystemdefinerede-\n  DataRefGDPR7_1.")
    #expect(found == ["1:4 Fagsystemdefinerede-\n  DataRefGDPR7_1 invisible-character"])
    #expect(Self.names("vort sortiment\noverføres, Sortiment\nog mere") == [])
  }

  @Test func leavesOtherWordsAlone() {
    for text in [
      "kontoversigt sortimentet GDPR-loven GDPR 2016", "FagsystemdefineredeDataAflever_1 SF1630 SF7002",
      "SortimentOverfoerService", "SortimentOverfor_1.csv", "InfRef: se skema", "conference infrequent", "",
    ] { #expect(Self.names(text) == [], "\(text)") }
  }

  @Test func trustsLabelsAsFarAsTheirSurroundingsAllow() {
    #expect(Self.names("infref: SF1630", .structured) == ["1:9 SF1630 integration-number"])
    #expect(Self.names("<InfRef> X_1</InfRef>", .markup) == ["1:9  X_1 surrounding-space"])
    #expect(Self.names("<!-- InfRef: se skema -->", .markup) == [])
    #expect(Self.names("# infref: se skema", .structured) == [])
    #expect(Self.names("\"infRef\": null, \"infRef\": \"\"", .structured) == [])
  }

  @Test func readsBytesThatAreNoText() {
    var bytes = Array("InfRef=<InfRef>&#248;ntov-\n GDPR1 infref:'SortimentOverf".utf8)
    for cut in bytes.indices {
      _ = InfRefScanner().occurrences(in: Array(bytes[cut...]))
      _ = InfRefScanner().occurrences(in: Array(bytes[..<cut]))
      bytes[cut] ^= 0xA5
      _ = InfRefScanner().occurrences(in: bytes)
    }
  }
}
