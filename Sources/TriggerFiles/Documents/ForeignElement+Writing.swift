extension XMLWriter {
  /// Writes a foreign element on a line of its own; nothing is added inside, because white space may be significant
  /// there.
  mutating func foreign(_ element: ForeignElement) {
    indent()
    append(
      element, scope: ["": "", "xml": "http://www.w3.org/XML/1998/namespace", Self.rootPrefix: Contract.namespace])
    append("\n")
  }

  /// Writes a foreign element with its own prefixes, and declares those that the surrounding document does not.
  ///
  /// - Parameter scope: the namespace of each prefix; the empty prefix is the default namespace.
  mutating func append(_ element: ForeignElement, scope outer: [String: String]) {
    var tag = StartTag(scope: outer)
    for declaration in element.declarations { tag.declare(declaration.prefix, declaration.namespace) }
    let name = tag.elementName(element)
    let attributes = element.attributes.map { (tag.attributeName($0), $0.value) }
    append("<\(name)")
    for (prefix, namespace) in tag.declarations {
      append(prefix.isEmpty ? " xmlns=\"" : " xmlns:\(prefix)=\"")
      appendEscaped(namespace, isAttribute: true)
      append("\"")
    }
    for (name, value) in attributes {
      append(" \(name)=\"")
      appendEscaped(value, isAttribute: true)
      append("\"")
    }
    guard !element.content.isEmpty else { return append("/>") }
    append(">")
    for part in element.content {
      switch part {
      case .element(let child): append(child, scope: tag.scope)
      case .text(let text): appendEscaped(text, isAttribute: false)
      }
    }
    append("</\(name)>")
  }
}

/// The prefixes of one start tag.
private struct StartTag {
  var scope: [String: String]
  var declarations: [(prefix: String, namespace: String)] = []

  mutating func declare(_ prefix: String, _ namespace: String) {
    scope[prefix] = namespace
    declarations.append((prefix, namespace))
  }

  mutating func elementName(_ element: ForeignElement) -> String {
    let namespace = element.namespace ?? ""
    if scope[element.prefix] == namespace { return written(element.prefix, element.name) }
    let isFree = !declarations.contains { $0.prefix == element.prefix }
    if isFree, !(namespace.isEmpty && !element.prefix.isEmpty) {
      declare(element.prefix, namespace)
      return written(element.prefix, element.name)
    }
    return written(newPrefix(for: namespace), element.name)
  }

  mutating func attributeName(_ attribute: ForeignElement.Attribute) -> String {
    guard let namespace = attribute.namespace else { return attribute.name }
    if !attribute.prefix.isEmpty {
      if scope[attribute.prefix] == namespace { return written(attribute.prefix, attribute.name) }
      if scope[attribute.prefix] == nil {
        declare(attribute.prefix, namespace)
        return written(attribute.prefix, attribute.name)
      }
    }
    return written(newPrefix(for: namespace), attribute.name)
  }

  private mutating func newPrefix(for namespace: String) -> String {
    var number = 1
    while scope["p\(number)"] != nil { number += 1 }
    declare("p\(number)", namespace)
    return "p\(number)"
  }

  private func written(_ prefix: String, _ name: String) -> String { prefix.isEmpty ? name : "\(prefix):\(name)" }
}
