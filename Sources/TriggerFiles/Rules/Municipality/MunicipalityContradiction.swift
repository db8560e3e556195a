/// The reason why a file is not sent: its names contain two municipalities, or another one than its route's (contract
/// section 5).
public struct MunicipalityContradiction: Error, Sendable, Hashable, CustomStringConvertible {
  /// A place in one of the file's names.
  struct Place: Sendable, Hashable {
    let naming: MunicipalityNaming
    let name: String
    let isOnWire: Bool

    /// The name that it stands in.
    var bearer: String { "\(isOnWire ? "its name on the wire" : "its name") \(Quoted.text(name))" }

    /// Describes the municipalities in one or both names: `its name “a_0492.csv” says 0492 Ærø (“0492” at character
    /// 3)`.
    static func shown(_ first: Place, _ other: Place?) -> String {
      guard let other else { return "\(first.bearer) says \(first.naming.shown)" }
      return other.name == first.name
        ? "\(first.bearer) says both \(first.naming.shown) and \(other.naming.shown)"
        : "\(shown(first, nil)) and \(shown(other, nil))"
    }
  }

  /// The municipalities in the names, with their positions.
  public let message: String
  /// The remedy.
  public let remedy: String
  /// The code of the route's municipality, where a statement that the file holds it is a remedy too.
  public let statement: String?

  /// The contradiction and its remedy.
  public var description: String { "\(message); \(remedy)" }

  static func other(_ first: Place, _ all: [Place], route code: String) -> Self {
    let other = all.first { $0.naming.municipality != first.naming.municipality }
    return Self(
      message: "\(Place.shown(first, other)), and its route is for \(title(ofCode: code))", remedy: remedy(first),
      statement: code)
  }

  static func two(_ first: Place, _ other: Place) -> Self {
    Self(
      message: "\(Place.shown(first, other)), and one data file holds one municipality",
      remedy: remedy(other), statement: first.naming.municipality.code)
  }

  static func otherStated(_ stated: Municipality, route code: String) -> Self {
    Self(
      message: "it is stated to hold \(stated.title), and its route is for \(title(ofCode: code))",
      remedy: "send it by the route of \(stated.title), or correct the statement", statement: nil)
  }

  static func unknownCode(_ text: String) -> Self {
    Self(
      message: "it is stated to hold \(Quoted.text(text)), which is no municipality's code",
      remedy: "write the code with four digits, such as 0751", statement: nil)
  }

  private static func remedy(_ place: Place) -> String {
    let word = Quoted.text(place.naming.text)
    return
      "send it by the right route or correct its name; if \(word) means no municipality, add \(word) to not-municipalities: of the route, or state what the file holds"
  }

  private static func title(ofCode code: String) -> String { Municipality(code: code)?.title ?? code }
}
