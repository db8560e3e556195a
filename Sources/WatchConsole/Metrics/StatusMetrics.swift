internal import FilsluseBase
internal import FilsluseHTTP
internal import PickupWatch

/// The snapshot as metrics in Prometheus's text format.
///
/// The labels are bounded by the settings: accounts and InfRefs that stand there, and lists of our own. Nothing that
/// comes over the wire is a label; files of an InfRef that the settings do not name are counted under `other`.
struct StatusMetrics {
  private let status: WatchStatus
  private let now: Timestamp
  private let known: Set<ShownInfRef>

  init(_ status: WatchStatus, at now: Timestamp) {
    self.status = status
    self.now = now
    known = Set(status.infRefs)
  }

  /// All of them, in the order in which they are shown.
  var families: [MetricFamily] { watcher + inboxes + waiting + pickUps + [expected, alerts, sinks] }

  func text() -> String { families.map { $0.text() }.joined() }

  /// The label of a series: the name of its rule where it is about files without InfRef, which alone have a title.
  private func label(_ series: PickUpSeries) -> String {
    guard let infRef = series.infRef else { return "all" }
    return series.title == nil ? label(infRef) : infRef.description
  }

  private func label(_ infRef: ShownInfRef?) -> String {
    infRef.map { known.contains($0) ? $0.description : "other" } ?? "none"
  }

  private var watcher: [MetricFamily] {
    var build = MetricFamily("filsluse_build_info", .gauge, "Always 1; the version of Filsluse is the label.")
    build.add(1, ["version": status.version])
    var started = MetricFamily(
      "filsluse_watch_start_time_seconds", .gauge, "When the watcher began, in seconds since 1970.")
    started.add(Self.seconds(status.started))
    var ready = MetricFamily(
      "filsluse_watch_ready", .gauge,
      "1 when every inbox was looked into lately and the watcher's database can be used, else 0.")
    ready.add(status.unreadiness(at: now).isEmpty ? 1 : 0)
    var unwatched = MetricFamily(
      "filsluse_watch_gap_seconds", .gauge, "How much of the last 30 days nobody watched, gaps of all accounts alone.")
    let month = status.taken.earlier(by: .seconds(30 * 86_400))
    unwatched.add(
      status.gaps.filter { $0.account == nil }.reduce(0) { sum, gap in
        sum + max(0, Self.seconds(gap.until ?? status.taken) - Self.seconds(max(gap.from, month)))
      })
    return [build, started, ready, unwatched]
  }

  private var inboxes: [MetricFamily] {
    var reachable = MetricFamily(
      "filsluse_inbox_look_success", .gauge, "1 when the last look into the account's inbox succeeded, else 0.")
    var last = MetricFamily(
      "filsluse_inbox_last_look_timestamp_seconds", .gauge,
      "When the inbox was last looked into, in seconds since 1970.")
    var length = MetricFamily("filsluse_inbox_look_seconds", .gauge, "How long the last look took, in seconds.")
    var looks = MetricFamily("filsluse_inbox_looks_total", .counter, "Looks into the inbox since the watcher began.")
    var failed = MetricFamily(
      "filsluse_inbox_failed_looks_total", .counter, "Looks that failed since the watcher began.")
    var ahead = MetricFamily(
      "filsluse_inbox_clock_ahead_seconds", .gauge, "By how much the server's clock is ahead of ours, in seconds.")
    for inbox in status.inboxes {
      let account = inbox.account
      reachable.add(inbox.failure == nil && inbox.lastLook != nil ? 1 : 0, ["account": account])
      if let moment = inbox.lastLook { last.add(Self.seconds(moment), ["account": account]) }
      if let seconds = inbox.lookSeconds { length.add(seconds, ["account": account]) }
      looks.add(Double(inbox.looks), ["account": account])
      failed.add(Double(inbox.failedLooks), ["account": account])
      if let seconds = inbox.clockAheadSeconds { ahead.add(seconds, ["account": account]) }
    }
    return [reachable, last, length, looks, failed, ahead]
  }

  private var waiting: [MetricFamily] {
    var files = MetricFamily("filsluse_inbox_waiting_files", .gauge, "Files that wait in the inbox.")
    var bytes = MetricFamily("filsluse_inbox_waiting_bytes", .gauge, "Bytes of data that wait in the inbox.")
    var age = MetricFamily(
      "filsluse_inbox_oldest_age_seconds", .gauge,
      "How long the oldest waiting file has waited, as its rule counts, in seconds; absent when none waits.")
    var limit = MetricFamily(
      "filsluse_inbox_pick_up_limit_seconds", .gauge,
      "How long the oldest waiting file may wait by its rule, in seconds.")
    for inbox in status.inboxes {
      // Several unknown InfRefs share a label, and a label may come only once.
      for (infRef, group) in Dictionary(grouping: inbox.waiting, by: { label($0.infRef) }).sorted(by: {
        $0.key < $1.key
      }) {
        let labels: KeyValuePairs = ["account": inbox.account, "infref": infRef]
        files.add(Double(group.reduce(0) { $0 + $1.files }), labels)
        bytes.add(group.reduce(0) { $0 + Double($1.bytes) }, labels)
        let oldest = group.compactMap(\.oldest).max { $0.ageSeconds < $1.ageSeconds }
        age.add(Double(oldest?.ageSeconds ?? 0), labels)
        if let seconds = oldest?.limitSeconds { limit.add(Double(seconds), labels) }
      }
    }
    return [files, bytes, age, limit]
  }

  private var pickUps: [MetricFamily] {
    var count = MetricFamily("filsluse_pick_ups_last_day", .gauge, "Files picked up on the last day with any.")
    var median = MetricFamily(
      "filsluse_pick_up_median_seconds", .gauge, "How long the median file had waited on that day, in seconds.")
    var slowest = MetricFamily(
      "filsluse_pick_up_slowest_seconds", .gauge, "How long the slowest file had waited on that day, in seconds.")
    var series: [[String]: [PickUpSeries]] = [:]
    for one in status.pickUps { series[[one.account ?? "all", label(one)], default: []].append(one) }
    for (key, series) in series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let days = series.flatMap(\.days).filter { $0.count > 0 }
      guard let last = days.map(\.day).max() else { continue }
      let ofLast = days.filter { $0.day == last }
      let labels: KeyValuePairs = ["account": key[0], "infref": key[1]]
      count.add(Double(ofLast.reduce(0) { $0 + $1.count }), labels)
      // Several medians make no median.
      if ofLast.count == 1 { median.add(Double(ofLast[0].medianSeconds), labels) }
      slowest.add(Double(ofLast.map(\.slowestSeconds).max() ?? 0), labels)
    }
    return [count, median, slowest]
  }

  private var expected: MetricFamily {
    var family = MetricFamily(
      "filsluse_expected_outcomes", .gauge,
      "The last 14 days of an expectation by what came of it: came, late, missing, notYet, dayOff, notWatched.")
    var days: [[String]: [ExpectedDay]] = [:]
    // Each stands for a rule of the settings, and is called as the rule is.
    for series in status.expected { days[[series.account, series.infRef.description], default: []] += series.days }
    for (key, days) in days.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      for state in ExpectedDay.State.allCases {
        family.add(
          Double(days.count { $0.state == state }), ["account": key[0], "infref": key[1], "state": state.rawValue])
      }
    }
    return family
  }

  private var alerts: MetricFamily {
    var family = MetricFamily("filsluse_alerts", .gauge, "Alerts that are not resolved, by severity and state.")
    for severity in Finding.Severity.allCases {
      for state in Alert.State.allCases where state != .resolved {
        let count = status.alerts.count { $0.finding.severity == severity && $0.state == state }
        family.add(Double(count), ["severity": severity.rawValue, "state": state.rawValue])
      }
    }
    return family
  }

  private var sinks: MetricFamily {
    var family = MetricFamily(
      "filsluse_failing_sinks", .gauge,
      "Sinks with three failures in a row, none but failures for a minute, or a notice refused three times.")
    family.add(Double(status.sinkTroubles.count))
    return family
  }

  private static func seconds(_ moment: Timestamp) -> Double { Double(moment.millisecondsSince1970) / 1000 }
}
