/// Warnings of a reader beyond the contract's schema: names that are well-formed but likely mistakes.
public struct ReadingAdvice: Sendable {
  /// The InfRefs that the user declares, accepted unchecked.
  public var register: Set<String>
  /// The suffixes that a file's name has to leave room for.
  public var suffixes: WireSuffixes

  /// Creates advice.
  public init(register: Set<String> = [], suffixes: WireSuffixes = .default) {
    self.register = register
    self.suffixes = suffixes
  }
}

extension Findings {
  /// Warns of a file name that the wire cannot carry.
  func advise(fileName: String, at element: XMLElement) {
    guard let advice else { return }
    do throws(WireNameError) {
      _ = try WireName(fileName, suffixes: advice.suffixes)
    } catch {
      add(error.valueError, severity: .warning, at: element)
    }
  }

  /// Adds a warning for an InfRef that is misspelt, or invalid in a trigger.
  func advise(infRef: String, at element: XMLElement) {
    guard let advice else { return }
    for finding in InfRef.check(infRef, register: advice.register, place: .arrival) {
      add(finding.valueError(found: infRef), severity: .warning, at: element)
    }
  }
}
