extension ForeignElement: Hashable {
  /// Returns true if names, namespaces, attributes and content are the same.
  public static func == (one: Self, other: Self) -> Bool {
    one.namespace == other.namespace && one.name == other.name && one.attributes == other.attributes
      && one.content == other.content
  }

  /// Hashes names, namespaces, attributes and content.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(namespace)
    hasher.combine(name)
    hasher.combine(attributes)
    hasher.combine(content)
  }
}

extension ForeignElement.Attribute: Hashable {
  /// Returns true if name, namespace and value are the same.
  public static func == (one: Self, other: Self) -> Bool {
    one.namespace == other.namespace && one.name == other.name && one.value == other.value
  }

  /// Hashes name, namespace and value.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(namespace)
    hasher.combine(name)
    hasher.combine(value)
  }
}
