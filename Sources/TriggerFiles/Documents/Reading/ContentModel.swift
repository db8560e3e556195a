/// The child elements that an element has, in order, as the contract's tables list them (section 2).
struct ContentModel {
  /// One kind of child.
  struct Part {
    let name: String
    let minimum: Int
    let maximum: Int
    /// True if an empty element is read as absent.
    var emptyIsAbsent = false

    static func one(_ name: String) -> Part { Part(name: name, minimum: 1, maximum: 1) }
    /// An optional element: live writers leave it empty where they have nothing to say.
    static func maybe(_ name: String) -> Part { Part(name: name, minimum: 0, maximum: 1, emptyIsAbsent: true) }
    /// One side of a choice: that the element is there says something, even if it is empty.
    static func choice(_ name: String) -> Part { Part(name: name, minimum: 0, maximum: 1) }
    static func some(_ name: String) -> Part { Part(name: name, minimum: 1, maximum: .max) }
    static func any(_ name: String) -> Part { Part(name: name, minimum: 0, maximum: .max) }
  }

  let parts: [Part]

  init(_ parts: Part...) { self.parts = parts }

  /// Sorts an element's children by name and reports everything that does not fit, so that values of children in the
  /// wrong order are still looked at.
  func read(_ element: XMLElement, _ findings: Findings) -> Children {
    element.expectNoAttributes(findings)
    element.expectNoText(findings)
    var children = Children(parts)
    var furthest = 0
    for child in element.children {
      let name = child.localName
      guard let rank = parts.firstIndex(where: { $0.name == name }) else {
        findings.add(unknown(child), at: child)
        continue
      }
      if child.namespace != nil {
        findings.add(qualified(child), at: child)
      } else if children.count(at: rank) == parts[rank].maximum {
        findings.add(doubled(child), at: child)
        continue
      } else if rank < furthest {
        findings.add(misplaced(child, before: parts[furthest].name), at: child)
      }
      furthest = max(furthest, rank)
      children.add(child, at: rank)
    }
    for (rank, part) in parts.enumerated() where children.count(at: rank) < part.minimum {
      findings.add(missing(part), at: element)
    }
    for (rank, part) in parts.enumerated() where part.emptyIsAbsent {
      for child in children.removeEmpty(at: rank) { findings.add(empty(child), severity: .warning, at: child) }
    }
    return children
  }

  private var order: String {
    parts.map { part in
      switch (part.minimum, part.maximum) {
      case (1, 1): part.name
      case (0, 1): "\(part.name)?"
      case (1, _): "\(part.name)+"
      default: "\(part.name)*"
      }
    }.joined(separator: ", ")
  }

  private func unknown(_ child: XMLElement) -> ValueError {
    ValueError(
      code: .unknownElement,
      found: LocalizedText(
        "an element \(Quoted.text(child.writtenName))", "et element \(Quoted.danish(child.writtenName))"),
      expected: LocalizedText(
        "the children here are \(order) (section 2)", "underelementerne her er \(order) (afsnit 2)"),
      remedy: LocalizedText("remove it, or correct its name", "fjern det, eller ret dets navn"))
  }

  private func qualified(_ child: XMLElement) -> ValueError {
    ValueError(
      code: .qualifiedElement,
      found: LocalizedText(
        "\(child.writtenName) in the namespace \(Quoted.text(child.namespace ?? ""))",
        "\(child.writtenName) i navnerummet \(Quoted.danish(child.namespace ?? ""))"),
      expected: LocalizedText(
        "no namespace: only the root element is qualified (section 2)",
        "intet navnerum: kun rodelementet har et (afsnit 2)"),
      remedy: child.prefix.isEmpty
        ? LocalizedText(
          "write xmlns=\"\" on it, or give the root a prefix instead of a default namespace",
          "skriv xmlns=\"\" på det, eller giv rodelementet et præfiks i stedet for et standardnavnerum")
        : LocalizedText("remove the prefix", "fjern præfikset"))
  }

  private func doubled(_ child: XMLElement) -> ValueError {
    ValueError(
      code: .doubledElement, found: LocalizedText("\(child.writtenName) again", "\(child.writtenName) en gang til"),
      expected: LocalizedText("one (section 2)", "netop et (afsnit 2)"),
      remedy: LocalizedText("keep one of them", "behold et af dem"))
  }

  private func misplaced(_ child: XMLElement, before other: String) -> ValueError {
    ValueError(
      code: .misplacedElement,
      found: LocalizedText("\(child.writtenName) after \(other)", "\(child.writtenName) efter \(other)"),
      expected: LocalizedText("the order \(order) (section 2)", "rækkefølgen \(order) (afsnit 2)"),
      remedy: LocalizedText("move it before \(other)", "flyt det hen foran \(other)"))
  }

  private func empty(_ child: XMLElement) -> ValueError {
    ValueError(
      code: .emptyOptional, found: LocalizedText("an empty \(child.writtenName)", "et tomt \(child.writtenName)"),
      expected: LocalizedText(
        "a value, or no such element (section 2): it is read as absent",
        "en værdi eller slet ikke noget element (afsnit 2): det læses, som om det ikke stod der"),
      remedy: LocalizedText("leave it out", "udelad det"))
  }

  private func missing(_ part: Part) -> ValueError {
    ValueError(
      code: .missingElement, found: LocalizedText("no \(part.name)", "intet \(part.name)"),
      expected: LocalizedText("the children \(order) (section 2)", "underelementerne \(order) (afsnit 2)"),
      remedy: LocalizedText("add it", "tilføj det"))
  }
}

/// An element's children by name: those of each part of its model.
struct Children {
  private var byPart: [(name: String, elements: [XMLElement])]

  init(_ parts: [ContentModel.Part]) { byPart = parts.map { ($0.name, []) } }

  mutating func add(_ child: XMLElement, at rank: Int) { byPart[rank].elements.append(child) }

  func count(at rank: Int) -> Int { byPart[rank].elements.count }

  /// Removes the empty elements of a part, and returns them.
  mutating func removeEmpty(at rank: Int) -> [XMLElement] {
    let empty = byPart[rank].elements.filter(\.isEmpty)
    if !empty.isEmpty { byPart[rank].elements.removeAll(where: \.isEmpty) }
    return empty
  }

  func all(_ name: String) -> [XMLElement] { byPart.first { $0.name == name }?.elements ?? [] }

  func first(_ name: String) -> XMLElement? { all(name).first }
}
