import ExchangeSettings
import FilsluseBase
import Foundation
import SystemPackage
import Testing
import TriggerFiles

/// The record of states, editions, agreements, orders and tasks beside the list.
@Suite struct RecordTests {
  private static func entries() throws -> [RecordedEntry] {
    let infRef = InfRef(unchecked: RegisterFolder.infRef)
    let day = CivilDay("2026-03-01")
    let moment = Timestamp(millisecondsSince1970: 1_772_000_000_123)
    let authority = try CVRNumber("64942212")
    let owner = try SystemID(RegisterFolder.system)
    let terms = OrderTerms(
      of: RegisteredRoute(
        name: "flis-0101", account: "fagsystem",
        kind: .explicit(
          Addressing(
            infRef: infRef, senderITSystem: owner, senderAuthority: authority, recipientAuthority: authority),
          recipientITSystem: try SystemID(RegisterFolder.receiver))), environment: .production)
    var agreed = terms
    (agreed.kind, agreed.senderAuthority, agreed.authority) = (nil, nil, nil)
    let direct = OrderTerms(
      of: RegisteredRoute(name: "ind", account: "fagsystem", kind: .direct(recipients: ["nabo", "lager"])),
      environment: nil)
    let edition = DeclarationEdition(infRef: infRef, number: "1203", specification: SHA256.digest(of: [1]))
    let events: [RecordedEvent] = [
      .infRef(infRef, .assigned, owner: owner), .infRef(infRef, .created, owner: nil, environment: .production),
      .declaration(edition),
      .agreement(route: "flis-0101", authority: authority),
      .agreement(route: "ind", authority: authority, state: .withdrawn, terms: agreed),
      .order(RouteOrder(route: "flis-0101", subject: .route, state: .confirmed, terms: terms)),
      .order(RouteOrder(route: "ind", subject: .monitoring, state: .ordered, terms: direct)),
      .task(TaskRecord(task: "SF1590_D:TF106", route: "flis-0101", municipality: "0101")),
      .task(TaskRecord(task: "SF1630:70", state: .notDone)),
    ]
    return events.map {
      RecordedEntry($0, on: day, by: "Anna \"A\" Bæk", note: "linje 1\nlinje 2 \\ x=y", recordedAt: moment)
    }
  }

  private func written(_ folder: borrowing RegisterFolder) throws -> RegisterRecord {
    let reading = try folder.reading(RegisterFolder.header)
    #expect(reading.findings.isEmpty)
    return try #require(reading.register?.record)
  }

  @Test("reads every kind of entry as it was written, whatever its texts hold")
  func roundTrip() throws {
    let folder = try RegisterFolder()
    let entries = try Self.entries()
    try RouteRegister.record(entries, of: folder.list)
    var read = try written(folder).entries
    for index in read.indices {
      #expect(read[index].line == index + 2)
      read[index].line = 0
    }
    #expect(read == entries)
  }

  @Test("adds lines and leaves those there as they are")
  func appending() throws {
    let folder = try RegisterFolder()
    let entries = try Self.entries()
    let own = "# our own words\n2026-03-02T09:14:05.000Z infref name=X state=requested\n"
    try folder.write(own, as: "routes.record")
    try RouteRegister.record([entries[0]], of: folder.list)
    try RouteRegister.record([entries[1]], of: folder.list)
    let text = try folder.text(of: "routes.record")
    #expect(text.hasPrefix(own) && text.split(separator: "\n").count == 4)
    #expect(try written(folder).entries.count == 3)
  }

  @Test("a line that was cut off anywhere is told and does not count, now and when the next one is added")
  func cutOff() throws {
    let folder = try RegisterFolder()
    let entries = try Self.entries()
    try RouteRegister.record([entries[0]], of: folder.list)
    let first = try folder.text(of: "routes.record")
    try RouteRegister.record([entries[4]], of: folder.list)
    let whole = Array(try folder.text(of: "routes.record").utf8)
    for end in (first.utf8.count + 1)..<whole.count {
      let cut = String(decoding: whole[..<end], as: UTF8.self)
      try folder.write(cut, as: "routes.record")
      let reading = try folder.reading(RegisterFolder.header)
      #expect(reading.findings.map(RegisterFolder.short) == ["3:1 warning unended-record"], "\(cut)")
      #expect(reading.register?.record.entries.count == 1, "\(cut)")
      try RouteRegister.record([entries[4]], of: folder.list)
      #expect(try folder.text(of: "routes.record").hasPrefix(cut))
      #expect(try written(folder).entries.map(\.event) == [entries[0].event, entries[4].event], "\(cut)")
    }
  }

  @Test("the last line about a thing counts")
  func lastLineCounts() throws {
    let folder = try RegisterFolder()
    try RouteRegister.record(try Self.entries(), of: folder.list)
    let record = try written(folder)
    let infRef = InfRef(unchecked: RegisterFolder.infRef)
    #expect(record.state(of: infRef) == .created)
    #expect(record.states(of: infRef).map(\.state) == [.assigned, .created])
    // A line without an environment counts for both platforms.
    #expect(record.state(of: infRef, in: .production) == .created)
    #expect(record.state(of: infRef, in: .externalTest) == .assigned)
    #expect(record.owner(of: infRef)?.rawValue == RegisterFolder.system)
    #expect(record.editions(of: infRef).map(\.edition.number) == ["1203"])
    #expect(record.orderState(of: .route, for: "flis-0101") == .confirmed)
    #expect(record.orderState(of: .monitoring, for: "ind") == .ordered)
    #expect(record.orderState(of: .route, for: "ind") == nil)
    #expect(record.tasks.map(\.task.state) == [.done, .notDone])
  }

  @Test(
    "reports an invalid line with its number, and uses no line then",
    arguments: [
      "x", "2026-03-02 infref name=X state=created", "2026-03-02T09:14:05.000Z infra name=X",
      "2026-03-02T09:14:05.000Z infref name=X", "2026-03-02T09:14:05.000Z infref name=X state=made",
      "2026-03-02T09:14:05.000Z infref name=X state=created color=red",
      "2026-03-02T09:14:05.000Z infref name=X state=created environment=test",
      "2026-03-02T09:14:05.000Z infref name=X state=created on=2026-02-30",
      "2026-03-02T09:14:05.000Z infref name=\"X state=created",
      "2026-03-02T09:14:05.000Z infref name=X name=Y state=created",
      "2026-03-02T09:14:05.000Z agreement route=r authority=1234567X",
      "2026-03-02T09:14:05.000Z agreement route=r authority=64942212 state=made",
      "2026-03-02T09:14:05.000Z declaration infref=X number=1 specification=00",
      "2026-03-02T09:14:05.000Z order route=r of=route state=ordered recipient=1",
      "2026-03-02T09:14:05.000Z order route=r of=route state=ordered kind=route",
      "2026-03-02T09:14:05.000Z order route=r of=route state=ordered environment=test",
    ])
  func malformed(line: String) throws {
    let folder = try RegisterFolder()
    try folder.write("# one\n\(line)\n", as: "routes.record")
    let reading = try folder.reading(RegisterFolder.header)
    #expect(reading.register == nil)
    #expect(!reading.findings.isEmpty)
    #expect(Set(reading.findings.map(RegisterFolder.short)) == ["2:1 error malformed-record"])
    #expect(reading.findings.first?.file.lastComponent?.string == "routes.record")
  }

  @Test("entries of many writers at once are all there, each whole")
  func manyWriters() async throws {
    let folder = try RegisterFolder()
    let list = folder.list
    let entry = try Self.entries()[4]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<40 { group.addTask { try RouteRegister.record([entry, entry], of: list) } }
      try await group.waitForAll()
    }
    #expect(try written(folder).entries.count == 80)
  }

  @Test("reports why nothing was recorded, and leaves the record unchanged")
  func refusedRecord() throws {
    let folder = try RegisterFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path.appending("routes.record").string, withIntermediateDirectories: true)
    #expect(throws: RecordWriteError.self) { try RouteRegister.record(try Self.entries(), of: folder.list) }
  }
}
