import Foundation

/// Finds English words in Danish text. What others said (between Danish quotation marks), commands and names are left
/// out.
enum EnglishWords {
  /// Common English words that are not Danish words, too.
  private static let words: Set<String> = [
    "the", "of", "and", "is", "was", "were", "has", "not", "no", "by", "with", "without", "from", "file", "files",
    "came", "come", "since", "lies", "lie", "look", "looked", "must", "within", "before", "after", "daily", "weekdays",
    "weekly", "monthly", "expect", "expected", "pick", "receipt", "answer", "cannot", "it", "they", "that", "this",
    "account", "folder", "folders", "bytes", "business", "page", "nobody", "longer", "which", "more", "rule", "arrival",
    "late", "missing", "unknown", "acknowledged", "resolved", "closed", "warning", "connection", "connect", "key",
    "reads", "refused", "line", "settings", "been", "names", "takes", "because", "there", "every", "each",
    "municipality", "name", "says", "when", "what", "whose", "seen", "first", "one", "two", "mon", "tue", "wed", "thu",
    "fri", "sun", "4h", "into", "other", "check", "declaration", "until",
  ]

  /// - Parameter others: further words that are not Danish.
  static func found(in text: String, and others: Set<String> = []) -> [String] {
    let ours = text.replacing(/„[^“]*“/, with: "").replacing(/filsluse [a-z]+ [a-z-]+/, with: "")
      .replacing(/<[^>]*>/, with: " ")
    return ours.split { !$0.isLetter && !$0.isNumber && $0 != "-" && $0 != "_" && $0 != "@" && $0 != "." }
      .map { $0.lowercased().trimmingCharacters(in: .init(charactersIn: ".-")) }.filter {
        words.contains($0) || others.contains($0)
      }
  }
}
