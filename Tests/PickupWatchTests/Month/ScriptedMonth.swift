import ExchangeSettings
import FilsluseBase
import Foundation
import SystemPackage
import Testing
import TriggerFiles

/// 98 inboxes from Monday 16 March to Wednesday 15 April 2026: summer time begins on 29 March, Easter is from 2 to
/// 6 April.
struct ScriptedMonth {
  static let extract = "FagsystemdefineredeDataRefGDPR1203_1"
  static let sortiment = "SortimentOverfør_1"

  /// Every account's rules, and those of a few more.
  static let rules = """
    watch:
      look-every: 25m
      rules:
        - { accounts: [ALL], infref: \(extract), pick-up-within: 4h, expect: weekdays by 06:00, grace: 10m }
        - { accounts: [ALL], infref: SF7002, pick-up-within: 8h business }
        - { account: "0153", infref: Natfil_1, pick-up-within: 4h, expect: daily by 03:30 }
        - { account: "0155", infref: Timefil_1, expect: daily by 02:30 }
        - { account: "0169", infref: Finansbilag_1, business-answer-by: 06:00, answer: Forretningssvar_1 }
        - { account: "0210", infref: Samlet_1, expect: monthly 1 by 12:00, files: 3 }
        - { account: "0217", infref: Uge_1, expect: weekly mon by 06:00, one-per-municipality: ["0101", "0147"] }
        - { account: "0165", platform-takes-within: 15m, receipt-within: 30m }
        - { account: "0167", receipt-within: 30m }
        - { account: "0190", most-files: 5 }
        - { account: "0201", clean-up-after: 10d }
    """

  let clock: WallClock
  /// The settings as a file holds them, with a server that there is not.
  let settings: ExchangeSettings
  private(set) var inboxes: [String: ScriptedInbox] = [:]

  init() throws {
    clock = try #require(WallClock(zone: "Europe/Copenhagen"))
    settings = try Self.settings()
    for municipality in Municipality.all {
      inboxes[municipality.code] = ScriptedInbox(account: municipality.code)
    }
    try addOrdinaryLife()
    try addTroubles()
  }

  /// The settings as a file would hold them.
  private static func settings() throws -> ExchangeSettings {
    let codes = Municipality.all.map(\.code)
    var text = "accounts:\n"
    for code in codes {
      text += """
          "\(code)": { host: h, user: "u\(code)", key: k, known-hosts: known }

        """
    }
    text += "infrefs: [Natfil_1, Timefil_1, Finansbilag_1, Forretningssvar_1, Samlet_1, Uge_1]\narrivals:\n"
    for code in codes {
      text += """
          "e\(code)": { account: "\(code)", infref: \(extract), senders: [afsender] }
          "s\(code)": { account: "\(code)", infref: \(sortiment), senders: [afsender] }

        """
    }
    text += rules.replacing("ALL", with: codes.map { "\"\($0)\"" }.joined(separator: ", "))
    var settings = try ExchangeSettings.parse(text, source: "filsluse.yaml")
    let addressing = Addressing(
      infRef: InfRef(unchecked: "Finansbilag_1"), senderITSystem: try SystemID("f1150000-0000-4000-8000-000000000001"),
      senderAuthority: try CVRNumber("99000169"), recipientAuthority: try CVRNumber("99009001"))
    let recipient = try SystemID("f1150000-0000-4000-8000-000000000002")
    settings.routes = [
      Route(name: "finansbilag", account: "0169", kind: .explicit(addressing, recipientITSystem: recipient))
    ]
    return settings
  }

  /// `2026-03-18 05:30` by the clock in Denmark.
  func at(_ text: String) throws -> Timestamp {
    clock.moment(
      try #require(CivilDay(String(text.prefix(10)))), minute: try #require(ClockText.parse(String(text.suffix(5)))))
  }

  mutating func add(
    _ code: String, _ infRef: String, _ comes: String, _ goes: String, name: String? = nil,
    _ change: (ScriptedMonth, inout ScriptedFile) throws -> Void = { _, _ in }
  ) throws {
    var file = ScriptedFile(
      name: name ?? "\(infRef)-\(comes.prefix(10))", infRef: infRef, comes: try at(comes), goes: try at(goes))
    try change(self, &file)
    inboxes[code]?.files.append(file)
  }

  /// Changes an inbox with the help of the month as it is.
  mutating func change(_ code: String, _ change: (ScriptedMonth, inout ScriptedInbox) throws -> Void) throws {
    var inbox = try #require(inboxes[code])
    try change(self, &inbox)
    inboxes[code] = inbox
  }

  /// The working days, written down and not computed.
  static let workingDays = [
    "2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19", "2026-03-20", "2026-03-23", "2026-03-24", "2026-03-25",
    "2026-03-26", "2026-03-27", "2026-03-30", "2026-03-31", "2026-04-01", "2026-04-07", "2026-04-08", "2026-04-09",
    "2026-04-10", "2026-04-13", "2026-04-14", "2026-04-15",
  ]
  static let allDays =
    (16...31).map { "2026-03-\($0)" } + (1...15).map { "2026-04-\($0 < 10 ? "0" : "")\($0)" }

  /// On working days an extract comes to each inbox at half past five and is picked up two hours later.
  private mutating func addOrdinaryLife() throws {
    for code in Municipality.all.map(\.code) {
      for day in Self.workingDays { try add(code, Self.extract, "\(day) 05:30", "\(day) 07:30") }
      try add(code, Self.sortiment, "2026-03-23 10:00", "2026-03-23 11:00")
    }
    for day in Self.allDays {
      try add("0153", "Natfil_1", "\(day) 01:30", "\(day) 03:15")
      try add("0155", "Timefil_1", "\(day) 01:00", "\(day) 01:45")
    }
    for day in ["2026-03-16", "2026-03-23", "2026-03-30", "2026-04-06", "2026-04-13"] {
      for code in ["0101", "0147"] {
        try add("0217", "Uge_1", "\(day) 05:00", "\(day) 07:00", name: "uge-\(code)-\(day)")
      }
    }
  }
}
