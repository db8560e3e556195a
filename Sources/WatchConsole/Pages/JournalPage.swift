internal import FileExchange
internal import FilsluseBase
internal import PickupWatch
internal import TriggerFiles

/// A delivery or an arrival with its trail in the journal, under the number that the command takes.
struct JournalPage {
  let trail: JournalTrail
  let context: PageContext

  private var voice: PageVoice { context.voice }
  private var line: JournalLine { trail.line }

  private static let room = (count: 300, bytes: 120_000)

  func html() -> Markup {
    let kind =
      switch line.subject {
      case .delivery: voice.say("Levering", "Delivery")
      case .arrival: voice.say("Modtagelse", "Arrival")
      case .journal: voice.say("Journal", "Journal")
      }
    return PageFrame(voice: voice, title: "\(kind) \(line.subject.number)").page(
      in: nil,
      """
      \(facts)
      <section aria-labelledby="trail"><h2 id="trail">\(voice.say("Spor i journalen", "Trail in the journal"))</h2>
      \(entries)
      </section>
      """)
  }

  private var facts: Markup? {
    var facts = FactList(voice: voice)
    let name = Masked.name(line.wireName.string)
    facts.add(voice.say("Navn", "Name"), "<span class=\"name\">\(Markup.cut(name, to: 255))</span>")
    facts.add(voice.say("Tilstand", "State"), "<code>\(voice.say(line.state.title))</code>")
    facts.add(voice.say("Det betyder", "Which means"), text: JournalWords.meaning(line.state, voice))
    facts.add(voice.say("Gør dette", "What to do"), text: JournalWords.remedy(line.state, voice))
    switch line.subject {
    case .delivery: facts.add(voice.say("Rute", "Route"), text: line.counterpart)
    case .arrival, .journal: facts.add(voice.say("Afsender", "Sender"), text: Masked.name(line.counterpart))
    }
    facts.add("InfRef", text: line.infRef.map { Masked.name($0.name) })
    facts.add(voice.say("Størrelse", "Size"), text: voice.size(line.size))
    facts.add(voice.say("Begyndt", "Begun"), voice.dayAndTime(line.begun))
    return facts.html()
  }

  private var entries: Markup {
    // Of a long trail the last entries.
    let shown = Markup.fitting(
      trail.entries.reversed(), bytes: Self.room.bytes, limit: Self.room.count
    ) { entry -> Markup in
      let words = entry.detail.map { voice.localizing(Masked.name(voice.say($0))) }
      let detail: Markup? = words.map { ": \(Markup.cut($0, to: 400))" }
      let title = Markup.cut(voice.say(entry.title), to: 80)
      return "<li>\(voice.dayAndTime(entry.at)) <code>\(title)</code>\(detail)</li>\n"
    }
    let left = trail.entries.count - shown.count
    let more: Markup? =
      left > 0
      ? "<li class=\"more\">\(voice.say("\(left) tidligere vises ikke her.", "\(left) earlier ones are not shown here."))</li>\n"
      : nil
    return "<ol class=\"life\">\(more)\(Array(shown.reversed()))</ol>"
  }
}

/// The states of deliveries and arrivals in words.
enum JournalWords {
  static func meaning(_ state: SubjectState, _ voice: PageVoice) -> String {
    text(explanation(of: state).meaning, voice)
  }

  static func remedy(_ state: SubjectState, _ voice: PageVoice) -> String { text(explanation(of: state).remedy, voice) }

  private static func explanation(of state: SubjectState) -> Explanation {
    switch state {
    case .delivery(let state): state.explanation
    case .arrival(let state): state.explanation
    }
  }

  private static func text(_ sentence: Explanation.Sentence, _ voice: PageVoice) -> String {
    voice.say(sentence.da.inDanish, sentence.en.description)
  }
}
