/// The languages of pages and plain answers.
package enum PageLanguage: String, Sendable, Hashable, CaseIterable {
  case danish = "da"
  case english = "en"

  /// Chooses the language that an `Accept-Language` header prefers; English if it names neither.
  package init(accepting header: String?) {
    var best = (language: PageLanguage.english, quality: 0)
    for range in (header ?? "").split(separator: ",").prefix(32) {
      let parts = range.split(separator: ";")
      let tag = parts.first?.trimmed().split(separator: "-").first.map { $0.lowercased() } ?? ""
      guard let language = PageLanguage(rawValue: tag) else { continue }
      let quality = parts.dropFirst().first { $0.trimmed().hasPrefix("q=") }.map(Self.thousandths) ?? 1000
      // Of two with equal quality, the first one counts.
      if quality > best.quality { best = (language, quality) }
    }
    self = best.language
  }

  /// Reads `q=0.8` as 800, and an invalid quality as 0.
  private static func thousandths(_ parameter: Substring) -> Int {
    let digits = parameter.trimmed().dropFirst(2)
    guard let quality = Double(digits), (0...1).contains(quality) else { return 0 }
    return Int(quality * 1000)
  }
}

extension Substring {
  fileprivate func trimmed() -> Substring {
    let rest = drop { $0 == " " || $0 == "\t" }
    return rest.lastIndex { $0 != " " && $0 != "\t" }.map { rest[...$0] } ?? rest
  }
}
