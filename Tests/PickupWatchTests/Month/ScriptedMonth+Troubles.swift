import FilsluseBase
import Testing

@testable import PickupWatch

/// The troubles of the month, inbox by inbox. Their expected findings stand in `ScriptedMonthTests`.
extension ScriptedMonth {
  mutating func addTroubles() throws {
    // Picked up at noon instead of half past seven.
    try instead("0101", "2026-03-18", goes: "2026-03-18 12:00")
    // Never came on Friday; came late on Tuesday; not again after Easter.
    try instead("0147", "2026-03-20", comes: nil)
    try instead("0151", "2026-03-24", comes: "2026-03-24 07:10", goes: "2026-03-24 08:00")
    try instead("0157", "2026-04-07", comes: nil)
    // Over the night in which 02:00 becomes 03:00: picked up too late; not come.
    try instead("0153", "2026-03-29", "Natfil_1", goes: "2026-03-29 07:00")
    try instead("0155", "2026-03-29", "Timefil_1", comes: nil)
    // Business time over Easter.
    try add("0159", Self.sortiment, "2026-04-01 14:00", "2026-04-07 15:00")
    // Data whose metadata takes 25 minutes; data that stops growing for a quarter of an hour.
    try add("0161", Self.sortiment, "2026-03-16 10:00", "2026-03-16 10:40") {
      $1.noteComes = try $0.at("2026-03-16 10:25")
    }
    try instead("0163", "2026-03-17") {
      $1.growth = [
        (try $0.at("2026-03-17 05:30"), 5), (try $0.at("2026-03-17 05:35"), 7), (try $0.at("2026-03-17 06:00"), 10),
      ]
    }
    // OUT is not emptied for 40 minutes, and the receipt comes 5 minutes after that.
    try add("0165", "", "2026-03-19 09:00", "2026-03-19 09:40", name: "ud-1.csv") { $1.place = .outbox }
    try change("0165") {
      $1.deliveries = [
        $0.delivery(1, "Finansbilag_1", try $0.at("2026-03-19 09:00"), receipt: try $0.at("2026-03-19 09:45"))
      ]
    }
    // Refused, and sent again two hours later.
    try change("0167") {
      var refused = $0.delivery(
        2, "Finansbilag_1", try $0.at("2026-03-27 11:00"), receipt: try $0.at("2026-03-27 11:05"))
      refused.isRefused = true
      refused.mended = try $0.at("2026-03-27 13:00")
      $1.deliveries = [refused]
    }
    // One answer comes two hours late, one five minutes before its time, in the night of 23 hours.
    try change("0169") {
      $1.deliveries = [
        $0.delivery(3, "Finansbilag_1", try $0.at("2026-03-25 15:00"), receipt: try $0.at("2026-03-25 15:02")),
        $0.delivery(4, "Finansbilag_1", try $0.at("2026-03-28 20:00"), receipt: try $0.at("2026-03-28 20:02")),
      ]
    }
    try add("0169", "Forretningssvar_1", "2026-03-26 08:20", "2026-03-26 08:30")
    try add("0169", "Forretningssvar_1", "2026-03-29 05:55", "2026-03-29 06:30")
    // The server is away for an hour and a half while a late file is in IN.
    try instead("0173", "2026-03-30", goes: "2026-03-30 12:15")
    try blind("0173", "2026-03-30 10:00", "2026-03-30 11:30", .serverUnreachable)
    // The host key changes in the night, and the day's file comes before it is changed back.
    try instead("0175", "2026-03-31", goes: "2026-03-31 08:10")
    try blind("0175", "2026-03-31 05:00", "2026-03-31 08:00", .hostKeyChanged)
    // The watcher is down over the time at which the day's file should have come, and does not.
    try instead("0183", "2026-04-08", comes: nil)
    try blind("0183", "2026-04-08 04:00", "2026-04-08 06:30", nil)
    // Metadata that is no XML; an InfRef and a sender that are unknown.
    try add("0185", Self.sortiment, "2026-04-09 13:00", "2026-04-09 13:20") { $1.isUnreadable = true }
    try add("0187", "Ukendt_1", "2026-04-10 09:00", "2026-04-10 09:30")
    try add("0187", Self.sortiment, "2026-04-13 09:00", "2026-04-13 09:30") { $1.sender = "hvem" }
    // Seven files where five are allowed; four of them go first.
    for number in 1...7 {
      try add(
        "0190", Self.sortiment, "2026-04-14 10:00", number <= 4 ? "2026-04-14 10:05" : "2026-04-14 10:30",
        name: "mange-\(number)")
    }
    // It is not fetched for twelve days.
    try add("0201", Self.sortiment, "2026-03-18 08:00", "2026-03-30 08:00")
    // The third of three comes a day late; one municipality's comes four hours late.
    for (number, comes) in [(1, "2026-04-01 08:00"), (2, "2026-04-01 09:00"), (3, "2026-04-02 09:00")] {
      try add("0210", "Samlet_1", comes, "2026-04-02 10:00", name: "samlet-\(number)")
    }
    try change("0217") {
      let index = try #require($1.files.firstIndex { $0.name == "uge-0147-2026-03-23" })
      $1.files[index].comes = try $0.at("2026-03-23 10:00")
      $1.files[index].goes = try $0.at("2026-03-23 11:00")
    }
  }

  /// Changes a day's ordinary file, or takes it away where it comes `nil`.
  private mutating func instead(
    _ code: String, _ day: String, _ infRef: String = extract, comes: String? = "", goes: String? = nil,
    _ change: (ScriptedMonth, inout ScriptedFile) throws -> Void = { _, _ in }
  ) throws {
    var inbox = try #require(inboxes[code])
    let index = try #require(inbox.files.firstIndex { $0.name == "\(infRef)-\(day)" })
    if let comes {
      if !comes.isEmpty { inbox.files[index].comes = try at(comes) }
      if let goes { inbox.files[index].goes = try at(goes) }
      try change(self, &inbox.files[index])
    } else {
      inbox.files.remove(at: index)
    }
    try self.change(code) { $1 = inbox }
  }

  private mutating func blind(_ code: String, _ from: String, _ to: String, _ failure: Finding.Kind?) throws {
    let span = BlindSpan(from: try at(from), to: try at(to), failure: failure)
    try change(code) { $1.blind.append(span) }
  }

  private func delivery(
    _ id: Int64, _ infRef: String, _ committed: Timestamp, receipt: Timestamp
  ) -> ScriptedDelivery {
    ScriptedDelivery(id: id, infRef: infRef, committed: committed, receipt: receipt)
  }
}
