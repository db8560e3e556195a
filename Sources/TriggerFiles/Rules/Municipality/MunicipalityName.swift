/// The municipalities by their names as people write them.
public enum MunicipalityName {
  /// The municipality that a text names, `nil` when it names none: `København`, `KOEBENHAVN`, `Høje Taastrup`,
  /// `Københavns Kommune`.
  public static func municipality(named text: some StringProtocol) -> Municipality? {
    let pieces = NamePiece.split(NamePiece.characters(of: String(text)))
    guard pieces.first?.kind == .letters, let (found, last) = longest(from: 0, in: pieces) else { return nil }
    return last == pieces.count - 1 ? found : nil
  }

  /// Returns a text in the normal form for comparing words and numbers of names: without differences in case,
  /// composition and separators.
  static func folded(_ text: String) -> String {
    NamePiece.split(NamePiece.characters(of: text)).filter { $0.kind != .other }.map(\.text).joined()
  }

  /// The longest name that begins with a piece, and the piece that it ends with.
  static func longest(from start: Int, in pieces: [NamePiece]) -> (municipality: Municipality, last: Int)? {
    var text = withoutWordBefore(pieces[start].text)
    // A single letter is the beginning of a word in changing capitals, such as `kØBENHAVN`.
    guard text.utf8.count == 1 || beginnings.contains(text.prefix(2)) else { return nil }
    var found = byForm[text].map { ($0, start) }
    var (at, word, isSeparated) = (start + 1, text.utf8.count, false)
    while at < pieces.count, text.utf8.count <= longestForm {
      switch pieces[at].kind {
      case .digits: return found
      case .other:
        guard isSeparator(pieces[at]), word >= shortestWord else { return found }
        (word, isSeparated) = (0, true)
      case .letters:
        word += pieces[at].text.utf8.count
        text += pieces[at].text
        if !isSeparated || word >= shortestWord, let municipality = byForm[text] { found = (municipality, at) }
      }
      at += 1
    }
    return found
  }

  /// A word without the word for municipality that is glued before it: `kommuneodense`.
  private static func withoutWordBefore(_ text: String) -> String {
    text.hasPrefix(kommune) && text.utf8.count > kommune.utf8.count ? String(text.dropFirst(kommune.utf8.count)) : text
  }

  private static func isSeparator(_ piece: NamePiece) -> Bool {
    piece.range.count <= 3
      && piece.text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "-", " ", "_", ".", "+", "\u{A0}", "\u{2010}"..."\u{2015}": true
        default: false
        }
      }
  }

  // MARK: Slips

  /// Asks for the municipality that a text which names none may mean: `did you mean “Aalborg”?`; `nil` where none is
  /// near.
  package static func question(about text: String) -> LocalizedText? {
    let near = near(text)
    guard !near.isEmpty else { return nil }
    let hasNumber = !number(in: text).isEmpty
    return NearestName.choice(of: near.map { hasNumber ? $0.title : $0.name })
  }

  /// The municipalities that a text is the fewest slips away from: one, or two that are equally near; none where more
  /// are.
  ///
  /// A text with a number is compared with the codes alone. A name is compared in all its spellings, so that one which
  /// is right in another spelling is no slip.
  package static func near(_ text: String) -> [Municipality] {
    if let exact = municipality(named: text) { return [exact] }
    let number = number(in: text)
    let known = number.isEmpty ? bySpelling : byNumber
    let meant = number.isEmpty ? withoutWordBehind(withoutWordBefore(folded(text))) : number
    let found = NearestName.all(to: meant, among: Array(known.keys), within: number.isEmpty ? nil : 1)
    let near = Set(found.compactMap { known[$0] }).sorted { $0.code < $1.code }
    return near.count <= 2 ? near : []
  }

  /// The digits of a text, without the zeros before them.
  private static func number(in text: String) -> String {
    String(text.filter { ("0"..."9").contains($0) }.drop { $0 == "0" })
  }

  /// A word without the word for municipality behind it: `odense` of `odensekommune`.
  private static func withoutWordBehind(_ text: String) -> String {
    let ending = endings.filter { text.hasSuffix($0) && $0.utf8.count < text.utf8.count }.max { $0.count < $1.count }
    return String(text.dropLast(ending?.count ?? 0))
  }

  private static let byNumber: [String: Municipality] = Dictionary(
    Municipality.all.map { (number(in: $0.code), $0) }, uniquingKeysWith: { first, _ in first })

  // MARK: Spellings

  /// The names in every spelling, without genitives and the word for municipality.
  private static let bySpelling: [String: Municipality] = {
    var spellings: [String: Municipality] = [:]
    for municipality in Municipality.all {
      let name = folded(municipality.name)
      // The names of Nordfyns and Vesthimmerlands Kommune are genitives themselves.
      let bare = ["nordfyns", "vesthimmerlands"].contains(name) ? [String(name.dropLast())] : []
      for spelling in withoutMarks([name] + bare) { spellings[spelling] = municipality }
    }
    return spellings
  }()

  /// Every form that is looked for: the name, its genitive, and either with the word for municipality.
  private static let byForm: [String: Municipality] = {
    var forms: [String: Municipality] = [:]
    for (stem, municipality) in bySpelling {
      for genitive in stem.hasSuffix("s") ? [stem] : [stem, stem + "s"] {
        for ending in endings { forms[genitive + ending] = municipality }
      }
    }
    return forms
  }()

  /// The names, each also in the spelling without the marks of ø and å: `Tonder`, `Hoje Tastrup`.
  private static func withoutMarks(_ names: [String]) -> [String] {
    let plain = names + names.map { $0.replacing("oe", with: "o") }
    return plain + plain.map { $0.replacing("aa", with: "a") }
  }

  private static let kommune = "kommune"
  private static let endings =
    [""] + ["", "regions"].flatMap { before in ["", "s", "n", "ns"].map { "\(before)\(kommune)\($0)" } }
  /// The length of the shortest word in a name; shorter ones, as in `vej_en` and `var de`, are other words.
  private static let shortestWord = 3
  /// The first letters of all names: most words need no further comparison.
  private static let beginnings = Set(byForm.keys.map { $0.prefix(2) })
  private static let longestForm = byForm.keys.map(\.utf8.count).max() ?? 0
}
