/// An element outside the contract, kept unchanged: names, namespaces, attributes, text and order.
///
/// Two are equal if they mean the same: prefixes and the places of their declarations do not count.
public struct ForeignElement: Sendable {
  /// A part of its content.
  public enum Content: Sendable, Hashable {
    /// An element inside.
    case element(ForeignElement)
    /// Text, white space kept.
    case text(String)
  }

  /// An attribute.
  public struct Attribute: Sendable, Codable {
    /// The namespace; `nil` for none, which is usual.
    public let namespace: String?
    /// The prefix that it was written with; empty for none.
    public let prefix: String
    /// The name without prefix.
    public let name: String
    /// The value.
    public let value: String

    /// Creates an attribute.
    public init(namespace: String? = nil, prefix: String = "", name: String, value: String) {
      self.namespace = namespace
      self.prefix = prefix
      self.name = name
      self.value = value
    }
  }

  /// A namespace prefix with its URI; kept because values such as that of `xsi:type` use it.
  public struct Declaration: Sendable, Hashable, Codable {
    /// The prefix; empty for the default namespace.
    public let prefix: String
    /// The namespace; empty for none.
    public let namespace: String

    /// Creates a declaration.
    public init(prefix: String, namespace: String) {
      self.prefix = prefix
      self.namespace = namespace
    }
  }

  /// The namespace; `nil` for none.
  public let namespace: String?
  /// The prefix that it is written with; empty for a default namespace.
  public let prefix: String
  /// The name without prefix.
  public let name: String
  /// The prefixes that its start tag declares.
  public let declarations: [Declaration]
  /// The attributes in their order.
  public let attributes: [Attribute]
  /// Elements and text in their order.
  public let content: [Content]

  /// Creates an element; undeclared prefixes are declared when it is written.
  ///
  /// - Throws: `DocumentError` if it cannot be written as XML: an invalid name, a character that XML cannot carry, a
  ///   prefix without a namespace.
  public init(
    namespace: String?, prefix: String = "", name: String, declarations: [Declaration] = [],
    attributes: [Attribute] = [], content: [Content] = []
  ) throws(DocumentError) {
    self.init(
      unchecked: namespace, prefix: prefix, name: name, declarations: declarations, attributes: attributes,
      content: content)
    try checkForm()
  }

  init(
    unchecked namespace: String?, prefix: String, name: String, declarations: [Declaration], attributes: [Attribute],
    content: [Content]
  ) {
    self.namespace = namespace
    self.prefix = prefix
    self.name = name
    self.declarations = declarations
    self.attributes = attributes
    self.content = content
  }

  /// The text directly inside, its pieces joined.
  public var text: String {
    content.reduce(into: "") { if case .text(let text) = $1 { $0 += text } }
  }
}
