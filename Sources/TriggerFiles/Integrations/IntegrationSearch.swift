/// The integrations that a text means, or the nearest name where it means none.
public struct IntegrationSearch: Sendable, Hashable, Codable {
  /// The search text, unchanged.
  public let text: String
  /// The number that the text is, with its part and version; `nil` for a text that is none.
  public let number: IntegrationNumber?
  /// The integrations, in the order of ``Integration/all``; empty where the text means none.
  public let integrations: [Integration]
  /// The known name that is most similar to a text that means none; `nil` where no name is near.
  public let nearest: String?
}

extension Integration {
  /// Finds integrations by number, part, version, older number, service, InfRef or words of the title.
  ///
  /// `SF1630_B`, `sf1590-d 2.2`, `SF1590_D_V2`, `SF2002` and `SAPA` are found; `SF1590` finds its parts.
  public static func search(_ text: String) -> IntegrationSearch {
    let number = IntegrationNumber(startOf: text)
    let found = found(text, number)
    return IntegrationSearch(
      text: text, number: number, integrations: found, nearest: found.isEmpty ? nearest(to: text, number) : nil)
  }

  private static func found(_ text: String, _ number: IntegrationNumber?) -> [Integration] {
    let named = named(text, number)
    // Two letters are in nearly every title.
    guard named.isEmpty, number == nil, text.unicodeScalars.count > 2 else { return named }
    let words = text.lowercased()
    return all.filter { $0.title.lowercased().contains(words) }
  }

  /// Returns the alias that a text, or its number, names the integration by; `nil` if the text is the id itself or
  /// words of the title.
  public func alias(for text: String, _ number: IntegrationNumber?) -> Alias? {
    aliases.first { $0.matches(text) || $0.name == number?.id }
  }

  /// The integrations that a text names by number or by one of their other names.
  static func named(_ text: String, _ number: IntegrationNumber?) -> [Integration] {
    let named = all.filter { integration in integration.aliases.contains { $0.matches(text) } }
    guard named.isEmpty, let number else { return named }
    return about(number).map { [$0] } ?? parts(of: number)
  }

  private static func nearest(to text: String, _ number: IntegrationNumber?) -> String? {
    let names = all.map(\.id) + all.flatMap { $0.aliases.map(\.name) }
    return NearestName.to(number?.id ?? text, among: names)
  }
}

extension Integration.Alias {
  /// Returns true if a text is this name, ignoring case; a name with `<number>` or `…` is compared up to that.
  func matches(_ text: String) -> Bool {
    let (name, text) = (name.lowercased(), text.lowercased())
    guard let open = name.firstIndex(where: { $0 == "<" || $0 == "…" }) else { return name == text }
    return text.hasPrefix(name[..<open])
  }
}
