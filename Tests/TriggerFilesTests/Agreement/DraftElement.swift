import Foundation

/// An element of a document that the generator makes, and then breaks in one place.
final class DraftElement {
  /// The type of an element's text, which decides the values that are tried in it.
  enum Kind: CaseIterable {
    case text, text255, size, int, uuid, cvr, dateTime, date, acceptance
  }

  enum Content {
    case element(DraftElement)
    case text(String)
  }

  var name: String
  var namespace: String?
  var attributes: [(name: String, value: String)] = []
  var content: [Content] = []
  let kind: Kind?

  init(_ name: String, namespace: String? = nil, kind: Kind? = nil, _ children: [DraftElement] = []) {
    self.name = name
    self.namespace = namespace
    self.kind = kind
    content = children.map { .element($0) }
  }

  var children: [DraftElement] {
    content.compactMap { if case .element(let child) = $0 { child } else { nil } }
  }

  var text: String { content.reduce(into: "") { if case .text(let text) = $1 { $0 += text } } }

  /// This element and all inside it.
  var all: [DraftElement] { [self] + children.flatMap(\.all) }

  /// Takes the white space from around values whose type collapses it.
  func collapse() {
    let collapsing: [Kind] = [.size, .int, .dateTime, .date]
    for element in all where element.kind.map(collapsing.contains) ?? false {
      guard element.content.count == 1, case .text(let text) = element.content[0] else { continue }
      element.content = [.text(text.trimmingCharacters(in: ["\u{20}", "\u{9}", "\u{A}", "\u{D}"]))]
    }
  }

  func xml(isRoot: Bool = true) -> String {
    let prefix = namespace == nil ? "" : "p:"
    let declaration = namespace.map { " xmlns:p=\"\($0)\"" } ?? ""
    let written = attributes.map { " \($0.name)=\"\($0.value)\"" }.joined()
    let inside = content.map { part in
      switch part {
      case .element(let child): child.xml(isRoot: false)
      case .text(let text): Self.escaped(text)
      }
    }.joined()
    return "<\(prefix)\(name)\(declaration)\(written)>\(inside)</\(prefix)\(name)>" + (isRoot ? "\n" : "")
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\r": escaped += "&#13;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
