import TriggerFiles

/// The report about one document, by two questions: is it right by the schema, and could it be sent?
struct InspectionReport: Encodable {
  let file: String
  let kind: String?
  /// The name of the root element, which metadata has in two forms.
  let root: String?
  /// True if the document is right by the schema (contract section 2).
  let valid: Bool
  /// True if the trigger could be sent (contract sections 3, 4 and 7); `null` for other documents.
  let canBeSent: Bool?
  /// The steps of extracting the document, where it was in a mail or another text.
  let readOutOf: [String]?
  let document: InspectedDocument?
  /// The findings by the schema.
  let diagnostics: [Diagnostic]
  /// The findings by the rules of sending.
  let sending: [Diagnostic]
  /// The language of the findings in JSON.
  private let language: ReportLanguage

  /// Triggers are checked by the rules for sending too; in others' documents an unusual InfRef is worth a warning.
  init(of input: NamedInput, as kind: DocumentKind?, _ rules: SendRules, in language: ReportLanguage) {
    self.language = language
    let embedded = EmbeddedDocument(in: input.bytes)
    let inspection = Document.inspect(embedded?.bytes ?? input.bytes, as: kind, sending: rules)
    file = Printable.text(input.name)
    readOutOf = embedded.map { $0.steps.map(\.rawValue) }
    self.kind = inspection.document?.kind.rawValue
    root = inspection.document?.rootName
    valid = inspection.isValid
    canBeSent = inspection.canBeSent
    document = inspection.document.map(InspectedDocument.init)
    let line = embedded?.line ?? 1
    diagnostics = inspection.inspection.diagnostics.map { $0.moved(down: line - 1) }
    sending = inspection.sending.map { $0.moved(down: line - 1) }
  }

  private enum CodingKeys: String, CodingKey {
    case file, kind, root, valid, canBeSent, readOutOf, document, diagnostics, sending
  }

  /// Writes `canBeSent` in any case, `null` where the question has no answer.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(file, forKey: .file)
    try container.encodeIfPresent(kind, forKey: .kind)
    try container.encodeIfPresent(root, forKey: .root)
    try container.encode(valid, forKey: .valid)
    try container.encode(canBeSent, forKey: .canBeSent)
    try container.encodeIfPresent(readOutOf, forKey: .readOutOf)
    try container.encodeIfPresent(document, forKey: .document)
    try container.encode(diagnostics.map { ShownDiagnostic($0, in: language) }, forKey: .diagnostics)
    try container.encode(sending.map { ShownDiagnostic($0, in: language) }, forKey: .sending)
  }

  /// Returns true if the document is valid and, if requested, could be sent.
  func isGood(forSending: Bool) -> Bool { valid && (!forSending || canBeSent == true) }

  /// Returns the findings about sending, as warnings unless sending is requested.
  func shownSending(forSending: Bool) -> [Diagnostic] {
    forSending
      ? sending
      : sending.map { $0.with(severity: .warning, position: $0.position) }
  }
}

extension Document {
  /// The name of the root element, as read.
  var rootName: String {
    if case .metadata(let metadata) = self { return metadata.root.rawValue }
    return kind.rawValue
  }
}

extension Diagnostic {
  /// The finding at its place in the text that the document was taken out of.
  fileprivate func moved(down lines: Int) -> Diagnostic {
    guard lines > 0, let position else { return self }
    return with(position: SourcePosition(line: position.line + lines, column: position.column))
  }
}

/// A finding as JSON shows it, in one language.
private struct ShownDiagnostic: Encodable {
  let code: String
  let severity: String
  let position: SourcePosition?
  let path: String
  let found: String
  let expected: String
  let remedy: String

  init(_ diagnostic: Diagnostic, in language: ReportLanguage) {
    code = diagnostic.code.rawValue
    severity = diagnostic.severity.rawValue
    position = diagnostic.position
    path = diagnostic.path
    found = diagnostic.found[language]
    expected = diagnostic.expected[language]
    remedy = diagnostic.remedy[language]
  }
}

/// A document as JSON shows it: its fields under the names that they have in the contract.
struct InspectedDocument: Encodable {
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
}
