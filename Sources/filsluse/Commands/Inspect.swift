import ArgumentParser
import TriggerFiles

/// `filsluse inspect`: shows documents, or their faults.
struct Inspect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: LocalizedText(
      "Show triggers, metadata and receipts readably, or say what is wrong with them and where.",
      "Vis triggere, metadata og kvitteringer læseligt, eller sig, hvad der er galt med dem, og hvor."
    ).shown,
    discussion: LocalizedText(
      """
      Two questions are kept apart: is the document right by the schema, and could the trigger be sent? A document \
      that is right ends with 0, and what keeps it from being sent is a warning; with --for-sending it ends with 65, as \
      does a document that is no trigger. In JSON these are valid and canBeSent, which is null for what is no trigger. \
      A document in a mail, a quotation or an escaped copy is read out of it, and said so.
      """,
      """
      To spørgsmål holdes adskilt: er dokumentet rigtigt efter skemaet, og kunne triggeren sendes? Et dokument, der er rigtigt, \
      slutter med 0, og det, der hindrer afsendelse, er en advarsel; med --for-sending slutter det med 65, ligesom et dokument, der \
      ikke er en trigger. I JSON er det valid og canBeSent, som er null for det, der ikke er en trigger. Et dokument i en mail, \
      et citat eller en kopi med undvigetegn læses ud af det, og det siges.
      """
    ).shown)

  @Argument(
    help: ArgumentHelp(
      "The documents, whatever their names; - for standard input.",
      "Dokumenterne, uanset hvad de hedder; - for standardinput."), completion: .file())
  var files: [String]

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "What every document has to be; by default its root element tells.",
      "Hvad hvert dokument skal være; som standard siger rodelementet det."))
  var kind: DocumentName?

  @Flag(
    help: ArgumentHelp(
      "End with 65 for a document that could not be sent.", "Slut med 65 for et dokument, der ikke kunne sendes."))
  var forSending = false

  @OptionGroup var register: RegisterOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let rules = SendRules(register: try register.load())
    let language = language.chosen
    var statuses: [ExitStatus] = []
    var reports: [Line] = []
    for file in files {
      do throws(CommandFailure) {
        let report = InspectionReport(of: try NamedInput.read(file), as: kind?.kind, rules, in: language)
        statuses.append(report.isGood(forSending: forSending) ? .done : .badData)
        if output.json { reports.append(.report(report)) } else { show(report, language) }
      } catch {
        // The other documents are still shown.
        Output.note(error.explanation)
        statuses.append(error.status)
        reports.append(.failure(file: Printable.text(file), error.reported(by: "inspect")))
      }
    }
    if output.json { try Output.print(json: reports) }
    let status = ExitStatus.worst(statuses)
    if status != .done { throw CommandFailure(status) }
  }

  /// The report about a document, or the error of a file that cannot be read.
  private enum Line: Encodable {
    case report(InspectionReport)
    case failure(file: String, ReportedError)

    private enum CodingKeys: String, CodingKey {
      case file, error
    }

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .report(let report): try report.encode(to: encoder)
      case .failure(let file, let error):
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(error, forKey: .error)
      }
    }
  }

  private func show(_ report: InspectionReport, _ language: ReportLanguage) {
    if let steps = report.readOutOf, !steps.isEmpty {
      let how = steps.joined(separator: ", ")
      let text = LocalizedText(
        "the document was read out of the text around it (\(how))",
        "dokumentet er læst ud af teksten omkring det (\(how))")
      Output.note("\(report.file): \(text[language])")
    }
    for diagnostic in report.diagnostics + report.shownSending(forSending: forSending) {
      Output.note("\(report.file):\(diagnostic.line(in: language))")
    }
    if forSending, report.valid, report.canBeSent == nil {
      let text = LocalizedText(
        "it is a good document and no trigger, and only triggers are sent",
        "det er et rigtigt dokument og ikke en trigger, og kun triggere sendes")
      Output.note("\(report.file): \(Diagnostic.Severity.error.word(in: language)): \(text[language])")
    }
    guard let document = report.document?.document else { return }
    if files.count > 1 { Output.print("\(report.file):") }
    Output.print(document.readable(canBeSent: report.canBeSent, in: language) + (files.count > 1 ? "\n" : ""))
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
  /// Reads a document, or a mail with its attachments; reading one byte beyond the limit reveals a file that is too
  /// large.
  fileprivate static func read(_ name: String) throws(CommandFailure) -> NamedInput {
    let limit = ReadingLimits().maximumBytes + 1
    let start = try NamedInput(name, upTo: limit)
    guard start.bytes.count == limit, MailMessage.beginsAsMail(start.bytes) else { return start }
    let mail = try start.readFurther(from: name, upTo: AuditedFile.Largest.mail + 1)
    guard mail.bytes.count <= AuditedFile.Largest.mail else {
      throw CommandFailure(
        .badData,
        "\(Printable.text(mail.name)): a mail larger than \(AuditedFile.Largest.mail >> 20) MiB",
        "\(Printable.text(mail.name)): en mail større end \(AuditedFile.Largest.mail >> 20) MiB",
        remedy: LocalizedText("save the attachment", "gem det vedhæftede"))
    }
    return mail
  }
}
