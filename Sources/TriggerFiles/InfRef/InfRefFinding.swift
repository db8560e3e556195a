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
    /// An invisible character: soft hyphen, zero-width space, line break.
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
    /// A second version after the version.
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
    /// An endpoint's name: `EP_…`.
    case endpointName = "endpoint-name"
    /// A pattern such as `…GDPR<number>_<version>` with parts to fill in.
    case pattern
    /// An integration's number.
    case integrationNumber = "integration-number"
    /// An InfRef that is carried by a web service.
    case webService = "web-service"
    /// `SF7002`, a name of the monitoring form and not of triggers.
    case monitoringAlias = "monitoring-alias"
    /// A name in none of the lists.
    case unknown
  }

  /// The kind of mistake.
  public let code: Code
  /// The severity in the place of the name.
  public let severity: Diagnostic.Severity
  /// The assumed kind of place of the name.
  public let place: InfRefPlace
  /// The finding, in plain English.
  public let message: String
  /// The finding, in Danish.
  public let danishMessage: String
  /// The right spelling, where there is one.
  public let suggestion: String?
  /// The remedy, in English.
  public let remedy: String
  /// The remedy, in Danish.
  public let danishRemedy: String
  /// The section of the contract that says so.
  public let section: String

  init(
    code: Code, severity: Diagnostic.Severity = .error, place: InfRefPlace = .trigger, message: LocalizedText,
    suggestion: String? = nil, remedy: LocalizedText? = nil, section: String = "section 4"
  ) {
    self.code = code
    self.severity = severity
    self.place = place
    self.message = message.en
    danishMessage = message.da
    self.suggestion = suggestion
    let advice = remedy ?? Self.advice(suggestion)
    self.remedy = advice.en
    danishRemedy = advice.da
    self.section = section
  }

  private static func advice(_ suggestion: String?) -> LocalizedText {
    guard let suggestion else { return LocalizedText("correct the name", "ret navnet") }
    let danish = suggestion.replacing(" or ", with: " eller ").replacing("<number>", with: "<nummer>")
    return LocalizedText("write \(suggestion)", "skriv \(danish)")
  }

  /// Returns the finding in a language.
  public func message(in language: ReportLanguage) -> String { language == .danish ? danishMessage : message }

  /// Returns the remedy in a language.
  public func remedy(in language: ReportLanguage) -> String { language == .danish ? danishRemedy : remedy }

  /// Returns the finding in one line: severity, message, remedy, code and place.
  public func sentence(in language: ReportLanguage) -> String {
    let place = place.phrase(in: language)
    return
      "\(severity.word(in: language)): \(message(in: language)); \(remedy(in: language)) [\(code.rawValue), \(place)]"
  }

  /// The finding in one line of English.
  public var description: String { sentence(in: .english) }

  /// Returns the finding for a name in another place.
  func placed(_ place: InfRefPlace, severity: Diagnostic.Severity? = nil) -> InfRefFinding {
    InfRefFinding(
      code: code, severity: severity ?? self.severity, place: place, message: LocalizedText(message, danishMessage),
      suggestion: suggestion, remedy: LocalizedText(remedy, danishRemedy), section: section)
  }
}

/// A name that is no InfRef for a trigger, and everything that is wrong with it.
public struct InfRefError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The name, unchanged.
  public let name: String
  /// The findings; at least one is an error.
  public let findings: [InfRefFinding]

  /// The name with its invisible characters shown, and its findings.
  public var description: String {
    "\(Quoted.text(name)): " + findings.map(\.description).joined(separator: "; ")
  }
}
