/// The findings about one document while it is read or built.
final class Findings {
  /// A hostile document may have a fault in every element; nobody reads past the first hundred.
  static let maximum = 100

  private(set) var diagnostics: [Diagnostic] = []
  private(set) var errorCount = 0

  func add(_ diagnostic: Diagnostic) {
    if diagnostic.severity == .error { errorCount += 1 }
    if diagnostics.count < Self.maximum { diagnostics.append(diagnostic) }
  }

  /// Adds a finding about an element that was read.
  func add(_ error: ValueError, severity: Diagnostic.Severity = .error, at element: XMLElement) {
    add(error.diagnostic(severity: severity, position: element.position, path: element.path))
  }

  /// The findings in the order of the document.
  var sorted: [Diagnostic] {
    let start = SourcePosition(line: 0, column: 0)
    return diagnostics.enumerated()
      .sorted { ($0.element.position ?? start, $0.offset) < ($1.element.position ?? start, $1.offset) }
      .map(\.element)
  }

  /// - Throws: `DocumentError` with all findings when one of them is an error.
  func throwErrors() throws(DocumentError) {
    if errorCount > 0 { throw DocumentError(sorted) }
  }
}
