import ArgumentParser
import FilsluseSystem
import Logging
import PickupWatch

/// `filsluse watch`: what lies in the inboxes longer than its rule allows.
struct Watch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what lies in the inboxes past its rule.",
    discussion: """
      Rules stand under "watch" in the settings. A file's age is the time from its metadata's last writing, by the \
      server's clock, to this machine's clock. Nothing is written on the server. Exit status 0: nothing, 2: something.
      """)

  @Flag(help: "Look once and end.")
  var once = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard once else { throw ValidationError("Add --once: looking again and again is not there yet.") }
  }

  func run() async throws {
    let check = PickupCheck(settings: try settings.load(), logger: CommandLogger.make())
    guard !check.watchedAccounts.isEmpty else {
      throw CommandFailure(
        .configuration, "\(settings.config): no rules stand under \"watch\", so there is nothing to look for")
    }
    let reports = await check.run()
    if output.json {
      try Output.print(json: reports.map(ReportedInbox.init))
    } else {
      WatchList(reports).print()
    }
    for report in reports {
      if let failure = report.failure { Output.note("filsluse: \(report.account): \(failure)") }
    }
    let statuses = reports.map { report in
      report.failure?.exitStatus ?? (report.findings.isEmpty ? .done : .found)
    }
    // What could not be looked into may hide more than what was found.
    let gravest = ExitStatus.gravest(statuses)
    if gravest != .done { throw CommandFailure(gravest) }
  }
}
