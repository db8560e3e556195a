import Testing

@testable import FileExchange

@Suite struct SharedTextsTests {
  @Test("keeps the spelling of each text")
  func spellings() {
    var texts = SharedTexts()
    let names = ["bl\u{E5}.csv", "bla\u{30A}.csv", "bl\u{E5}.csv", "", "FagsystemdefineredeDataRefGDPR1203_1"]
    for name in names { #expect(Array(texts.shared(name).utf8) == Array(name.utf8)) }
  }
}
