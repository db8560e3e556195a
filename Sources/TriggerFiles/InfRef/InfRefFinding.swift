/// One thing to say about an InfRef's name.
public struct InfRefFinding: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The kinds of mistake, each with its own name (contract section 4).
  public enum Code: String, Sendable, Hashable, Codable, CaseIterable {
    /// There is no name.
    case empty
    /// White space before or after the name.
    case surroundingSpace = "surrounding-space"
    /// The form's label was copied along: `InfRef= …`.
    case label
    /// A character that nobody sees: soft hyphen, zero-width space, line break.
    case invisibleCharacter = "invisible-character"
    /// A hyphen from the end of a printed line.
    case hyphenation
    /// UTF-8 read as ISO-8859-1: `Ã¸` for `ø`.
    case mojibake
    /// `o` or `oe` for `ø`, or `ø` made of two characters.
    case letter
    /// Capitals where small letters belong, or the other way round.
    case letterCase = "letter-case"
    /// `-1` for `_1`.
    case versionSeparator = "version-separator"
    /// No version.
    case missingVersion = "missing-version"
    /// A version that the documents do not show.
    case unknownVersion = "unknown-version"
    /// A leading zero in the version, which may be meant so.
    case versionLeadingZero = "version-leading-zero"
    /// A version behind the version.
    case doubledVersion = "doubled-version"
    /// No GDPR number.
    case missingNumber = "missing-number"
    /// A leading zero in the GDPR number.
    case numberLeadingZero = "number-leading-zero"
    /// Digits of another script.
    case foreignDigits = "foreign-digits"
    /// Only the end of the name: `GDPR1203_1`.
    case shortened
    /// `GPDR` for `GDPR`.
    case gpdr
    /// A service's name.
    case serviceName = "service-name"
    /// An integration's number.
    case integrationNumber = "integration-number"
    /// An InfRef that is carried by a web service.
    case webService = "web-service"
    /// `SF7002`, which stands on the monitoring form and not in triggers.
    case monitoringAlias = "monitoring-alias"
    /// A name that is in none of the lists.
    case unknown
  }

  /// The kind of mistake.
  public let code: Code
  /// How bad it is.
  public let severity: Diagnostic.Severity
  /// What is wrong, in plain words.
  public let message: String
  /// The right spelling, where there is one.
  public let suggestion: String?

  /// Makes a finding.
  public init(code: Code, severity: Diagnostic.Severity = .error, message: String, suggestion: String? = nil) {
    self.code = code
    self.severity = severity
    self.message = message
    self.suggestion = suggestion
  }

  /// What is wrong and what to write instead.
  public var description: String {
    "\(severity.rawValue): \(message)" + (suggestion.map { "; write \($0)" } ?? "") + " [\(code.rawValue)]"
  }
}

/// A name that is no InfRef for a trigger, and everything that is wrong with it.
public struct InfRefError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The name as it was given.
  public let name: String
  /// What is wrong; at least one finding is an error.
  public let findings: [InfRefFinding]

  /// The name with its invisible characters shown, and what is wrong with it.
  public var description: String {
    "\(Quoted.text(name)): " + findings.map(\.description).joined(separator: "; ")
  }
}
