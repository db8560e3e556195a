import FilsluseBase
import Testing

@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// The addresses that pages make and forms send back.
@Suite("Addresses of the console") struct PageAddressTests {
  @Test("a filter comes back from its address")
  func filter() throws {
    let filter = AlertFilter(
      state: .unattended, account: "fakturahåndtering & co", infRef: "SortimentOverfør_2", severity: .critical,
      group: RuleGroup.Key(kind: .pickUpLate, rule: "1f00ab34"), municipality: ["0101", "64942212"])
    let parts = filter.address.split(separator: "?", maxSplits: 1).map(String.init)
    let asked = ConsoleRequest(
      request: HTTPRequest(method: .get, path: parts[0], query: parts[1]), values: [],
      voice: ExampleConsole.context().voice, tickets: FormTickets(secret: PageSecret()))
    #expect(try asked.alertFilter() == filter)
    #expect(AlertFilter().address == "/alerts")
  }

  @Test("an order of the inboxes comes back from its address, and an address without one names none")
  func order() throws {
    func order(in query: String) throws -> InboxOrder? {
      try ConsoleRequest(
        request: HTTPRequest(method: .get, path: "/", query: query), values: [],
        voice: ExampleConsole.context().voice, tickets: FormTickets(secret: PageSecret())
      ).inboxOrder()
    }
    for wanted in InboxOrder.all {
      let parts = wanted.address.split(separator: "?", maxSplits: 1)
      let query = try #require(parts.last?.split(separator: "#").first)
      #expect(parts.first == "/" && wanted.address.hasSuffix("#inboxes"))
      let found = try order(in: String(query))
      #expect(found == wanted)
    }
    for query in ["", "sort="] {
      let found = try order(in: query)
      #expect(found == nil, "\(query)")
    }
  }

  @Test(
    "a form leads back to a path of this site alone",
    arguments: [
      "//evil.example/", "https://evil.example/", "evil", "", "/\\evil.example", "/a b", "/æ", "/x\r\nSet-Cookie: a=b",
      "/" + String(repeating: "x", count: 2_000),
    ])
  func back(path: String) {
    #expect(PageAddress.back(path) == "/" && PageAddress.back(nil) == "/")
    #expect(PageAddress.back("/inbox/%C3%A5?gone=2") == "/inbox/%C3%A5?gone=2")
  }

  @Test("a local time of a form is read as the clock in Denmark shows it, over a change of the clocks too")
  func localTime() {
    let voice = ExampleConsole.context().voice
    #expect(voice.moment(ofLocal: "2026-11-24T08:00") == Timestamp("2026-11-24T07:00:00.000Z"))
    #expect(voice.moment(ofLocal: "2026-07-01T08:00:30") == Timestamp("2026-07-01T06:00:00.000Z"))
    for text in [
      "", "T", "2026-11-24", "2026-11-24 08:00", "2026-11-31T08:00", "2026-11-24T8:00", "2026-11-24T08:60", "x",
    ] {
      #expect(voice.moment(ofLocal: text) == nil, "\(text)")
    }
    #expect(voice.localMinute(voice.nextMorning) == "2026-11-21T08:00")
    let evening = PageVoice(.english, now: ExampleStatus.hours(15), timeZone: "Europe/Copenhagen")
    #expect(evening.localMinute(evening.nextMorning) == "2026-11-22T08:00")
  }

  @Test("every form of this process has a ticket of its own, which is good for its act alone")
  func tickets() throws {
    let tickets = FormTickets(secret: PageSecret())
    let page = tickets.fields(for: .silence, back: "/").html + tickets.fields(for: .silence, back: "/").html
    let drawn = page.matches(
      of: #/name="ticket" value="([0-9a-f]+)"><input type="hidden" name="key" value="([0-9a-f]{64})"/#)
    #expect(drawn.count == 2 && drawn[0].output.1 != drawn[1].output.1)
    let form = try #require(FormFields(query: "ticket=\(drawn[0].output.1)&key=\(drawn[0].output.2)"))
    #expect(tickets.ticket(of: form, for: .silence) == String(drawn[0].output.1))
    #expect(tickets.ticket(of: form, for: .acknowledge) == nil)
    #expect(FormTickets(secret: PageSecret()).ticket(of: form, for: .silence) == nil)
    let mixed = try #require(FormFields(query: "ticket=\(drawn[1].output.1)&key=\(drawn[0].output.2)"))
    #expect(tickets.ticket(of: mixed, for: .silence) == nil)
  }

  @Test("each page has one route, and each action's form is sent to one")
  func routes() {
    #expect(Set(ConsoleRoute.all.map(\.page)) == Set(ConsolePage.allCases))
    #expect(ConsoleRoute.all.count == ConsolePage.allCases.count)
    for action in FormAction.allCases {
      let request = HTTPRequest(method: .post, path: action.path)
      #expect(ConsoleRoute.matching(request)?.route.audience == .people, "\(action)")
    }
    for area in ConsoleArea.allCases {
      #expect(ConsoleRoute.matching(HTTPRequest(method: .get, path: area.path)) != nil, "\(area)")
    }
  }
}
