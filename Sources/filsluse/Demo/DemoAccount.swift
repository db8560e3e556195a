import FileExchange
import FilsluseBase
import TriggerFiles

/// The report of the demo, for a person to read or as JSON.
struct DemoAccount: Encodable {
  /// One system's sending or collecting.
  struct Step: Encodable {
    let system: String
    let command: String
    let files: Int
    let bytes: UInt64
    let duration: Duration

    private enum CodingKeys: String, CodingKey { case system, command, files, bytes }
  }

  /// One look of the watcher.
  struct Look: Encodable {
    let system: String
    let waiting: Int
    let findings: Int
  }

  /// One delivery and its outcome.
  struct Transmission: Encodable {
    let name: String
    let route: String
    let infRef: InfRef?
    let bytes: UInt64
    let state: DeliveryState
    let receipt: String?
    let sent: Timestamp?
    let taken: Timestamp?
    let collectedBy: [String]
    let arrived: Int
    let isSame: Bool

    private enum CodingKeys: String, CodingKey {
      case name, route, infRef, bytes, state, receipt, collectedBy, arrived, isSame
    }
  }

  let folder: String
  private(set) var steps: [Step] = []
  private(set) var looks: [Look] = []
  var transmissions: [Transmission] = []

  init(folder: String) { self.folder = folder }

  mutating func add(_ step: Step) { steps.append(step) }
  mutating func add(_ look: Look) { looks.append(look) }

  /// True if everything arrived once, whole, and with a good receipt.
  var isComplete: Bool {
    transmissions.count == 100 && transmissions.allSatisfy { $0.state == .accepted && $0.arrived == 1 && $0.isSame }
  }

  /// The account: the steps with their speed, some of the transmissions, and how all of them came out.
  var text: String {
    var did = Table(
      header: ("SYSTEM|COMMAND|FILES|BYTES|TIME|SPEED", "SYSTEM|KOMMANDO|FILER|BYTE|TID|HASTIGHED"))
    for step in steps {
      did.add([
        step.system, step.command, String(step.files), Readable.megabytes(step.bytes), Readable.time(step.duration),
        Readable.speed(step.bytes, in: step.duration),
      ])
    }
    let seen = looks.map { look in
      LocalizedText(
        "filsluse watch --once, \(look.system): \(look.waiting) waiting, \(look.findings == 0 ? "none" : "\(look.findings)") past its rule",
        "filsluse watch --once, \(look.system): \(look.waiting) venter, \(look.findings == 0 ? "ingen" : "\(look.findings)") over reglens frist"
      ).shown
    }
    let titles = (
      done: LocalizedText("What was done", "Hvad der blev gjort"),
      seen: LocalizedText(
        "What the watcher saw before anything was collected", "Hvad overvågningen så, før noget blev hentet"),
      became: LocalizedText(
        "What became of it (\(shown.count) of \(transmissions.count))",
        "Hvad der blev af det (\(shown.count) af \(transmissions.count))")
    )
    return """

      \(titles.done.shown)
      \(did.text)

      \(titles.seen.shown)
      \(seen.joined(separator: "\n"))

      \(titles.became.shown)
      \(shownTable)

      \(summary)
      """
  }

  /// The special transmissions: the sortiment, the empty one, the large one, the one that went twice.
  private var shown: [Transmission] {
    let remarkable = [".flis-\(DemoInputs.emptyCode).", ".flis-\(DemoInputs.largeCode).", "Aarhus"]
    return transmissions.filter { one in one.route == "sortiment" || remarkable.contains { one.name.contains($0) } }
  }

  private var shownTable: String {
    var table = Table(
      header: (
        "NAME|BYTES|SENT|TAKEN|RECEIPT|COLLECTED BY|SAME", "NAVN|BYTE|SENDT|TAGET|KVITTERING|HENTET AF|ENS"
      ))
    let (yes, no) = (LocalizedText("yes", "ja").shown, LocalizedText("NO", "NEJ").shown)
    for one in shown {
      table.add([
        one.name, String(one.bytes), Self.clock(one.sent), Self.clock(one.taken), one.receipt ?? "–",
        one.collectedBy.joined(separator: ", "), one.isSame ? yes : no,
      ])
    }
    return table.text
  }

  private var summary: String {
    let accepted = transmissions.filter { $0.state == .accepted }.count
    let once = transmissions.filter { $0.arrived == 1 }.count
    let same = transmissions.filter(\.isSame).count
    let bytes = transmissions.reduce(0) { $0 + $1.bytes }
    let (count, size) = (transmissions.count, Readable.megabytes(bytes))
    return LocalizedText(
      """
      \(count) transmissions, \(size): \(accepted) accepted by receipt, \(once) arrived exactly once, \
      \(same) the same byte for byte.
      The CVR numbers 9900xxxx are a test series and belong to nobody.
      """,
      """
      \(count) forsendelser, \(size): \(accepted) godkendt med kvittering, \(once) kom frem netop én gang, \
      \(same) er ens byte for byte.
      CVR-numrene 9900xxxx er en testserie og tilhører ingen.
      """
    ).shown
  }

  /// The time of day in UTC, as text.
  private static func clock(_ moment: Timestamp?) -> String {
    moment.map { String($0.description.dropFirst(11).prefix(8)) + "Z" } ?? "–"
  }
}
