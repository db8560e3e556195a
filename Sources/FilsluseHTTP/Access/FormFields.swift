/// The fields of a form as browsers send it (`application/x-www-form-urlencoded`), or of the query of an address.
package struct FormFields: Sendable, Hashable {
  private let values: [String: [String]]

  /// Reads the body of a request; `nil` where it is no such form, or a field comes twice.
  ///
  /// - Parameter repeatable: the fields that may come more than once, such as the boxes of a list.
  package init?(_ request: HTTPRequest, repeatable: Set<String> = []) {
    let type = request.header("content-type")?.split(separator: ";").first ?? ""
    guard type.lowercased().filter({ $0 != " " }) == "application/x-www-form-urlencoded" else { return nil }
    self.init(request.body[...], repeatable: repeatable)
  }

  /// Reads the query of an address; `nil` where it is no such form, or a field comes twice.
  package init?(query: String) { self.init(Array(query.utf8)[...], repeatable: []) }

  private init?(_ bytes: ArraySlice<UInt8>, repeatable: Set<String>) {
    var values: [String: [String]] = [:]
    for field in bytes.split(separator: UInt8(ascii: "&")) {
      let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decoded(parts[0], plusIsBlank: true),
        let value = PercentEncoding.decoded(parts.count == 2 ? parts[1] : [], plusIsBlank: true),
        values[name] == nil || repeatable.contains(name)
      else { return nil }
      values[name, default: []].append(value)
    }
    self.values = values
  }

  /// The first value of a field; `nil` if the form has no field of that name.
  package subscript(name: String) -> String? { values[name]?.first }

  /// All fields, by their names.
  package var fields: [(name: String, value: String)] {
    values.sorted { $0.key < $1.key }.flatMap { name, values in values.map { (name: name, value: $0) } }
  }

  /// The values of a field, in their order.
  package func all(_ name: String) -> [String] { values[name] ?? [] }
}
