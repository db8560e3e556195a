/// The kind of a finding about the route register. The article "Routes that may be used" has an example and a remedy
/// for each.
public struct RegisterFindingCode: RawRepresentable, Sendable, Hashable {
  /// The name, as JSON and SARIF show it.
  public let rawValue: String

  /// Names a kind of finding.
  public init(rawValue: String) { self.rawValue = rawValue }

  // Reading the list and the record.

  /// The file is missing, is no plain file or may not be read.
  public static let unreadable = Self(rawValue: "unreadable")
  /// The list cannot be written.
  public static let unwritable = Self(rawValue: "unwritable")
  /// Every user of the machine can change the file.
  public static let writableByAll = Self(rawValue: "writable-by-all")
  /// The file changed while it was read.
  public static let changedWhileRead = Self(rawValue: "changed-while-read")
  /// The file is larger, or has more lines or routes, than any register.
  public static let tooLarge = Self(rawValue: "too-large")
  /// The list is neither CSV nor YAML of the form that is read.
  public static let malformed = Self(rawValue: "malformed-list")
  /// Lines that were read as windows-1252.
  public static let otherEncoding = Self(rawValue: "other-encoding")
  /// A column or key that the list does not have.
  public static let unknownColumn = Self(rawValue: "unknown-column")
  /// A column or key that is there twice.
  public static let doubledColumn = Self(rawValue: "doubled-column")
  /// A row with more or fewer cells than the header.
  public static let cellCount = Self(rawValue: "cell-count")
  /// A value that a route needs and does not have.
  public static let missingValue = Self(rawValue: "missing-value")
  /// A value that breaks the rule of its column.
  public static let badValue = Self(rawValue: "bad-value")
  /// A code or name of no municipality.
  public static let unknownMunicipality = Self(rawValue: "unknown-municipality")
  /// A CVR number that is not eight digits.
  public static let invalidCVR = Self(rawValue: "invalid-cvr")
  /// A UUID that is none.
  public static let invalidUUID = Self(rawValue: "invalid-uuid")
  /// An InfRef that is misspelt or cannot be in a route.
  public static let unfitInfRef = Self(rawValue: "unfit-inf-ref")
  /// A date that is none.
  public static let invalidDate = Self(rawValue: "invalid-date")
  /// Two values of a route that exclude each other.
  public static let conflict = Self(rawValue: "conflicting-values")
  /// An account that the settings do not have.
  public static let unknownAccount = Self(rawValue: "unknown-account")
  /// A template that the list does not have.
  public static let unknownTemplate = Self(rawValue: "unknown-template")
  /// Two templates of one line that give a column different values.
  public static let contradictingTemplates = Self(rawValue: "contradicting-templates")
  /// A name that two routes have.
  public static let doubledName = Self(rawValue: "doubled-name")
  /// A line of the record that is not of its form.
  public static let malformedRecord = Self(rawValue: "malformed-record")
  /// A last line of the record that has no line end, and so does not count.
  public static let unendedRecord = Self(rawValue: "unended-record")

  // Checks of a readable register.

  /// The number of a GDPR declaration differs from that of its InfRef.
  public static let declarationNumber = Self(rawValue: "declaration-number")
  /// An InfRef of SF1630 that another system than its owner sends.
  public static let infRefOfOtherSystem = Self(rawValue: "inf-ref-of-other-system")
  /// An InfRef of SF1630 that the record has no assignment of.
  public static let unassignedInfRef = Self(rawValue: "inf-ref-not-assigned")
  /// A sortiment route with another sender than the classification system.
  public static let sortimentSender = Self(rawValue: "sortiment-sender")
  /// A sortiment route with another version than its recipient accepts.
  public static let sortimentVersion = Self(rawValue: "sortiment-version")
  /// A UUID that is used in external test and in production.
  public static let systemInBothEnvironments = Self(rawValue: "system-in-both-environments")
  /// A login key that is used in external test and in production.
  public static let keyInBothEnvironments = Self(rawValue: "key-in-both-environments")
  /// A login key that cannot be read, and so not be compared with the other environment's keys.
  public static let uncomparedKey = Self(rawValue: "key-not-compared")
  /// A CVR number with a wrong check digit.
  public static let cvrCheckDigit = Self(rawValue: "cvr-check-digit")
  /// One CVR number for two municipalities, or two CVR numbers for one municipality.
  public static let municipalityAuthority = Self(rawValue: "municipality-authority")
  /// A task of the record that no integration has.
  public static let unknownTask = Self(rawValue: "unknown-task")
  /// A task that is recorded as done without date or name.
  public static let undatedTask = Self(rawValue: "undated-task")
  /// Two tasks that exclude each other, both recorded as done.
  public static let bothAlternatives = Self(rawValue: "both-alternatives")
  /// An entry of the record about a route that the list does not have.
  public static let recordOfUnknownRoute = Self(rawValue: "record-of-unknown-route")
  /// A route after the end of its validity.
  public static let deadRoute = Self(rawValue: "dead-route")
  /// Two routes from and to the same.
  public static let doubledRoute = Self(rawValue: "doubled-route")
  /// A route that was ordered before its service agreement was approved.
  public static let orderedBeforeApproval = Self(rawValue: "ordered-before-approval")
  /// A route that has changed since its order was recorded.
  public static let changedSinceOrder = Self(rawValue: "changed-since-order")
  /// A route that arrives without a watch rule and without ordered monitoring.
  public static let unmonitoredArrival = Self(rawValue: "unmonitored-arrival")
  /// A frequency of the data specification that no watch rule expects.
  public static let unexpectedFrequency = Self(rawValue: "frequency-not-expected")
  /// A superseded interface or InfRef whose six months are nearly or completely over.
  public static let superseded = Self(rawValue: "superseded")

  /// Every kind of finding.
  public static let all: [Self] = [
    .unreadable, .unwritable, .writableByAll, .changedWhileRead, .tooLarge, .malformed, .otherEncoding, .unknownColumn,
    .doubledColumn, .cellCount,
    .missingValue, .badValue, .unknownMunicipality, .invalidCVR, .invalidUUID, .unfitInfRef, .invalidDate, .conflict,
    .unknownAccount, .unknownTemplate, .contradictingTemplates, .doubledName, .malformedRecord, .unendedRecord,
    .declarationNumber, .infRefOfOtherSystem, .unassignedInfRef, .sortimentSender, .sortimentVersion,
    .systemInBothEnvironments,
    .keyInBothEnvironments, .uncomparedKey, .cvrCheckDigit, .municipalityAuthority, .unknownTask, .undatedTask,
    .bothAlternatives,
    .recordOfUnknownRoute, .deadRoute, .doubledRoute, .orderedBeforeApproval, .changedSinceOrder, .unmonitoredArrival,
    .unexpectedFrequency, .superseded,
  ]
}
