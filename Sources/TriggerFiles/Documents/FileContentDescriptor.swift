/// The content element that the platform routes the file by: empty, the contract's routing information, or elements of
/// another namespace.
public enum FileContentDescriptor: Sendable, Hashable {
  /// No content: the recipients are named.
  case empty
  /// The contract's `SFTPDynamicRoutingInfo`.
  case routing(RoutingInfo)
  /// Elements of another namespace, kept as they are: one or more.
  case foreign(ForeignContent)

  /// The routing information; `nil` for any other content.
  public var routingInfo: RoutingInfo? {
    if case .routing(let info) = self { info } else { nil }
  }
}

/// One or more elements of a namespace that is not the contract's.
public struct ForeignContent: Sendable, Hashable {
  /// The elements, in order.
  public let elements: [ForeignElement]

  /// Creates a descriptor from elements.
  ///
  /// - Throws: `DocumentError` if there are none, or one has no namespace or the contract's own (section 2).
  public init(_ elements: [ForeignElement]) throws(DocumentError) {
    var validation = DocumentValidation("FileContentDescriptor")
    validation.expectSome(elements, "*")
    for element in elements where element.namespace == nil || element.namespace == Contract.namespace {
      validation.add(
        ValueError(
          code: .invalidForeignElement,
          found: LocalizedText(
            "the namespace \(Quoted.text(element.namespace ?? ""))",
            "navnerummet \(Quoted.danish(element.namespace ?? ""))"),
          expected: LocalizedText(
            "a namespace other than none and the contract's (section 2)",
            "et navnerum, som ikke er tomt og ikke er kontraktens (afsnit 2)"),
          remedy: LocalizedText("put the element into a namespace of its own", "giv elementet sit eget navnerum")),
        element.name)
    }
    try validation.finish()
    self.elements = elements
  }

  init(read elements: [ForeignElement]) { self.elements = elements }
}

extension FileContentDescriptor {
  private static let routingName = "SFTPDynamicRoutingInfo"

  init?(reading element: XMLElement, _ findings: Findings) {
    element.expectNoAttributes(findings)
    element.expectNoText(findings)
    var routing: [XMLElement] = []
    var foreign: [ForeignElement] = []
    for child in element.children {
      switch child.namespace {
      case nil where child.localName == Self.routingName: routing.append(child)
      case nil, Contract.namespace: findings.add(Self.misfit(child), at: child)
      default: foreign.append(ForeignElement(reading: child))
      }
    }
    if let second = routing.dropFirst().first { findings.add(Self.doubled, at: second) }
    if let info = routing.first, !foreign.isEmpty { findings.add(Self.mixed, at: info) }
    if let first = routing.first {
      guard let info = RoutingInfo(reading: first, findings) else { return nil }
      self = .routing(info)
    } else {
      self = foreign.isEmpty ? .empty : .foreign(ForeignContent(read: foreign))
    }
  }

  func write(to writer: inout XMLWriter) {
    switch self {
    case .empty: writer.element("FileContentDescriptor", "")
    case .routing(let info): writer.element("FileContentDescriptor") { info.write(to: &$0) }
    case .foreign(let content):
      writer.element("FileContentDescriptor") { writer in
        for element in content.elements { writer.foreign(element) }
      }
    }
  }

  private static func misfit(_ child: XMLElement) -> ValueError {
    let isQualified = child.namespace != nil && child.localName == routingName
    return ValueError(
      code: isQualified ? .qualifiedElement : .unknownElement,
      found: LocalizedText(
        "an element \(Quoted.text(child.writtenName))\(isQualified ? " in the contract's namespace" : "")",
        "et element \(Quoted.danish(child.writtenName))\(isQualified ? " i kontraktens navnerum" : "")"),
      expected: LocalizedText(
        "nothing, one \(routingName) without namespace, or elements of another namespace (section 2)",
        "ingenting, et \(routingName) uden navnerum eller elementer fra et andet navnerum (afsnit 2)"),
      remedy: isQualified
        ? LocalizedText(
          "remove the prefix, or write xmlns=\"\" on it", "fjern præfikset, eller skriv xmlns=\"\" på det")
        : LocalizedText("remove it, or correct its name", "fjern det, eller ret dets navn"))
  }

  private static let doubled = ValueError(
    code: .doubledElement, found: LocalizedText("\(routingName) again", "\(routingName) en gang til"),
    expected: LocalizedText("one (section 2)", "netop et (afsnit 2)"),
    remedy: LocalizedText("keep one of them", "behold et af dem"))

  private static let mixed = ValueError(
    code: .exclusiveElements,
    found: LocalizedText(
      "\(routingName) beside elements of another namespace",
      "\(routingName) ved siden af elementer fra et andet navnerum"),
    expected: LocalizedText("one or the other (section 2)", "enten det ene eller det andet (afsnit 2)"),
    remedy: LocalizedText(
      "keep the routing info if the platform shall route by it",
      "behold \(routingName), hvis platformen skal finde ruten efter det"))
}

extension FileContentDescriptor: Codable {
  private enum CodingKeys: String, CodingKey {
    case routing = "SFTPDynamicRoutingInfo"
    case foreign = "Elements"
  }

  /// Reads an object that is empty, or has `SFTPDynamicRoutingInfo` or `Elements`.
  ///
  /// - Throws: `DecodingError` for another form; ``DocumentError`` for values that break the rules.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    if fields.contains(.routing), fields.contains(.foreign) {
      throw DecodingError.dataCorruptedError(
        forKey: .foreign, in: fields, debugDescription: "\(Self.mixed.found); \(Self.mixed.expected)")
    }
    if let info = try fields.decodeIfPresent(RoutingInfo.self, forKey: .routing) {
      self = .routing(info)
    } else if let elements = try fields.decodeIfPresent([ForeignElement].self, forKey: .foreign) {
      self = .foreign(try ForeignContent(elements))
    } else {
      self = .empty
    }
  }

  /// Writes an object that is empty, or has `SFTPDynamicRoutingInfo` or `Elements`.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .empty: break
    case .routing(let info): try fields.encode(info, forKey: .routing)
    case .foreign(let content): try fields.encode(content.elements, forKey: .foreign)
    }
  }
}
