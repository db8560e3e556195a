/// Texts that many values have in common, such as an InfRef: each is in memory once.
struct SharedTexts: Sendable {
  private var texts: Set<String> = []

  /// Returns the text, as the first value had it.
  mutating func shared(_ text: String) -> String {
    let known = texts.insert(text).memberAfterInsert
    // Two spellings of a letter are equal as texts, and are two names.
    return known.utf8.elementsEqual(text.utf8) ? known : text
  }
}
