/// The findings about a document: by the schema, and by the rules for sending. A valid document may still be one that
/// no platform accepts.
public struct SendInspection: Sendable, Hashable {
  /// The document and its findings by the schema (contract section 2).
  public let inspection: Inspection
  /// The findings by the rules for sending a trigger (contract sections 3, 4 and 7); an error prevents sending.
  public let sending: [Diagnostic]

  /// The document; `nil` when it is not right by the schema.
  public var document: Document? { inspection.document }

  /// True if the document is right by the schema.
  public var isValid: Bool { document != nil }

  /// True if the trigger could be sent; `nil` for other documents.
  public var canBeSent: Bool? {
    switch document {
    case .trigger: !sending.contains { $0.severity == .error }
    case nil: false
    default: nil
    }
  }
}

extension Document {
  /// Reads a document and, where it is a trigger, also reports the findings that keep it from being sent, each with its
  /// place.
  ///
  /// Where the rules have no register, an unknown name is a warning: it may be in the user's own. Metadata was sent by
  /// another party: findings about its names are warnings.
  ///
  /// - Parameter kind: the kind it has to be; by default its root element decides.
  public static func inspect(
    _ bytes: [UInt8], as kind: DocumentKind? = nil, limits: ReadingLimits = ReadingLimits(), sending rules: SendRules
  ) -> SendInspection {
    let inspection = inspect(bytes, as: kind, limits: limits)
    switch inspection.document {
    case .trigger(let trigger):
      let findings = rules.findings(for: trigger)
      guard !findings.isEmpty, let tree = try? XMLTree(reading: bytes, limits: limits) else { break }
      let mayBeDeclared = rules.register.isEmpty && isMerelyUnknown(trigger)
      let placed = findings.map { finding in
        finding.with(
          severity: mayBeDeclared && finding.code == .unfitInfRef ? .warning : nil,
          position: finding.position ?? tree.root.position(ofPath: finding.path))
      }
      return SendInspection(inspection: inspection, sending: placed)
    case .metadata:
      let advice = ReadingAdvice(register: rules.register, suffixes: rules.suffixes)
      let advised = inspect(bytes, as: kind, limits: limits, advice: advice)
      let known = Set(inspection.diagnostics)
      return SendInspection(inspection: inspection, sending: advised.diagnostics.filter { !known.contains($0) })
    default: break
    }
    return SendInspection(inspection: inspection, sending: [])
  }

  private static func isMerelyUnknown(_ trigger: Trigger) -> Bool {
    guard case .routing(let info) = trigger.fileContentDescriptor else { return false }
    return InfRef.check(info.infRef.name).allSatisfy { $0.code == .unknown }
  }
}

extension XMLElement {
  /// Returns the position of the element of a path such as `/Trigger/FileDescriptor/Sender`, or of the nearest one
  /// around it.
  fileprivate func position(ofPath path: String) -> SourcePosition {
    var element = self
    for name in path.split(separator: "/").dropFirst() {
      guard let child = element.children.first(where: { $0.localName == name }) else { break }
      element = child
    }
    return element.position
  }
}
