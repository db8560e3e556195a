import ArgumentParser
import FoundationEssentials
import SystemPackage

/// `filsluse-bench watch`: what watching many inboxes, and one large one, costs.
struct WatchBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Measure the pickup watcher's looks at many inboxes and at a large one.",
    discussion: """
      A real sshd, reached through a proxy with the round trip given, has a user for every inbox. The watcher is a \
      process of its own, and tells of itself what it took. The simulated day runs without delay, by a clock that \
      moves a minute with each scan, while files come and go.
      """)

  enum Part: String, CaseIterable, ExpressibleByArgument {
    /// Many inboxes at a time.
    case many
    /// One inbox with very many files, and the status page of a daemon that knows them.
    case large
    /// A day's scans, one a minute.
    case day
    /// The console of a daemon that watches many inboxes with as many files together as the large one holds.
    case console
  }

  @Option(help: "Which parts; all without it.")
  var part: [Part] = []

  @Option(help: "How many inboxes.")
  var inboxes = 98

  @Option(help: "How many files each of them holds; half of them are metadata.")
  var files = 1000

  @Option(help: "How many files the large inbox holds.")
  var large = 100_000

  @Option(help: "How many scans after the first one.")
  var scans = 5

  @Option(help: "How many hours the simulated day has.")
  var hours = 24

  @Option(help: ArgumentHelp("The round trip through the proxy.", valueName: "ms"))
  var roundTrip = 20

  func validate() throws {
    guard inboxes > 0, files > 1, large > 1, scans > 0, hours > 0, roundTrip >= 0 else {
      throw ValidationError("every number is at least 1, and a pair is two files")
    }
  }

  func run() async throws {
    for part in part.isEmpty ? Part.allCases : part {
      switch part {
      case .many: try await measureMany()
      case .large: try await measureLarge()
      case .day: try await measureDay()
      case .console: try await measureConsole()
      }
    }
  }

  private func measureMany() async throws {
    try await withWatchField(inboxes: inboxes, pairs: files / 2, roundTripMilliseconds: roundTrip) { field in
      print("\(inboxes) inboxes × \(files / 2 * 2) files, a user each, \(roundTrip) ms round trip")
      let kept = try await field.scan(.kept, scans: scans)
      print(kept.text("connections kept", seconds: 10, megabytes: 80, share: 5))
      let connecting = try await field.scan(.connecting, scans: scans)
      print(connecting.text("connecting for each scan", seconds: 10, megabytes: 80, share: 5))
    }
  }

  private func measureLarge() async throws {
    try await withWatchField(inboxes: 1, pairs: large / 2, roundTripMilliseconds: roundTrip) { field in
      print("1 inbox × \(large / 2 * 2) files, \(roundTrip) ms round trip")
      print(try await field.scan(.kept, scans: scans).text("connection kept", seconds: 15))
      guard let command = BuiltProducts.command else { return print("  no status page: filsluse was not built") }
      Progress.show("asking for the status page")
      print(try await PageReport.measure(field, command: command, requests: 50).text)
    }
  }

  private func measureConsole() async throws {
    guard let command = BuiltProducts.command else { return print("no console: filsluse was not built") }
    let pairs = max(1, large / 2 / inboxes)
    try await withWatchField(inboxes: inboxes, pairs: pairs, roundTripMilliseconds: roundTrip) { field in
      print("console over \(inboxes) inboxes × \(pairs * 2) files")
      print(try await ConsoleReport.measure(field, command: command).text)
    }
  }

  private func measureDay() async throws {
    let (inboxes, pairs) = (4, 100)
    try await withWatchField(inboxes: inboxes, pairs: pairs, roundTripMilliseconds: 0) { field in
      print(
        """
        \(hours) simulated hours, \(hours * 60) scans of \(inboxes) inboxes × \(pairs * 2) files; in each inbox two \
        pairs come and two go a minute
        """)
      print(try await field.live(hours: hours))
    }
  }
}
