import Testing
import TriggerFiles

@Suite struct ValueTests {
  @Test("uuids are in lower case")
  func uuidsAreInLowerCase() throws {
    #expect(try SystemID(Examples.system).rawValue == Examples.system)
    for text in [
      "", Examples.system.uppercased(), Examples.system + " ", "{\(Examples.system)}",
      String(Examples.system.dropLast()),
      Examples.system.replacing("-", with: ""), "0d6b2f3e-1111-4a5c-9c3e-2f4d5a6b7c8\u{661}",
      "0d6b2f3e-1111-4a5c-9c3e-2f4d5a6b7c8g",
    ] {
      #expect(throws: ValueError.self) { try SystemID(text) }
      #expect(throws: ValueError.self) { try TransactionID(text) }
    }
    let error = #expect(throws: ValueError.self) { try SystemID(Examples.system.uppercased()) }
    #expect(error?.remedy.en == "write it in lower case: \(Examples.system)")
  }

  @Test("random UUI ds are good and different")
  func randomUUIDsAreGoodAndDifferent() throws {
    let ids = (0..<1000).map { _ in TransactionID.random() }
    #expect(Set(ids).count == 1000)
    for id in ids { #expect(try TransactionID(id.rawValue) == id) }
  }

  @Test("CVR numbers are eight digits")
  func cvrNumbersAreEightDigits() throws {
    let number = try CVRNumber("10000009")
    #expect(number.urn == "urn:oio:cvr-nr:10000009")
    #expect(number.hasValidCheckDigit)
    #expect(try !CVRNumber("10000008").hasValidCheckDigit)
    #expect(try CVRNumber(urn: number.urn) == number)
    for text in ["", "1000000", "100000090", "DK10000009", "1000 0009", "1000000\u{669}", number.urn] {
      #expect(throws: ValueError.self) { try CVRNumber(text) }
    }
    for text in ["", "10000009", "urn:oio:cvr-nr:", "URN:oio:cvr-nr:10000009", " \(number.urn)", "\(number.urn)0"] {
      #expect(throws: ValueError.self) { try CVRNumber(urn: text) }
    }
  }

  @Test(
    "a point in time is kept as it is written",
    arguments: [
      "2026-11-21T03:14:00", "2026-11-21T03:14:00Z", "2026-11-21T03:14:00.1",
      "2026-11-21T03:14:00.12345678901234567890Z",
      "2026-11-21T03:14:00+14:00", "2026-11-21T03:14:00-00:00", "2026-11-21T24:00:00", "2026-11-21T24:00:00.000",
      "2024-02-29T00:00:00", "2000-02-29T00:00:00", "12026-11-21T03:14:00", "-0001-11-21T03:14:00",
    ])
  func aPointInTimeIsKeptAsItIsWritten(text: String) throws {
    #expect(try XMLDateTime(text).text == text)
    #expect(try XMLDateTime(" \n\(text)\t").text == text)
  }

  @Test(
    "refuses a text that is no point in time",
    arguments: [
      "", "2026-11-21", "2026-11-21 03:14:00", "2026-11-21T03:14", "2026-11-21T03:14:00.", "2026-11-21T3:14:00",
      "2026-11-31T03:14:00", "2026-13-01T03:14:00", "2026-00-01T03:14:00", "2026-01-00T03:14:00", "2026-02-29T03:14:00",
      "1900-02-29T03:14:00", "0000-01-01T00:00:00", "02026-11-21T03:14:00", "226-11-21T03:14:00", "2026-11-21T24:00:01",
      "2026-11-21T24:00:00.1", "2026-11-21T25:00:00", "2026-11-21T03:60:00", "2026-11-21T03:14:60",
      "2026-11-21T03:14:00+14:01", "2026-11-21T03:14:00+1:00", "2026-11-21T03:14:00z", "2026-11-21T03:14:00ZZ",
      "+2026-11-21T03:14:00", "2026-11-21t03:14:00", "２026-11-21T03:14:00",
    ])
  func whatIsNoPointInTimeIsRefused(text: String) {
    #expect(throws: ValueError.self) { try XMLDateTime(text) }
  }

  @Test("days have zones too")
  func daysHaveZonesToo() throws {
    for text in ["2026-12-01", "2026-12-01Z", "2026-12-01-14:00"] { #expect(try XMLDate(text).text == text) }
    for text in ["", "2026-12-01T00:00:00", "2026-12-32", "1-12-2026", "2026-12-01+15:00"] {
      #expect(throws: ValueError.self) { try XMLDate(text) }
    }
  }

  @Test("times are written in UTC")
  func timesAreWrittenInUTC() throws {
    #expect(XMLDateTime(secondsSince1970: 0).text == "1970-01-01T00:00:00.000Z")
    #expect(XMLDateTime(secondsSince1970: 1_795_230_840, milliseconds: 7).text == "2026-11-21T03:14:00.007Z")
    #expect(try XMLDateTime(XMLDateTime.now().text).text.utf8.count == 24)
  }
}
