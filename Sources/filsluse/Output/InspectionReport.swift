import TriggerFiles

/// What there is to say about one document.
struct InspectionReport: Encodable {
  let file: String
  let kind: String?
  let document: InspectedDocument?
  let diagnostics: [Diagnostic]

  /// Triggers are held against the rules of sending too; in what others wrote an odd InfRef is worth a warning.
  init(of input: NamedInput, as kind: DocumentKind?, _ rules: SendRules) {
    let strict = Document.inspect(input.bytes, as: kind, sending: rules)
    let isReceived = strict.document?.kind == .metadata
    let inspection =
      isReceived
      ? Document.inspect(
        input.bytes, as: kind, advice: ReadingAdvice(register: rules.register, suffixes: rules.suffixes)) : strict
    file = Printable.text(input.name)
    self.kind = inspection.document?.kind.rawValue
    document = inspection.document.map(InspectedDocument.init)
    diagnostics = inspection.diagnostics
  }

  var isGood: Bool { document != nil && !diagnostics.contains { $0.severity == .error } }
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
