import FilsluseBase
import Testing

@testable import PickupWatch

/// The header by which servers ask to be left alone.
@Suite struct RetryAfterTests {
  private func pause(_ value: String, date: String = "") throws -> Duration? {
    let now = try #require(Timestamp("2026-11-23T09:00:00.000Z"))
    return RetryAfter.pause(Substring(value), sent: Substring(date), received: now)
  }

  @Test(
    "reads a date in each of the forms that HTTP has for one",
    arguments: [
      "Mon, 23 Nov 2026 09:01:30 GMT", "Monday, 23-Nov-26 09:01:30 GMT", "Mon Nov 23 09:01:30 2026",
    ])
  func dates(text: String) throws {
    #expect(try pause(text) == .seconds(90))
    // The server's clock is ten minutes slow, and so is the date that it names.
    #expect(try pause(text, date: "Mon, 23 Nov 2026 09:01:00 GMT") == .seconds(30))
    #expect(try pause(text, date: "never") == .seconds(90))
    #expect(try pause(text, date: "Mon, 23 Nov 2026 10:00:00 GMT") == .zero)
  }

  @Test(
    "reads no pause from any other text",
    arguments: [
      "", "soon", "-5", "+5", "1.5", "5s", "٥", "Mon, 23 Nov 2026 09:01:30 CET", "Mon, 31 Feb 2026 09:01:30 GMT",
      "Mon, 23 Nov 2026 25:01:30 GMT", "Mon, 23 Now 2026 09:01:30 GMT", "Mon Nov 23 2026", "2026-11-23T09:01:30Z",
    ])
  func nonsense(text: String) throws {
    #expect(try pause(text) == nil)
  }

  @Test("a number of any length is a number of seconds")
  func longNumbers() throws {
    #expect(try pause("0") == .zero)
    #expect(try pause("0120") == .seconds(120))
    let endless = try #require(try pause(String(repeating: "9", count: 5000)))
    #expect(endless > .seconds(86_400))
  }
}
