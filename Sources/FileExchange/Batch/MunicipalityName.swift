internal import ExchangeSettings
internal import Foundation

/// The municipalities by what file names say of them.
enum MunicipalityName {
  /// The municipality of a code, `nil` when none has it.
  static func municipality(withCode code: String) -> Municipality? { byCode[code] }

  /// The municipality that a text names, `nil` when it names none: `København`, `KOEBENHAVN`, `Høje Taastrup`,
  /// `Københavns Kommune`.
  static func municipality(named text: some StringProtocol) -> Municipality? {
    let folded = folded(text)
    if let found = byName[folded] { return found }
    guard folded.hasSuffix("kommune") else { return nil }
    let short = folded.dropLast("kommune".count)
    return byName[String(short)] ?? (short.hasSuffix("s") ? byName[String(short.dropLast())] : nil)
  }

  private static let byCode = Dictionary(
    Municipality.all.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
  private static let byName = Dictionary(
    Municipality.all.map { (folded($0.name), $0) }, uniquingKeysWith: { first, _ in first })

  /// Letters alone, small, with æ, ø and å as they are written where there are none; composed or not.
  private static func folded(_ text: some StringProtocol) -> String {
    var folded = ""
    for scalar in text.precomposedStringWithCanonicalMapping.lowercased().unicodeScalars {
      switch scalar {
      case "æ": folded += "ae"
      case "ø": folded += "oe"
      case "å": folded += "aa"
      case "-", " ", "_", ".": break
      default: folded.unicodeScalars.append(scalar)
      }
    }
    return folded
  }
}
