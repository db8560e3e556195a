internal import CXMLTree

/// An element of a tree that was read.
struct XMLElement {
  let tree: XMLTree
  let index: Int

  private var node: filsluse_xml_node { tree.node(index) }

  var localName: String { tree.string(node.name) }
  var prefix: String { tree.string(node.prefix) }
  var namespace: String? { tree.namespace(node.namespace_uri) }

  /// The position of the start tag.
  var position: SourcePosition { tree.source.position(at: Int(node.offset)) }

  /// The name as the document writes it.
  var writtenName: String { prefix.isEmpty ? localName : "\(prefix):\(localName)" }

  var attributes: [XMLAttribute] {
    let first = Int(node.first_attribute)
    return (first..<(first + Int(node.attribute_count))).compactMap { index in
      let attribute = tree.attribute(index)
      guard attribute.is_declaration == 0 else { return nil }
      return XMLAttribute(
        namespace: tree.namespace(attribute.namespace_uri), prefix: tree.string(attribute.prefix),
        localName: tree.string(attribute.name), value: tree.string(attribute.value))
    }
  }

  /// The namespaces that this element's start tag declares, by prefix; the empty prefix is the default.
  var declarations: [(prefix: String, namespace: String)] {
    let first = Int(node.first_attribute)
    return (first..<(first + Int(node.attribute_count))).compactMap { index in
      let attribute = tree.attribute(index)
      guard attribute.is_declaration != 0 else { return nil }
      return (tree.string(attribute.name), tree.string(attribute.value))
    }
  }

  /// Elements and runs of text, in order.
  var content: [XMLContent] {
    var content: [XMLContent] = []
    forEachInside { index, child in
      content.append(
        child.is_text != 0
          ? .text(tree.string(child.name), offset: Int(child.offset)) : .element(XMLElement(tree: tree, index: index)))
    }
    return content
  }

  /// The runs of text directly inside that are more than white space; `offset` as in ``XMLContent``.
  var words: [(text: String, offset: Int)] {
    var words: [(String, Int)] = []
    forEachInside { _, child in
      guard child.is_text != 0, !tree.bytes(child.name).allSatisfy(XMLSpace.contains) else { return }
      words.append((tree.string(child.name), Int(child.offset)))
    }
    return words
  }

  /// The elements directly inside.
  var children: [XMLElement] {
    var children: [XMLElement] = []
    forEachInside { index, child in
      if child.is_text == 0 { children.append(XMLElement(tree: tree, index: index)) }
    }
    return children
  }

  /// Visits the direct children, in order.
  private func forEachInside(_ take: (_ index: Int, _ child: filsluse_xml_node) -> Void) {
    var at = index + 1
    while at < Int(node.next) {
      let child = tree.node(at)
      take(at, child)
      at = Int(child.next)
    }
  }

  /// The text directly inside, its pieces joined.
  var text: String {
    guard Int(node.next) > index + 1 else { return "" }
    let first = tree.node(index + 1)
    if first.is_text != 0, first.next == node.next { return tree.string(first.name) }
    return content.reduce(into: "") { if case .text(let text, _) = $1 { $0 += text } }
  }

  /// The element's place among the others, such as `/Trigger/FileDescriptor/Recipients[2]`.
  var path: String {
    var path = "/" + tree.root.writtenName
    var at = tree.root
    while at.index != index {
      let children = at.children
      guard let next = children.last(where: { $0.index <= index }) else { break }
      path += "/" + next.writtenName
      let alike = children.filter { $0.hasSameName(as: next) }
      if alike.count > 1, let number = alike.firstIndex(where: { $0.index == next.index }) { path += "[\(number + 1)]" }
      at = next
    }
    return path
  }

  private func hasSameName(as other: XMLElement) -> Bool {
    tree.bytes(node.name).elementsEqual(tree.bytes(other.node.name))
      && tree.bytes(node.prefix).elementsEqual(tree.bytes(other.node.prefix))
  }

  func isNamed(_ name: String, in namespace: String?) -> Bool {
    localName == name && self.namespace == namespace
  }
}

/// A part of an element's content.
enum XMLContent {
  case element(XMLElement)
  /// `offset` is the beginning of the run in the source; comments may precede its first character.
  case text(String, offset: Int)
}

/// An attribute that was read.
struct XMLAttribute {
  let namespace: String?
  let prefix: String
  let localName: String
  let value: String
}
