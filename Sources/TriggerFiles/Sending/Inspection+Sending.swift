extension Document {
  /// Reads a document and, where it is a trigger, also tells what keeps it from being sent, each finding with its place.
  ///
  /// Where the rules know no register, a name that is merely unknown is a warning: it may stand in the user's own.
  ///
  /// - Parameter kind: what it has to be; by default its root element decides.
  public static func inspect(
    _ bytes: [UInt8], as kind: DocumentKind? = nil, limits: ReadingLimits = ReadingLimits(), sending rules: SendRules
  ) -> Inspection {
    let inspection = inspect(bytes, as: kind, limits: limits)
    guard case .trigger(let trigger) = inspection.document else { return inspection }
    let mayBeDeclared = rules.register.isEmpty && Self.isMerelyUnknown(trigger)
    let findings = rules.findings(for: trigger)
    guard !findings.isEmpty, let tree = try? XMLTree(reading: bytes, limits: limits) else { return inspection }
    let placed = findings.map { finding in
      Diagnostic(
        code: finding.code, severity: mayBeDeclared && finding.code == .unfitInfRef ? .warning : finding.severity,
        position: finding.position ?? tree.root.position(ofPath: finding.path), path: finding.path,
        found: finding.found, expected: finding.expected, remedy: finding.remedy)
    }
    return Inspection(document: inspection.document, diagnostics: inspection.diagnostics + placed)
  }

  private static func isMerelyUnknown(_ trigger: Trigger) -> Bool {
    guard case .routing(let info) = trigger.fileContentDescriptor else { return false }
    return InfRef.check(info.infRef).allSatisfy { $0.code == .unknown }
  }
}

extension XMLElement {
  /// Where the element of a path such as `/Trigger/FileDescriptor/Sender` begins, or the nearest one around it.
  fileprivate func position(ofPath path: String) -> SourcePosition {
    var element = self
    for name in path.split(separator: "/").dropFirst() {
      guard let child = element.children.first(where: { $0.localName == name }) else { break }
      element = child
    }
    return element.position
  }
}
