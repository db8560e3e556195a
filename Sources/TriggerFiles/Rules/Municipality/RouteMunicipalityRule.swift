/// The rule that one data file holds one municipality, and that its name mentions no other than its route's (contract
/// section 5).
public struct RouteMunicipalityRule: Sendable, Hashable {
  /// The code of the municipality that every file of the route belongs to; `nil` where the route names none.
  public let municipality: String?
  /// Words and numbers in names to ignore on this route, such as `Vejen` or `0400`.
  public let passedOver: [String]
  private let foldedPassedOver: Set<String>

  /// Describes the rule of a route.
  public init(municipality: String? = nil, passedOver: [String] = []) {
    self.municipality = municipality
    self.passedOver = passedOver
    foldedPassedOver = Set(passedOver.map(MunicipalityName.folded))
  }

  /// One of a file's two names: the local one, and the one on the wire.
  private struct Name: Sendable, Hashable {
    let text: String
    let mentions: [MunicipalityMention]
    let isOnWire: Bool

    /// The names of a file; one where both are the same bytes.
    static func both(local: String, wire: String) -> [Name] {
      let onWire = Name(text: wire, mentions: MunicipalityMention.all(in: wire), isOnWire: true)
      if local.utf8.elementsEqual(wire.utf8) { return [Name(text: wire, mentions: onWire.mentions, isOnWire: false)] }
      return [Name(text: local, mentions: MunicipalityMention.all(in: local), isOnWire: false), onWire]
    }
  }

  /// Checks a file's names against the rule.
  ///
  /// - Parameter stated: the code of the municipality that the file holds by the sender's statement, which outweighs
  ///   its names.
  /// - Returns: the journal's note on a stated or ignored municipality; `nil` for none.
  /// - Throws: ``MunicipalityContradiction`` if the names mention two municipalities or another than the route's.
  @discardableResult
  public func judge(local: String, wire: String, stated: String? = nil) throws(MunicipalityContradiction) -> String? {
    let names = Name.both(local: local, wire: wire)
    guard let stated else { return try judge(names) }
    guard let held = Municipality(code: stated) else { throw .unknownCode(stated) }
    if let municipality, municipality != held.code { throw .otherStated(held, route: municipality) }
    let others = shown(contradictions(in: names, to: held.code, heeding: []))
    return "stated to hold \(held.title)" + (others.isEmpty ? "" : "; its name says \(others)")
  }

  private func judge(_ names: [Name]) throws(MunicipalityContradiction) -> String? {
    let heeded = contradictions(in: names, to: municipality, heeding: foldedPassedOver)
    if let municipality, let first = heeded.first { throw .other(first, heeded, route: municipality) }
    if let first = heeded.first,
      let other = heeded.first(where: { $0.mention.municipality != first.mention.municipality })
    {
      throw .two(first, other)
    }
    if passedOver.isEmpty { return nil }
    let all = contradictions(in: names, to: municipality ?? heeded.first?.mention.municipality.code, heeding: [])
    let passed = all.filter { foldedPassedOver.contains(MunicipalityName.folded($0.mention.text)) }
    guard !passed.isEmpty else { return nil }
    return "not-municipalities of the route passes over \(shown(passed)) in its name"
  }

  /// Words the places; a mention in both names is given once.
  private func shown(_ places: [MunicipalityContradiction.Place]) -> String {
    var texts: [String] = []
    for text in places.map(\.mention.shown.en) where !texts.contains(text) { texts.append(text) }
    return texts.joined(separator: ", ")
  }

  /// Returns the mentions of another municipality than `code`, or all mentions if `code` is `nil`. Dates and times, and
  /// texts in `passedOver`, never count.
  private func contradictions(
    in names: [Name], to code: String?, heeding passedOver: Set<String>
  ) -> [MunicipalityContradiction.Place] {
    names.flatMap { name in
      name.mentions.filter { mention in
        !mention.isDateOrTime && mention.municipality.code != code
          && !(!passedOver.isEmpty && passedOver.contains(MunicipalityName.folded(mention.text)))
      }.map { MunicipalityContradiction.Place(mention: $0, name: name.text, isOnWire: name.isOnWire) }
    }
  }
}
