/// Facts with their names, one below the other.
struct FactList {
  let voice: PageVoice
  private var facts: [Markup] = []

  init(voice: PageVoice) { self.voice = voice }

  /// Adds a fact, where there is one.
  mutating func add(_ name: String, _ value: Markup?) {
    guard let value else { return }
    facts.append("<dt>\(name)</dt><dd>\(value)</dd>\n")
  }

  /// Adds a fact that is text from outside, where there is one.
  mutating func add(_ name: String, text: String?) { add(name, text.map { Markup.text(Markup.cut($0, to: 200)) }) }

  func html() -> Markup? { facts.isEmpty ? nil : "<dl class=\"facts\">\(facts)</dl>" }
}
