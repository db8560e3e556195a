import ArgumentParser
import SystemPackage

/// `filsluse infref audit`: looks through folders for InfRefs before a night's run.
struct InfRefAudit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Look through files and folders for misspelt InfRefs, and triggers whose routing does not fit theirs.",
    discussion: """
      Triggers, metadata, configuration, CSV, text and logs are looked at alike. Files that are no text or larger than \
      --largest are skipped and said so; symbolic links inside folders are not followed. A name that no document knows \
      is an error only with --config, whose infrefs say which names are yours.
      """)

  @Argument(help: "The files and folders.")
  var paths: [String]

  @Option(help: "How to show what was found.")
  var format: AuditFormat = .table

  @Flag(help: "Show the names that are good, too.")
  var all = false

  @Option(help: ArgumentHelp("Skip files that are larger.", valueName: "MiB"))
  var largest = 64

  @Option(help: "What ends with 65: an error, or a warning already.")
  var failOn: FailOn = .error

  @OptionGroup var register: RegisterOptions

  func validate() throws {
    guard (1...4096).contains(largest) else { throw ValidationError("--largest is a number of MiB from 1 to 4096") }
  }

  func run() async throws {
    for path in paths where !InputFile.exists(FilePath(path)) {
      throw CommandFailure(.inputMissing, "\(Printable.text(path)): there is no such file or folder")
    }
    for path in paths where InputFile.isNeitherFileNorFolder(FilePath(path)) {
      throw CommandFailure(.badData, "\(Printable.text(path)) is neither a file nor a folder; name files and folders")
    }
    let audit = Audit(
      paths.map { FilePath($0) }, register: try register.load(), largest: largest << 20, keepsGood: all)
    try show(audit)
    audit.noteSkipped()
    Output.note(audit.summary)
    let isBad = audit.entries.contains { $0.verdict == .error || (failOn == .warning && $0.verdict == .warning) }
    if isBad { throw CommandFailure(.badData) }
    if audit.skipped.contains(where: \.isFailure) { throw CommandFailure(.localIO) }
  }

  private func show(_ audit: Audit) throws {
    switch format {
    case .table: if let table = audit.table { Output.print(table) }
    case .json: try Output.print(json: AuditJSON(audit))
    case .sarif: try Output.print(json: SARIFLog(audit))
    case .junit: Output.print(audit.junit)
    }
  }
}

/// The forms that an audit's result has.
enum AuditFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json, sarif, junit
}

private struct AuditJSON: Encodable {
  let files: Int
  let bytes: Int
  let good: Int
  let entries: [Audit.Entry]
  let skipped: [AuditWalk.Skipped]

  init(_ audit: Audit) {
    (files, bytes, good) = (audit.files, audit.bytes, audit.good)
    (entries, skipped) = (audit.entries, audit.skipped)
  }
}
