/// The findings about one document while it is read or built.
final class Findings {
  /// The maximum number of findings. A hostile document may have a fault in every element, and a reader stops after the
  /// first hundred.
  static let maximum = 100

  /// The findings, each made when it is asked for: most documents are read for their values alone, and path and place
  /// cost a walk through the document.
  private var found: [() -> Diagnostic] = []
  private var errorCount = 0
  /// Optional advice beyond the schema; `nil` for none.
  let advice: ReadingAdvice?

  init(advice: ReadingAdvice? = nil) { self.advice = advice }

  func add(_ diagnostic: Diagnostic) {
    note(diagnostic.severity)
    if !isFull { found.append { diagnostic } }
  }

  private var isFull: Bool { found.count >= Self.maximum }

  private func note(_ severity: Diagnostic.Severity) {
    if severity == .error { errorCount += 1 }
  }

  /// Adds a finding about an element that was read.
  func add(_ error: ValueError, severity: Diagnostic.Severity = .error, at element: XMLElement) {
    note(severity)
    guard !isFull else { return }
    found.append { error.diagnostic(severity: severity, position: element.position, path: element.path) }
  }

  /// Adds a finding about a place in an element.
  func add(
    _ error: ValueError, severity: Diagnostic.Severity = .error, position: @autoclosure () -> SourcePosition,
    path: @autoclosure () -> String
  ) {
    guard !isFull else { return note(severity) }
    add(error.diagnostic(severity: severity, position: position(), path: path()))
  }

  /// The findings in the order of the document.
  var sorted: [Diagnostic] {
    let start = SourcePosition(line: 0, column: 0)
    return found.map { $0() }.enumerated()
      .sorted { ($0.element.position ?? start, $0.offset) < ($1.element.position ?? start, $1.offset) }
      .map(\.element)
  }

  /// - Throws: `DocumentError` with all findings when one of them is an error.
  func throwErrors() throws(DocumentError) {
    if errorCount > 0 { throw DocumentError(sorted) }
  }
}
