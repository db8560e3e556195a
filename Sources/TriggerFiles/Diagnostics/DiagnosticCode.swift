/// The kind of a ``Diagnostic``: a short name that stays the same from release to release.
public struct DiagnosticCode: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
  /// The name, in lower case with hyphens.
  public let rawValue: String

  /// Creates a code by its name. ``all`` lists the codes of this library.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The name.
  public var description: String { rawValue }
}

extension DiagnosticCode {
  // Before there is a document.

  /// The input is larger than the reader's limit (contract section 2; 1 MiB unless set otherwise).
  public static let tooLarge = Self(rawValue: "too-large")
  /// The declared encoding is none that this library reads.
  public static let encodingUnknown = Self(rawValue: "encoding-unknown")
  /// The declaration names one encoding, the first bytes show another.
  public static let encodingContradicted = Self(rawValue: "encoding-contradicted")
  /// Bytes that mean nothing in the document's encoding.
  public static let encodingInvalid = Self(rawValue: "encoding-invalid")
  /// A NUL character, which no XML document may hold.
  public static let nulCharacter = Self(rawValue: "nul-character")
  /// The input is no XML document.
  public static let notXML = Self(rawValue: "not-xml")
  /// The XML ends before its root element does.
  public static let cutShort = Self(rawValue: "cut-short")
  /// A second root element.
  public static let secondRoot = Self(rawValue: "second-root")
  /// Something other than comments and processing instructions behind the root element.
  public static let trailingContent = Self(rawValue: "trailing-content")
  /// A document type declaration (contract section 2: no DTD of any kind).
  public static let documentType = Self(rawValue: "document-type")
  /// Elements are nested deeper than the reader's limit (64 unless set otherwise).
  public static let tooDeep = Self(rawValue: "too-deep")
  /// More elements, attributes or longer names than any document of the contract has.
  public static let tooComplex = Self(rawValue: "too-complex")

  // Elements (contract section 2).

  /// The root element is not one of the contract's five.
  public static let unknownRoot = Self(rawValue: "unknown-root")
  /// The root element is not in the contract's namespace.
  public static let wrongNamespace = Self(rawValue: "wrong-namespace")
  /// A document of the contract, but another one than was asked for.
  public static let otherDocument = Self(rawValue: "other-document")
  /// A local element that carries a namespace: only the root is qualified.
  public static let qualifiedElement = Self(rawValue: "qualified-element")
  /// An element that the contract does not know in this place.
  public static let unknownElement = Self(rawValue: "unknown-element")
  /// A required element is not there.
  public static let missingElement = Self(rawValue: "missing-element")
  /// A duplicate of an element that is allowed only once.
  public static let doubledElement = Self(rawValue: "doubled-element")
  /// An element before one that it must follow.
  public static let misplacedElement = Self(rawValue: "misplaced-element")
  /// Elements that exclude each other.
  public static let exclusiveElements = Self(rawValue: "exclusive-elements")
  /// An attribute on an element that has none.
  public static let unknownAttribute = Self(rawValue: "unknown-attribute")
  /// An attribute of XML Schema's own (`xsi:`): it is passed over, which is worth a warning.
  public static let schemaAttribute = Self(rawValue: "schema-attribute")
  /// Text between elements, where none belongs.
  public static let misplacedText = Self(rawValue: "misplaced-text")

  // Values (contract section 2).

  /// A required value is empty or nothing but white space.
  public static let emptyValue = Self(rawValue: "empty-value")
  /// An optional element that is empty: it is read as absent, which is worth a warning.
  public static let emptyOptional = Self(rawValue: "empty-optional")
  /// A value with more characters than its element takes.
  public static let tooLong = Self(rawValue: "too-long")
  /// A character that XML cannot carry, not even as a reference.
  public static let forbiddenCharacter = Self(rawValue: "forbidden-character")
  /// No number, or one outside its range.
  public static let invalidNumber = Self(rawValue: "invalid-number")
  /// No UUID in lower case.
  public static let invalidUUID = Self(rawValue: "invalid-uuid")
  /// No CVR number, or not written as the contract's URN.
  public static let invalidCVR = Self(rawValue: "invalid-cvr")
  /// A CVR number with a wrong check digit: a warning, since test numbers often have one.
  public static let cvrCheckDigit = Self(rawValue: "cvr-check-digit")
  /// Not a date or a date and time in the form of XML Schema.
  public static let invalidDate = Self(rawValue: "invalid-date")
  /// A word that is not in the contract's list.
  public static let unknownWord = Self(rawValue: "unknown-word")
  /// A foreign element that could not be written as XML.
  public static let invalidForeignElement = Self(rawValue: "invalid-foreign-element")

  // What keeps a good document from being sent (contract sections 3, 4 and 7).

  /// A file name that the wire cannot carry.
  public static let unfitFileName = Self(rawValue: "unfit-file-name")
  /// Another sender than the account's user.
  public static let otherSender = Self(rawValue: "other-sender")
  /// An InfRef that is misspelt, or invalid in a trigger.
  public static let unfitInfRef = Self(rawValue: "unfit-inf-ref")
  /// Recipients and routing info that do not go together, or not with the InfRef.
  public static let unfitRoute = Self(rawValue: "unfit-route")
  /// Content of a namespace that the platform may have no schema for, and then refuses.
  public static let foreignContent = Self(rawValue: "foreign-content")

  /// Every code that this library gives.
  public static let all: [DiagnosticCode] = [
    .tooLarge, .encodingUnknown, .encodingContradicted, .encodingInvalid, .nulCharacter, .notXML, .cutShort,
    .secondRoot, .trailingContent, .documentType, .tooDeep, .tooComplex, .unknownRoot, .wrongNamespace,
    .otherDocument, .qualifiedElement, .unknownElement, .missingElement, .doubledElement, .misplacedElement,
    .exclusiveElements, .unknownAttribute, .schemaAttribute, .misplacedText, .emptyValue,
    .emptyOptional, .tooLong, .forbiddenCharacter,
    .invalidNumber, .invalidUUID, .invalidCVR, .cvrCheckDigit, .invalidDate, .unknownWord, .invalidForeignElement,
    .unfitFileName, .otherSender, .unfitInfRef, .unfitRoute, .foreignContent,
  ]
}
