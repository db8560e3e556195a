import ArgumentParser
import SystemPackage
import TriggerFiles

/// `filsluse inspect`: shows a document, or says what is wrong with it.
struct Inspect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a trigger, metadata or receipt readably, or say what is wrong with it and where.")

  @Argument(help: "The document: a .trigger, .metadata or .sftpreceipt file, whatever its name.")
  var file: String

  @OptionGroup var output: OutputOptions

  func run() async throws {
    let limits = ReadingLimits()
    // One byte more than is read tells a document that is too large from one that just fits.
    let bytes = try InputFile.read(FilePath(file), upTo: limits.maximumBytes + 1)
    let inspection = Document.inspect(bytes, limits: limits)
    let names = inspection.document.map(InspectedDocument.nameFindings) ?? []
    if output.json {
      try Output.print(
        json: InspectionReport(
          file: file, kind: inspection.document?.kind.rawValue,
          document: inspection.document.map(InspectedDocument.init),
          diagnostics: inspection.diagnostics, infRefFindings: names))
    } else {
      for diagnostic in inspection.diagnostics { Output.note("\(Printable.text(file)):\(diagnostic)") }
      for finding in names { Output.note("\(Printable.text(file)): InfRef: \(finding)") }
      if let document = inspection.document { Output.print(document.readable) }
    }
    let badName = names.contains { $0.severity == .error }
    if inspection.document == nil || badName { throw CommandFailure(.badData) }
  }
}

private struct InspectionReport: Encodable {
  let file: String
  let kind: String?
  let document: InspectedDocument?
  let diagnostics: [Diagnostic]
  let infRefFindings: [InfRefFinding]
}

/// A document as JSON shows it: its fields under the names that they have in the contract.
private struct InspectedDocument: Encodable {
  let document: Document

  func encode(to encoder: any Encoder) throws {
    switch document {
    case .trigger(let document): try document.encode(to: encoder)
    case .metadata(let document): try document.encode(to: encoder)
    case .technicalReceipt(let document): try document.encode(to: encoder)
    case .businessReceipt(let document): try document.encode(to: encoder)
    case .businessResponse(let document): try document.encode(to: encoder)
    }
  }

  /// What is to be said about a trigger's InfRef. A name that is merely unknown may stand in the user's register.
  static func nameFindings(_ document: Document) -> [InfRefFinding] {
    guard case .trigger(let trigger) = document, case .routing(let info) = trigger.fileContentDescriptor else {
      return []
    }
    return InfRef.check(info.infRef).map { finding in
      guard finding.code == .unknown else { return finding }
      return InfRefFinding(
        code: finding.code, severity: .warning, message: finding.message, suggestion: finding.suggestion)
    }
  }
}
