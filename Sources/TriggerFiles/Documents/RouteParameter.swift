/// One parameter of a route: exactly one element, of any kind (contract section 2).
public enum RouteParameter: Sendable, Hashable {
  /// The schema's own `RouteSelectionValueDate`: a routing rule must be valid on that day.
  case routeSelectionValueDate(XMLDate)
  /// Any other element, unchanged.
  case other(ForeignElement)
}

extension RouteParameter {
  private static let valueDateName = "RouteSelectionValueDate"

  /// Reads a `RouteParameterList`, if there is one.
  static func readList(_ list: XMLElement?, _ findings: Findings) -> [RouteParameter] {
    guard let list else { return [] }
    let parameters = ContentModel(.some("RouteParameter")).read(list, findings)
    return parameters.all("RouteParameter").compactMap { RouteParameter(reading: $0, findings) }
  }

  private init?(reading element: XMLElement, _ findings: Findings) {
    element.expectNoAttributes(findings)
    element.expectNoText(findings)
    let children = element.children
    guard children.count == 1, let content = children.first else {
      findings.add(
        ValueError(
          code: children.isEmpty ? .missingElement : .doubledElement,
          found: children.isEmpty
            ? LocalizedText("no element", "intet element")
            : LocalizedText("\(children.count) elements", "\(children.count) elementer"),
          expected: LocalizedText(
            "exactly one element of any kind in each RouteParameter (section 2)",
            "netop et element af en hvilken som helst slags i hver RouteParameter (afsnit 2)"),
          remedy: children.isEmpty
            ? LocalizedText("add it, or remove the RouteParameter", "tilføj det, eller fjern RouteParameter")
            : LocalizedText("give each its own RouteParameter", "giv hvert sin egen RouteParameter")),
        at: element)
      return nil
    }
    guard content.isNamed(Self.valueDateName, in: Contract.namespace) else {
      self = .other(ForeignElement(reading: content))
      return
    }
    let date = content.value(findings) { text throws(ValueError) in try XMLDate(text) }
    guard let date else { return nil }
    self = .routeSelectionValueDate(date)
  }

  func write(to writer: inout XMLWriter) {
    writer.element("RouteParameter") { writer in
      switch self {
      case .routeSelectionValueDate(let date): writer.qualifiedElement(Self.valueDateName, date.text)
      case .other(let element): writer.foreign(element)
      }
    }
  }
}

extension RouteParameter: Codable {
  private enum CodingKeys: String, CodingKey {
    case date = "RouteSelectionValueDate"
    case other = "Element"
  }

  /// Reads an object with `RouteSelectionValueDate` or `Element`.
  ///
  /// - Throws: `DecodingError` for another form; ``DocumentError`` for values that break the rules.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    if let date = try fields.decodeIfPresent(XMLDate.self, forKey: .date) {
      self = .routeSelectionValueDate(date)
    } else {
      self = .other(try fields.decode(ForeignElement.self, forKey: .other))
    }
  }

  /// Writes an object with `RouteSelectionValueDate` or `Element`.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .routeSelectionValueDate(let date): try fields.encode(date, forKey: .date)
    case .other(let element): try fields.encode(element, forKey: .other)
    }
  }
}
