internal import FilsluseBase
internal import FilsluseHTTP

/// The state of a running exchange as metrics in Prometheus's text format.
///
/// Labels are the accounts of the settings and lists of our own. Nothing that comes over the wire or names a file is
/// one.
struct RunMetrics {
  private let status: RunStatus
  private let now: Timestamp

  init(_ status: RunStatus, at now: Timestamp) {
    self.status = status
    self.now = now
  }

  /// All metric families, in the order of output.
  var families: [MetricFamily] { process + work + connections + waiting + [problems] }

  private var process: [MetricFamily] {
    var build = MetricFamily("filsluse_build_info", .gauge, "Always 1; the version of Filsluse is the label.")
    build.add(1, ["version": status.version])
    var started = MetricFamily(
      "filsluse_run_start_time_seconds", .gauge, "When the exchange's process began, in seconds since 1970.")
    started.add(Self.seconds(status.started))
    var ready = MetricFamily(
      "filsluse_run_ready", .gauge,
      "1 when the exchange is at work, its journal can be read, no account is stopped and each IN was looked into lately, else 0."
    )
    ready.add(status.unreadiness(at: now).isEmpty ? 1 : 0)
    return [build, started, ready]
  }

  /// Counters of this process: they begin at 0 with it.
  private var work: [MetricFamily] {
    var receipts = MetricFamily(
      "filsluse_run_receipts_total", .counter,
      "The platform's receipts that this process wrote into the journal, by outcome.")
    var retries = MetricFamily(
      "filsluse_run_retries_total", .counter, "Failed tries that are repeated, by the work that failed.")
    for account in status.accounts {
      let (name, counts) = (account.name, account.counts)
      receipts.add(Double(counts.accepted), ["account": name, "outcome": "accepted"])
      receipts.add(Double(counts.refused), ["account": name, "outcome": "refused"])
      for work in RunCounts.RetriedWork.allCases {
        retries.add(Double(counts.retries[work] ?? 0), ["account": name, "work": work.rawValue])
      }
    }
    return [
      counter("filsluse_run_deliveries_total", "Files of watched folders that this process put into OUT.") {
        $0.counts.sent
      },
      receipts,
      counter(
        "filsluse_run_arrivals_total",
        "Arrivals that this process collected: they are their receiver's and gone from IN."
      ) { $0.counts.collected },
      counter("filsluse_run_set_aside_total", "Files and arrivals that this process set aside.") {
        $0.counts.setAside
      },
      retries,
    ]
  }

  private var connections: [MetricFamily] {
    var state = MetricFamily(
      "filsluse_run_connection", .gauge, "1 for the state that the account's connection is in, 0 for the others.")
    var look = MetricFamily(
      "filsluse_run_last_look_timestamp_seconds", .gauge, "When IN was last looked into, in seconds since 1970.")
    for account in status.accounts {
      for known in RunAccount.Connection.allCases {
        state.add(account.connection == known ? 1 : 0, ["account": account.name, "state": known.rawValue])
      }
      if let last = account.lastLook { look.add(Self.seconds(last), ["account": account.name]) }
    }
    let failures = counter(
      "filsluse_run_connection_failures_total",
      "Connections that were lost or could not be made, since the account began."
    ) { $0.connectionFailures }
    return [state, failures, look]
  }

  /// The content of the journal, whichever process wrote it; absent while the journal cannot be read.
  private var waiting: [MetricFamily] {
    var deliveries = MetricFamily(
      "filsluse_run_open_deliveries", .gauge, "Deliveries in the journal that are not finished, by state.")
    var arrivals = MetricFamily(
      "filsluse_run_open_arrivals", .gauge, "Arrivals in the journal that are not finished, by state.")
    guard status.journalTrouble == nil else { return [] }
    for account in status.accounts {
      for state in DeliveryState.allCases where !state.isFinished {
        deliveries.add(
          Double(account.open.deliveries[state] ?? 0), ["account": account.name, "state": state.rawValue])
      }
      for state in ArrivalState.allCases where !state.isFinished {
        arrivals.add(Double(account.open.arrivals[state] ?? 0), ["account": account.name, "state": state.rawValue])
      }
    }
    return [deliveries, arrivals]
  }

  private var problems: MetricFamily {
    var family = MetricFamily(
      "filsluse_run_open_problems", .gauge, "What stands still for good or waits for a person, by kind.")
    guard status.isAtWork, status.journalTrouble == nil else { return family }
    for kind in OpenProblem.Kind.allCases {
      family.add(Double(status.problems.counts[kind] ?? 0), ["kind": kind.rawValue])
    }
    return family
  }

  /// A counter with one number for each account.
  private func counter(_ name: String, _ help: String, _ count: (RunAccount) -> Int) -> MetricFamily {
    var family = MetricFamily(name, .counter, help)
    for account in status.accounts { family.add(Double(count(account)), ["account": account.name]) }
    return family
  }

  private static func seconds(_ moment: Timestamp) -> Double { Double(moment.millisecondsSince1970) / 1000 }
}
