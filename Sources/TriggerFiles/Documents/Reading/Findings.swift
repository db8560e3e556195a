/// The findings about one document while it is read or built.
final class Findings {
  /// The maximum number of findings. A hostile document may have a fault in every element, and a reader stops after the
  /// first hundred.
  static let maximum = 100

  private(set) var diagnostics: [Diagnostic] = []
  private(set) var errorCount = 0
  /// Warnings asked for beyond the schema; `nil` for none.
  let advice: ReadingAdvice?

  init(advice: ReadingAdvice? = nil) { self.advice = advice }

  func add(_ diagnostic: Diagnostic) {
    note(diagnostic.severity)
    if !isFull { diagnostics.append(diagnostic) }
  }

  private var isFull: Bool { diagnostics.count >= Self.maximum }

  private func note(_ severity: Diagnostic.Severity) {
    if severity == .error { errorCount += 1 }
  }

  /// Adds a finding about an element that was read.
  ///
  /// Path and place are looked for only when they are shown: each costs a walk through the document.
  func add(_ error: ValueError, severity: Diagnostic.Severity = .error, at element: XMLElement) {
    add(error, severity: severity, position: element.position, path: element.path)
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
    return diagnostics.enumerated()
      .sorted { ($0.element.position ?? start, $0.offset) < ($1.element.position ?? start, $1.offset) }
      .map(\.element)
  }

  /// - Throws: `DocumentError` with all findings when one of them is an error.
  func throwErrors() throws(DocumentError) {
    if errorCount > 0 { throw DocumentError(sorted) }
  }
}
