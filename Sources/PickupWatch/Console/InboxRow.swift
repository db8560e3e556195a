internal import ExchangeSettings
package import FileExchange
package import FilsluseBase
internal import TriggerFiles

/// An inbox as a line of a table.
package struct InboxRow: Sendable, Hashable, Identifiable {
  /// The state of an inbox, the worst first.
  package enum State: String, Sendable, Hashable, CaseIterable {
    /// Its folders cannot be seen.
    case blind
    /// A file waits for longer than its rule allows.
    case late
    /// A critical alert fires, about something else than the age of a file.
    case critical
    /// A file nears the limit of its rule.
    case nearLimit = "near-limit"
    /// A warning fires, about something else than the age of a file.
    case warning
    /// No look has shown its folders yet.
    case unknown
    /// All open alerts are acknowledged or silenced.
    case attended
    /// All is well.
    case fine

    /// The place among the inboxes: what is wrong comes first, by severity.
    var rank: Int {
      switch self {
      case .blind: 0
      case .late, .critical: 1
      case .nearLimit, .warning: 2
      case .unknown: 3
      case .attended: 4
      case .fine: 5
      }
    }
  }

  /// The state of the inbox at its last look.
  package var status: InboxStatus
  /// The open alerts.
  package var alerts: WatchDatabase.OpenAlertCounts

  /// Describes a row.
  package init(status: InboxStatus, alerts: WatchDatabase.OpenAlertCounts = WatchDatabase.OpenAlertCounts()) {
    self.status = status
    self.alerts = alerts
  }

  /// The account.
  package var id: String { status.account }
  /// The number of files in IN.
  package var files: Int { status.waiting.reduce(0) { $0 + $1.files } }
  /// The number of their bytes.
  package var bytes: UInt64 {
    status.waiting.reduce(UInt64(0)) { sum, waiting in
      let (bytes, overflows) = sum.addingReportingOverflow(waiting.bytes)
      return overflows ? .max : bytes
    }
  }

  /// The file that is nearest to its limit, or furthest beyond it; where no rule has a limit, the oldest.
  package var oldest: OldestFile? {
    status.waiting.compactMap(\.oldest).max { one, other in
      (one.limitShare ?? -1, one.ageSeconds) < (other.limitShare ?? -1, other.ageSeconds)
    }
  }

  /// The state: the worst of what the last look showed and of the open alerts.
  ///
  /// An acknowledged or silenced alert is no trouble of its own; a file past its limit stays that, whoever knows of it.
  package var state: State {
    if status.failure != nil { return .blind }
    let files = status.waiting.compactMap(\.oldest)
    if files.contains(where: { ($0.limitShare ?? 0) >= 1 }) { return .late }
    if alerts.critical > 0 { return .critical }
    if files.contains(where: { $0.ageSeconds >= $0.warnAtSeconds ?? .max }) { return .nearLimit }
    if alerts.warnings > 0 { return .warning }
    if status.lastLook == nil { return .unknown }
    return alerts.acknowledged + alerts.silenced > 0 ? .attended : .fine
  }
}

extension OldestFile {
  /// The age as a share of the limit; `nil` where there is no limit.
  package var limitShare: Double? {
    limitSeconds.map { limit in limit > 0 ? Double(ageSeconds) / Double(limit) : Double(ageSeconds) }
  }
}

/// An inbox by itself.
package struct InboxDetail: Sendable, Hashable {
  /// The inbox as a line of a table.
  package var row: InboxRow
  /// The first look that showed its folders.
  package var watchedSince: Timestamp?
  /// Monitoring gaps, the last first.
  package var gaps: [Range<Timestamp>]
  /// The municipalities with files expected in it.
  package var municipalities: [MunicipalityLabel]

  /// Describes an inbox.
  package init(
    row: InboxRow, watchedSince: Timestamp? = nil, gaps: [Range<Timestamp>] = [],
    municipalities: [MunicipalityLabel] = []
  ) {
    self.row = row
    self.watchedSince = watchedSince
    self.gaps = gaps
    self.municipalities = municipalities
  }
}

extension ConsoleQueries {
  /// Returns the inboxes: first those that cannot be listed, then by the severity of what is wrong, and then by the
  /// oldest file's waiting time as a share of its limit, the greatest first.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when the alerts cannot be read.
  package func inboxRows() async throws(ExchangeError) -> [InboxRow] {
    let counts = try await store.openAlertCounts()
    let rows = inboxes().map { InboxRow(status: $0, alerts: counts[$0.account] ?? WatchDatabase.OpenAlertCounts()) }
    let keys = rows.map { row -> (Int, Double, Int) in
      let oldest = row.oldest
      return (row.state.rank, -(oldest?.limitShare ?? -1), -(oldest?.ageSeconds ?? -1))
    }
    return zip(keys, rows).sorted { one, other in one.0 < other.0 }.map(\.1)
  }

  /// Returns an inbox; `nil` for an account that is not watched.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  package func inbox(_ account: String) async throws(ExchangeError) -> InboxDetail? {
    guard let status = inboxes().first(where: { $0.account.utf8.elementsEqual(account.utf8) }) else { return nil }
    let counts = try await store.openAlertCounts()[account]
    let state = try await store.state(of: account, countsFiles: false)
    let expected = evaluator.rules(of: account).infRefRules.flatMap { $0.expected?.municipalities ?? [] }
    let table = MunicipalityTable(evaluator.settings)
    var labels: [MunicipalityLabel] = []
    for municipality in expected {
      let label = table.label(of: municipality.description)
      if !labels.contains(label) { labels.append(label) }
    }
    return InboxDetail(
      row: InboxRow(status: status, alerts: counts ?? WatchDatabase.OpenAlertCounts()),
      watchedSince: state.watchedSince, gaps: state.gaps, municipalities: labels)
  }
}
