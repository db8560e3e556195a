import FilsluseSystem
import Testing

@Suite struct MaskedTests {
  @Test(arguments: [
    ("udtræk_0101901234.csv", "udtræk_**********.csv"),
    ("010190-1234", "******-****"),
    ("sag 311299 9999.xml", "sag ****** ****.xml"),
    ("6101901234", "**********"),
    ("æøå-0101901234-å", "æøå-**********-å"),
    ("0101901234_0202912345", "**********_**********"),
  ])
  func masksNumbersThatCouldBeACPRNumber(name: String, masked: String) {
    #expect(Masked.name(name) == masked)
  }

  @Test(arguments: [
    "20261121031447.csv", "FagsystemdefineredeDataRefGDPR1203_1", "9999991234", "010190-12345", "01019012345", "",
    "0101",
    "010190-", "3213901234",
  ])
  func leavesOtherNumbersAlone(name: String) {
    #expect(Masked.name(name) == name)
  }
}
