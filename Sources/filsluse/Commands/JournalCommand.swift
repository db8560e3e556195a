import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseSystem
import SystemPackage

/// `filsluse journal`: what was sent and received, step by step.
struct JournalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: "Look at what was sent and received, and look after the journal's file.",
    subcommands: [List.self, Show.self, Export.self, Check.self, Backup.self])

  /// Which deliveries and arrivals are wanted.
  struct Selection: ParsableArguments {
    @Option(help: "Only this account.")
    var account: String?

    @Option(help: "Only this route.")
    var route: String?

    @Option(help: "Only this InfRef.")
    var infref: String?

    @Option(help: "Only this state, such as accepted or quarantined.")
    var state: String?

    @Option(
      help: ArgumentHelp("Only what began within this time until now.", valueName: "24h"), transform: Period.parse)
    var within: Duration?

    @Flag(help: "Show numbers that look like CPR numbers; they are masked otherwise.")
    var unmasked = false

    func trails(in journal: Journal) async throws -> [Trail] {
      var filter = JournalFilter()
      filter.account = account
      filter.route = route
      filter.infRef = infref
      filter.state = state
      filter.since = within.map { Timestamp.now.earlier(by: $0) }
      let deliveries = try await journal.deliveries(filter).map { Trail($0, unmasked: unmasked) }
      let arrivals = try await journal.arrivals(filter).map { Trail($0, unmasked: unmasked) }
      return (deliveries + arrivals).sorted { ($0.began, $0.id) < ($1.began, $1.id) }
    }
  }

  /// `filsluse journal list`: a line each.
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List deliveries and arrivals, a line each.")

    @OptionGroup var selection: Selection
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let trails = try await selection.trails(in: try await Journal.open(try settings.load().journal))
      if output.json { return try Output.print(json: trails) }
      var table = Table(header: ["ID", "BEGAN", "STATE", "NAME", "ROUTE OR SENDER", "INFREF", "BYTES"])
      for one in trails {
        table.add([one.id, one.began, one.state, one.name, one.counterpart, one.infRef ?? "", String(one.bytes)])
      }
      Output.print(table.text)
    }
  }

  /// `filsluse journal export`: the audit trail.
  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the audit trail as CSV or JSON: who sent what to whom when, sizes, SHA-256, receipts.")

    @OptionGroup var selection: Selection
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let trails = try await selection.trails(in: try await Journal.open(try settings.load().journal))
      if output.json { return try Output.print(json: trails) }
      Output.print(Trail.csvHeader)
      for one in trails { Output.print(one.csv) }
    }
  }

  /// `filsluse journal show`: one of them with every step.
  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a delivery or an arrival with every step.")

    @Argument(help: "Its id as list shows it, such as D12 or A7.")
    var id: String

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let journal = try await Journal.open(try settings.load().journal)
      guard let number = Int64(id.dropFirst()), let trail = try await trail(number, in: journal) else {
        throw CommandFailure(.badData, "there is no \(id) in \(journal.path); filsluse journal list shows the ids")
      }
      let subject: JournalEntry.Subject = id.hasPrefix("D") ? .delivery(number) : .arrival(number)
      let steps = try await journal.entries().filter { $0.subject == subject }.map(Trail.Step.init)
      if output.json { return try Output.print(json: TrailWithSteps(trail: trail, steps: steps)) }
      Output.print(trail.facts)
      for step in steps { Output.print("\(step.at)  \(step.state)\(step.detail.map { "  \($0)" } ?? "")") }
    }

    private func trail(_ number: Int64, in journal: Journal) async throws -> Trail? {
      switch id.first {
      case "D": try await journal.delivery(number).map { Trail($0, unmasked: false) }
      case "A": try await journal.arrival(number).map { Trail($0, unmasked: false) }
      default: nil
      }
    }

    private struct TrailWithSteps: Encodable {
      let trail: Trail
      let steps: [Trail.Step]
    }
  }

  /// `filsluse journal check`: looks for damage.
  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Look through the journal's file for damage.")

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let journal = try await Journal.open(try settings.load().journal)
      let findings = try await journal.check()
      if output.json {
        try Output.print(json: ["findings": findings])
      } else {
        Output.print(findings.isEmpty ? "\(journal.path) is sound" : findings.joined(separator: "\n"))
      }
      if !findings.isEmpty {
        throw CommandFailure(.localIO, "the journal is damaged; put a backup in its place before anything is sent")
      }
    }
  }

  /// `filsluse journal backup`: a copy while others go on.
  struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a whole copy of the journal to a new file, while others go on using it.")

    @Argument(help: "The new file.")
    var file: String

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let journal = try await Journal.open(try settings.load().journal)
      try await journal.backUp(to: FilePath(file))
      if output.json { try Output.print(json: ["backup": file]) } else { Output.print("\(file) holds the journal") }
    }
  }
}
