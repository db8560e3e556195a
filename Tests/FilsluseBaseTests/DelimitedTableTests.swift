import Testing

@testable import FilsluseBase

@Suite struct DelimitedTableTests {
  private func table(_ text: String) throws -> DelimitedTable { try DelimitedTable(reading: Array(text.utf8)) }

  @Test(
    "reads the output of spreadsheets",
    arguments: [
      "file;route\nå.csv;r1\n", "file,route\r\nå.csv,r1\r\n", "\u{FEFF}file\troute\nå.csv\tr1",
      "\"file\";\"route\"\n\"å.csv\";r1\n\n",
    ])
  func readsWhatSpreadsheetsWrite(text: String) throws {
    let table = try table(text)
    #expect(table.header.cells == ["file", "route"])
    #expect(table.rows.map(\.cells) == [["å.csv", "r1"]])
    #expect(table.rows.map(\.line) == [2])
  }

  @Test("quoted cells keep separators quotes and line breaks")
  func quotedCellsKeepSeparatorsQuotesAndLineBreaks() throws {
    let table = try table("a;b\n\"x;\"\"y\"\"\nz\";2\nu;v\n")
    #expect(table.rows.map(\.cells) == [["x;\"y\"\nz", "2"], ["u", "v"]])
    #expect(table.rows.map(\.line) == [2, 4])
  }

  @Test("an empty last cell is a cell")
  func anEmptyLastCellIsACell() throws {
    #expect(try table("a;b\n1;\n").rows.map(\.cells) == [["1", ""]])
  }

  @Test("gives each row its line and each cell its column, and leaves comments out where there are any")
  func placesAndComments() throws {
    let text = "# a list, of; all\n\nå;b\n# \"no quote\n1;\"x\ny\";2\nø;3\n"
    let table = try DelimitedTable(reading: Array(text.utf8), comments: true)
    #expect(table.header.cells == ["å", "b"])
    #expect(table.header.columns == [1, 3])
    #expect(table.rows.map(\.cells) == [["1", "x\ny", "2"], ["ø", "3"]])
    #expect(table.rows.map(\.line) == [5, 7])
    #expect(table.rows.map(\.height) == [2, 1])
    #expect(table.rows[1].columns == [1, 3])
    #expect(table.separator == ";")
  }

  @Test(
    "refuses a text that is no table, with its line",
    arguments: [([UInt8](), 1), (Array("a;b\n\"x".utf8), 2), ([0xFF, 0xFE, 0x41], 1)])
  func whatIsNoTableIsRefusedWithItsLine(bytes: [UInt8], line: Int) {
    #expect { try DelimitedTable(reading: bytes) } throws: { ($0 as? DelimitedTable.Malformed)?.line == line }
  }
}
