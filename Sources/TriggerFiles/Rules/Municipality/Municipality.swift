/// One of the 98 Danish municipalities.
public struct Municipality: Sendable, Hashable {
  /// The code of four digits, kept as text: `0101`.
  public let code: String
  /// The name, without the word "Kommune".
  public let name: String

  /// All 98, in the order of their codes.
  public static let all: [Municipality] = table.split(separator: "\n").map { line in
    Municipality(code: String(line.prefix(4)), name: String(line.dropFirst(5)))
  }

  /// The municipality of a code: four digits (`0751`), or three where the leading zero is left out (`751`).
  public init?(code text: some StringProtocol) {
    guard let number = Self.number(ofCode: text.description), let municipality = Self.byNumber[number] else {
      return nil
    }
    self = municipality
  }

  private init(code: String, name: String) {
    self.code = code
    self.name = name
  }

  /// The five regions of Denmark.
  public enum Region: String, Sendable, Hashable, Codable, CaseIterable {
    /// Region Hovedstaden.
    case hovedstaden = "Hovedstaden"
    /// Region Sjælland.
    case sjaelland = "Sjælland"
    /// Region Syddanmark.
    case syddanmark = "Syddanmark"
    /// Region Midtjylland.
    case midtjylland = "Midtjylland"
    /// Region Nordjylland.
    case nordjylland = "Nordjylland"
  }

  /// The region of the municipality.
  public var region: Region {
    switch code {
    // Greve, Køge, Roskilde and Solrød.
    case "0253", "0259", "0265", "0269", "0306"..."0390": .sjaelland
    // Bornholm has a code in the middle of others.
    case "0101"..."0270", "0400": .hovedstaden
    // Horsens; Morsø and Thisted.
    case "0615": .midtjylland
    case "0773", "0787": .nordjylland
    case "0410"..."0630": .syddanmark
    case "0657"..."0791": .midtjylland
    default: .nordjylland
    }
  }

  /// The code and the name: `0751 Aarhus`.
  public var title: String { "\(code) \(name)" }

  private static func number(ofCode text: String) -> Int? {
    let digits = text.utf8
    let hasZero = digits.first == UInt8(ascii: "0")
    guard digits.count == (hasZero ? 4 : 3), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  private static let byNumber: [Int: Municipality] = Dictionary(
    all.compactMap { municipality in number(ofCode: municipality.code).map { ($0, municipality) } },
    uniquingKeysWith: { first, _ in first })

  private static let table = """
    0101 København
    0147 Frederiksberg
    0151 Ballerup
    0153 Brøndby
    0155 Dragør
    0157 Gentofte
    0159 Gladsaxe
    0161 Glostrup
    0163 Herlev
    0165 Albertslund
    0167 Hvidovre
    0169 Høje-Taastrup
    0173 Lyngby-Taarbæk
    0175 Rødovre
    0183 Ishøj
    0185 Tårnby
    0187 Vallensbæk
    0190 Furesø
    0201 Allerød
    0210 Fredensborg
    0217 Helsingør
    0219 Hillerød
    0223 Hørsholm
    0230 Rudersdal
    0240 Egedal
    0250 Frederikssund
    0253 Greve
    0259 Køge
    0260 Halsnæs
    0265 Roskilde
    0269 Solrød
    0270 Gribskov
    0306 Odsherred
    0316 Holbæk
    0320 Faxe
    0326 Kalundborg
    0329 Ringsted
    0330 Slagelse
    0336 Stevns
    0340 Sorø
    0350 Lejre
    0360 Lolland
    0370 Næstved
    0376 Guldborgsund
    0390 Vordingborg
    0400 Bornholm
    0410 Middelfart
    0420 Assens
    0430 Faaborg-Midtfyn
    0440 Kerteminde
    0450 Nyborg
    0461 Odense
    0479 Svendborg
    0480 Nordfyns
    0482 Langeland
    0492 Ærø
    0510 Haderslev
    0530 Billund
    0540 Sønderborg
    0550 Tønder
    0561 Esbjerg
    0563 Fanø
    0573 Varde
    0575 Vejen
    0580 Aabenraa
    0607 Fredericia
    0615 Horsens
    0621 Kolding
    0630 Vejle
    0657 Herning
    0661 Holstebro
    0665 Lemvig
    0671 Struer
    0706 Syddjurs
    0707 Norddjurs
    0710 Favrskov
    0727 Odder
    0730 Randers
    0740 Silkeborg
    0741 Samsø
    0746 Skanderborg
    0751 Aarhus
    0756 Ikast-Brande
    0760 Ringkøbing-Skjern
    0766 Hedensted
    0773 Morsø
    0779 Skive
    0787 Thisted
    0791 Viborg
    0810 Brønderslev
    0813 Frederikshavn
    0820 Vesthimmerlands
    0825 Læsø
    0840 Rebild
    0846 Mariagerfjord
    0849 Jammerbugt
    0851 Aalborg
    0860 Hjørring
    """
}
