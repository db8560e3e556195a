/// Any document of the contract, recognised by its root element.
public enum Document: Sendable, Hashable {
  /// A trigger.
  case trigger(Trigger)
  /// Metadata; also with the root `Trigger` if it has a FileTransferUUID (Seen).
  case metadata(FileMetadata)
  /// A technical receipt.
  case technicalReceipt(TechnicalReceipt)
  /// A business receipt.
  case businessReceipt(BusinessReceipt)
  /// A business response.
  case businessResponse(BusinessResponse)

  /// Reads a document from the bytes of a file.
  ///
  /// - Throws: `DocumentError` with everything that keeps it from being one.
  public init(reading bytes: [UInt8], limits: ReadingLimits = ReadingLimits()) throws(DocumentError) {
    self = try Self.read(bytes, as: nil, limits) { root, findings in Self(reading: root, findings) }
  }

  /// The kind of the document.
  public var kind: DocumentKind {
    switch self {
    case .trigger: .trigger
    case .metadata: .metadata
    case .technicalReceipt: .technicalReceipt
    case .businessReceipt: .businessReceipt
    case .businessResponse: .businessResponse
    }
  }

  /// The document in UTF-8; metadata keeps the root it has.
  public func xml() -> [UInt8] {
    switch self {
    case .trigger(let document): document.xml()
    case .metadata(let document): document.xml(as: document.root)
    case .technicalReceipt(let document): document.xml()
    case .businessReceipt(let document): document.xml()
    case .businessResponse(let document): document.xml()
    }
  }
}

extension Document {
  /// Returns a document's text as UTF-8, decoded by its declared encoding; `nil` if the bytes are invalid in it.
  public static func text(of bytes: [UInt8]) -> [UInt8]? { (try? SourceText(decoding: bytes))?.bytes }
}

/// The result of reading a document: the document unless there are errors, and all findings, warnings included.
public struct Inspection: Sendable, Hashable {
  /// The document; `nil` when a finding is an error.
  public let document: Document?
  /// All findings in the order of the document.
  public let diagnostics: [Diagnostic]
}

extension Document {
  /// Reads a document and returns all findings.
  ///
  /// - Parameters:
  ///   - kind: the kind it has to be; by default its root element decides.
  ///   - advice: warnings beyond the schema; by default none.
  public static func inspect(
    _ bytes: [UInt8], as kind: DocumentKind? = nil, limits: ReadingLimits = ReadingLimits(),
    advice: ReadingAdvice? = nil
  ) -> Inspection {
    let findings = Findings(advice: advice)
    do throws(DocumentError) {
      let document = try read(bytes, as: kind, limits, findings) { root, findings in Self(reading: root, findings) }
      return Inspection(document: document, diagnostics: findings.sorted)
    } catch {
      return Inspection(document: nil, diagnostics: error.diagnostics)
    }
  }

  /// Reads a value from the root element by `read`; warnings stay in `findings`.
  ///
  /// - Throws: `DocumentError` with all findings if one is an error.
  static func read<Value>(
    _ bytes: [UInt8], as wanted: DocumentKind?, _ limits: ReadingLimits, _ findings: Findings = Findings(),
    _ read: (XMLElement, Findings) -> Value?
  ) throws(DocumentError) -> Value {
    let root = try XMLTree(reading: bytes, limits: limits).root
    guard DocumentKind(root: root, wanted: wanted, findings) != nil else { throw DocumentError(findings.sorted) }
    let value = read(root, findings)
    try findings.throwErrors()
    guard let value else { throw unread }
    return value
  }

  /// Every part of a document without errors was read, so there is a value. If a rule ever fails to report a refusal,
  /// the result is this error and not a crash.
  private static let unread = DocumentError([
    Diagnostic(
      code: .notXML,
      found: LocalizedText("a document that could not be read", "et dokument, der ikke kunne læses"),
      expected: LocalizedText("a document of the contract (section 2)", "et af kontraktens dokumenter (afsnit 2)"),
      remedy: LocalizedText("report this file as a fault of the library", "meld filen som en fejl i biblioteket"))
  ])

  private init?(reading root: XMLElement, _ findings: Findings) {
    let document: Document? =
      switch DocumentKind(of: root) {
      case .trigger: Trigger(reading: root, findings).map { .trigger($0) }
      case .metadata: FileMetadata(reading: root, findings).map { .metadata($0) }
      case .technicalReceipt: TechnicalReceipt(reading: root, findings).map { .technicalReceipt($0) }
      case .businessReceipt: BusinessReceipt(reading: root, findings).map { .businessReceipt($0) }
      case .businessResponse: BusinessResponse(reading: root, findings).map { .businessResponse($0) }
      case nil: nil
      }
    guard let document else { return nil }
    self = document
  }
}
