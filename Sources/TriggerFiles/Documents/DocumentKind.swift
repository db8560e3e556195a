/// The five documents, by the names of their root elements (contract section 2).
public enum DocumentKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Written by a sender beside its data file.
  case trigger = "Trigger"
  /// Written by the platform beside the data file that it hands over.
  case metadata = "FileMetadata"
  /// The platform's answer to a trigger.
  case technicalReceipt = "TechnicalReceipt"
  /// A recipient's answer to a file.
  case businessReceipt = "BusinessReceipt"
  /// The platform's answer to a business receipt.
  case businessResponse = "BusinessResponse"
}

extension DocumentKind {
  /// Recognises the kind by the root element's name, and for a trigger by its children.
  init?(of root: XMLElement) {
    guard let kind = DocumentKind(rawValue: root.localName) else { return nil }
    let isOlderMetadata = kind == .trigger && root.children.contains { $0.isNamed("FileTransferUUID", in: nil) }
    self = isOlderMetadata ? .metadata : kind
  }

  /// Creates the kind of a root in the contract's namespace. Returns `nil` and adds a finding for another namespace or
  /// another kind than `wanted`.
  init?(root: XMLElement, wanted: DocumentKind?, _ findings: Findings) {
    let names = wanted.map { [$0] } ?? DocumentKind.allCases
    guard let kind = DocumentKind(of: root) else {
      findings.add(Self.unknown(root, names), at: root)
      return nil
    }
    guard root.namespace == Contract.namespace else {
      findings.add(Self.strange(root), at: root)
      return nil
    }
    guard wanted == nil || kind == wanted else {
      findings.add(Self.other(kind, names), at: root)
      return nil
    }
    self = kind
  }

  private static func unknown(_ root: XMLElement, _ names: [DocumentKind]) -> ValueError {
    ValueError(
      code: .unknownRoot,
      found: LocalizedText(
        "the root element \(Quoted.text(root.writtenName))", "rodelementet \(Quoted.danish(root.writtenName))"),
      expected: list(names),
      remedy: LocalizedText(
        "check that this is the small document, not the data",
        "se efter, at det er det lille dokument og ikke datafilen"))
  }

  private static func strange(_ root: XMLElement) -> ValueError {
    ValueError(
      code: .wrongNamespace,
      found: root.namespace.map {
        LocalizedText("the namespace \(Quoted.text($0))", "navnerummet \(Quoted.danish($0))")
      } ?? LocalizedText("\(root.localName) without a namespace", "\(root.localName) uden navnerum"),
      expected: LocalizedText(
        "the namespace \(Contract.namespace) (section 2)", "navnerummet \(Contract.namespace) (afsnit 2)"),
      remedy: LocalizedText(
        "declare it on the root, which alone is qualified",
        "erklær det på rodelementet, som er det eneste, der har et navnerum"))
  }

  private static func other(_ kind: DocumentKind, _ names: [DocumentKind]) -> ValueError {
    ValueError(
      code: .otherDocument,
      found: kind == .metadata
        ? LocalizedText("metadata (it has a FileTransferUUID)", "metadata (det har et FileTransferUUID)")
        : LocalizedText("a \(kind.rawValue)", "et \(kind.rawValue)"),
      expected: list(names),
      remedy: LocalizedText("check that the file has its right name", "se efter, at filen har sit rigtige navn"))
  }

  private static func list(_ names: [DocumentKind]) -> LocalizedText {
    let list = names.map(\.rawValue).joined(separator: ", ")
    return LocalizedText("\(list) (section 2)", "\(list) (afsnit 2)")
  }
}
