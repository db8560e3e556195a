extension ForeignElement {
  /// Creates an element from a document's, with the surrounding prefixes that it uses.
  init(reading element: XMLElement) {
    let inside = Self(copying: element)
    let used = inside.usedPrefixes()
    let own = Set(inside.declarations.map(\.prefix))
    let around = element.declarationsAround.filter { used.contains($0.prefix) && !own.contains($0.prefix) }
    self.init(
      unchecked: inside.namespace, prefix: inside.prefix, name: inside.name,
      declarations: inside.declarations + around.sorted { $0.prefix < $1.prefix }, attributes: inside.attributes,
      content: inside.content)
  }

  private init(copying element: XMLElement) {
    self.init(
      unchecked: element.namespace, prefix: element.prefix, name: element.localName,
      declarations: element.declarations.map { Declaration(prefix: $0.prefix, namespace: $0.namespace) },
      attributes: element.attributes.map {
        Attribute(namespace: $0.namespace, prefix: $0.prefix, name: $0.localName, value: $0.value)
      },
      content: element.content.map { part in
        switch part {
        case .element(let child): .element(ForeignElement(copying: child))
        case .text(let text, _): .text(text)
        }
      })
  }

  /// Every prefix that names use, and every word before a colon in values, which may be one.
  private func usedPrefixes() -> Set<String> {
    var used: Set<String> = [prefix]
    for attribute in attributes { used.formUnion([attribute.prefix] + Self.words(in: attribute.value)) }
    for part in content {
      switch part {
      case .element(let element): used.formUnion(element.usedPrefixes())
      case .text(let text): used.formUnion(Self.words(in: text))
      }
    }
    return used
  }

  private static func words(in value: String) -> [String] {
    value.utf8.split(whereSeparator: XMLSpace.contains).compactMap { word in
      word.firstIndex(of: UInt8(ascii: ":")).flatMap { String(word[..<$0]) }
    }
  }
}

extension XMLElement {
  /// The prefixes in force just outside this element, with the nearest declaration of each.
  fileprivate var declarationsAround: [ForeignElement.Declaration] {
    var inScope: [String: String] = [:]
    var at = tree.root
    while at.index != index {
      for declaration in at.declarations { inScope[declaration.prefix] = declaration.namespace }
      guard let next = at.children.last(where: { $0.index <= index }) else { break }
      at = next
    }
    return inScope.filter { !$0.value.isEmpty }.map { ForeignElement.Declaration(prefix: $0.key, namespace: $0.value) }
  }
}
