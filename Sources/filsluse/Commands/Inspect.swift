import ArgumentParser
import TriggerFiles

/// `filsluse inspect`: shows documents, or says what is wrong with them.
struct Inspect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show triggers, metadata and receipts readably, or say what is wrong with them and where.")

  @Argument(help: "The documents, whatever their names; - for standard input.")
  var files: [String]

  @Option(name: .customLong("as"), help: "What every document has to be; by default its root element tells.")
  var kind: DocumentName?

  @OptionGroup var register: RegisterOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let rules = SendRules(register: try register.load())
    var statuses: [ExitStatus] = []
    var reports: [InspectionReport] = []
    for file in files {
      do throws(CommandFailure) {
        let report = InspectionReport(of: try NamedInput.read(file), as: kind?.kind, rules)
        statuses.append(report.isGood ? .done : .badData)
        if output.json { reports.append(report) } else { show(report) }
      } catch {
        // The others are shown all the same.
        Output.note(error.message ?? "")
        statuses.append(error.status)
      }
    }
    if output.json { try Output.print(json: reports) }
    let status = ExitStatus.gravest(statuses)
    if status != .done { throw CommandFailure(status) }
  }

  private func show(_ report: InspectionReport) {
    for diagnostic in report.diagnostics { Output.note("\(report.file):\(diagnostic)") }
    guard let document = report.document?.document else { return }
    if files.count > 1 { Output.print("\(report.file):") }
    Output.print(document.readable + (files.count > 1 ? "\n" : ""))
  }
}

/// The documents by the names that the command line has for them.
enum DocumentName: String, ExpressibleByArgument, CaseIterable {
  case trigger, metadata, receipt
  case businessReceipt = "business-receipt"
  case businessResponse = "business-response"

  var kind: DocumentKind {
    switch self {
    case .trigger: .trigger
    case .metadata: .metadata
    case .receipt: .technicalReceipt
    case .businessReceipt: .businessReceipt
    case .businessResponse: .businessResponse
    }
  }
}

extension NamedInput {
  /// Reads a document; one byte more than is read tells one that is too large from one that just fits.
  fileprivate static func read(_ name: String) throws(CommandFailure) -> NamedInput {
    try NamedInput(name, upTo: ReadingLimits().maximumBytes + 1)
  }
}
