/// The reason why a file is not sent: its names contain two municipalities, or another one than its route's (contract
/// section 5).
public struct MunicipalityContradiction: Error, Sendable, Hashable, CustomStringConvertible {
  /// A place in one of the file's names.
  struct Place: Sendable, Hashable {
    let mention: MunicipalityMention
    let name: String
    let isOnWire: Bool

    /// The name that contains it.
    var bearer: LocalizedText {
      LocalizedText(
        "\(isOnWire ? "its name on the wire" : "its name") \(Quoted.text(name))",
        "\(isOnWire ? "dens navn på serveren" : "dens navn") \(Quoted.danish(name))")
    }

    /// Describes the municipalities in one or both names: `its name “a_0492.csv” says 0492 Ærø (“0492” at character
    /// 3)`.
    static func shown(_ first: Place, _ other: Place?) -> LocalizedText {
      let (bearer, said) = (first.bearer, first.mention.shown)
      guard let other else {
        return LocalizedText("\(bearer.en) says \(said.en)", "\(bearer.da) siger \(said.da)")
      }
      if other.name == first.name {
        return LocalizedText(
          "\(bearer.en) says both \(said.en) and \(other.mention.shown.en)",
          "\(bearer.da) siger både \(said.da) og \(other.mention.shown.da)")
      }
      let (one, two) = (shown(first, nil), shown(other, nil))
      return LocalizedText("\(one.en) and \(two.en)", "\(one.da), og \(two.da)")
    }
  }

  /// The municipalities in the names, with their positions.
  public let message: LocalizedText
  /// The remedy.
  public let remedy: LocalizedText
  /// The code of the route's municipality, where a statement that the file holds it is a remedy too.
  public let statement: String?

  /// The contradiction and its remedy.
  public var description: String { "\(message); \(remedy)" }

  static func other(_ first: Place, _ all: [Place], route code: String) -> Self {
    let other = all.first { $0.mention.municipality != first.mention.municipality }
    let shown = Place.shown(first, other)
    return Self(
      message: LocalizedText(
        "\(shown.en), and its route is for \(title(ofCode: code))",
        "\(shown.da), og dens rute er til \(title(ofCode: code))"), remedy: remedy(first),
      statement: code)
  }

  static func two(_ first: Place, _ other: Place) -> Self {
    let shown = Place.shown(first, other)
    return Self(
      message: LocalizedText(
        "\(shown.en), and one data file holds one municipality",
        "\(shown.da), og en datafil indeholder netop én kommune"),
      remedy: remedy(other), statement: first.mention.municipality.code)
  }

  static func otherStated(_ stated: Municipality, route code: String) -> Self {
    Self(
      message: LocalizedText(
        "it is stated to hold \(stated.title), and its route is for \(title(ofCode: code))",
        "det er oplyst, at den indeholder \(stated.title), og dens rute er til \(title(ofCode: code))"),
      remedy: LocalizedText(
        "send it by the route of \(stated.title), or correct the statement",
        "send den ad ruten til \(stated.title), eller ret oplysningen"), statement: nil)
  }

  static func unknownCode(_ text: String) -> Self {
    Self(
      message: LocalizedText(
        "it is stated to hold \(Quoted.text(text)), which is no municipality's code",
        "det er oplyst, at den indeholder \(Quoted.danish(text)), som ikke er nogen kommunes kode"),
      remedy: LocalizedText(
        "write the code with four digits, such as 0751", "skriv koden med fire cifre, fx 0751"), statement: nil)
  }

  private static func remedy(_ place: Place) -> LocalizedText {
    let word = Quoted.both(place.mention.text)
    return LocalizedText(
      "send it by the right route or correct its name; if \(word.en) means no municipality, add \(word.en) to not-municipalities: of the route, or state what the file holds",
      "send den ad den rigtige rute, eller ret dens navn; hvis \(word.da) ikke er en kommune, så tilføj \(word.da) under not-municipalities: for ruten, eller oplys, hvad filen indeholder"
    )
  }

  private static func title(ofCode code: String) -> String { Municipality(code: code)?.title ?? code }
}
