import ExchangeSettings
import Testing

@Suite struct UnattendedSettingsTests {
  @Test(
    "reads hours",
    arguments: [
      ("mon-fri 08:00-16:00", "mon-fri 08:00-16:00"), ("daily 00:00-24:00", "daily 00:00-24:00"),
      ("mon,tue,wed,thu,fri,sat,sun 01:00-02:00", "daily 01:00-02:00"),
      ("sat-mon 22:00-02:00", "mon,sat,sun 22:00-02:00"),
      ("sun 02:30-06:00", "sun 02:30-06:00"), ("sat,sun 02:30-06:00", "sat,sun 02:30-06:00"),
    ])
  func readsHours(text: String, written: String) throws {
    let hours = try #require(WeeklyHours(text))
    #expect(hours.description == written)
    #expect(WeeklyHours(written) == hours)
  }

  @Test(
    "refuses a text that is no hours",
    arguments: [
      "", "mon", "08:00-16:00", "mon 08:00", "mon 8:00-16:00", "mon 08:00-24:01", "mon 24:00-24:00", "mon 08:00-08:00",
      "mandag 08:00-16:00", "mon  08:00-16:00", "mon 08:60-09:00", "mon- 08:00-16:00", "mon-tue-wed 08:00-16:00",
      "mon 08:00-16:00 ", "Mon 08:00-16:00", "mon 00:00-00:00", "mon ٠٨:00-16:00",
    ])
  func refusesWhatIsNoHours(text: String) { #expect(WeeklyHours(text) == nil) }

  @Test("hours that pass midnight belong to the day they begin on")
  func hoursThatPassMidnightBelongToTheDayTheyBeginOn() throws {
    let hours = try #require(WeeklyHours("fri 22:00-02:00"))
    #expect(hours.contains(.fri, minute: 22 * 60))
    #expect(hours.contains(.sat, minute: 119))
    #expect(!hours.contains(.sat, minute: 120))
    #expect(!hours.contains(.fri, minute: 60))
    #expect(!hours.contains(.sat, minute: 22 * 60))
    let overTheWeek = try #require(WeeklyHours("sun 23:00-01:00"))
    #expect(overTheWeek.contains(.mon, minute: 0) && !overTheWeek.contains(.sun, minute: 0))
  }

  @Test(
    "reads speeds",
    arguments: [
      ("500kB/s", 500_000 as UInt64?), ("2MB/s", 2_000_000), ("16Mbit/s", 2_000_000), ("1234B/s", 1234),
      ("8kbit/s", 1000), ("unlimited", nil),
    ])
  func readsSpeeds(text: String, speed: UInt64?) throws {
    #expect(try #require(SpeedText.parse(text)) == speed)
    #expect(try #require(SpeedText.parse(SpeedText.format(speed))) == speed)
  }

  @Test(
    "refuses a text that is no speed",
    arguments: ["", "2", "2 MB/s", "2mb/s", "999B/s", "-1MB/s", "1.5MB/s", "9999999999MB/s", "MB/s"])
  func refusesWhatIsNoSpeed(text: String) { #expect(SpeedText.parse(text) == nil) }

  @Test("every problem has its place")
  func everyProblemHasItsPlace() {
    let text = """
      accounts:
        a:
          host: h
          user: a
          key: k
          host-keys: ["\(SettingsText.fingerprint)"]
          poll: often
          maintenance: ["sundays"]
          bandwidth: [{ limit: fast }, { hours: "mon 1-2", limit: 1MB/s }]
          bulk-connections: 5
          bulk-from: large
          connections: 0
      routes:
        r: { account: a, kind: direct, recipients: [b], outgoing: { folder: ud, accepted: burn, ready-marker: ready } }
        s: { account: a, kind: direct, recipients: [b], outgoing: { settled-for: 10 } }
      alert: { timeout: 5s }
      """
    #expect(
      SettingsText.codes(in: text).map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == [
        "bad-value accounts.a.poll", "bad-value accounts.a.maintenance[0]",
        "bad-value accounts.a.bandwidth[0].limit", "bad-value accounts.a.bandwidth[1].hours",
        "bad-value accounts.a.bulk-connections", "bad-value accounts.a.bulk-from",
        "bad-value accounts.a.connections",
        "bad-value routes.r.outgoing.accepted", "bad-value routes.r.outgoing.ready-marker",
        "missing-key routes.s.outgoing.folder", "bad-value routes.s.outgoing.settled-for", "missing-key alert.run",
      ])
  }

  @Test("two routes never watch the same folder")
  func twoRoutesNeverWatchOneFolder() {
    let text =
      SettingsText.account + """
        routes:
          r: { account: fagsystem, kind: direct, recipients: [b], outgoing: { folder: ud } }
          s: { account: fagsystem, kind: direct, recipients: [c], outgoing: { folder: ./x/../ud } }

        """
    #expect(SettingsText.codes(in: text).map { $0.hasSuffix("conflict routes.s.outgoing.folder") } == [true])
  }
}
