internal import FilsluseHTTP
internal import PickupWatch
internal import TriggerFiles

/// The page after an act: what was done, a way to undo it, and the way back. Its address says it again when it is
/// loaded again, and changes nothing.
struct DonePage {
  /// The acts that it confirms.
  enum Act: String, Sendable, Hashable, CaseIterable {
    case acknowledged
    case undone
    case silenced
    case unsilenced

    /// The sort by which the act is kept.
    var kind: PickupWatch.Act.Kind {
      switch self {
      case .acknowledged: .acknowledged
      case .undone: .undone
      case .silenced: .silenced
      case .unsilenced: .silenceEnded
      }
    }
  }

  let act: Act
  let count: Int
  /// The number of the act, by which it is undone.
  let number: Int64?
  /// The number of alerts that were chosen and stay as they are; 0 where the address has no key for it.
  private let others: Int
  private let back: String
  private let context: PageContext

  private var voice: PageVoice { context.voice }

  /// The page that an address asks for.
  ///
  /// - Throws: `PageProblem` where the address names no act.
  init(asked: ConsoleRequest) throws {
    guard let act = try asked.field("act").flatMap(Act.init(rawValue:)) else {
      throw PageProblem.badAddress(
        LocalizedText(da: "Adressen nævner ikke, hvad der er sket.", en: "The address does not name what was done."),
        path: PageAddress.overview)
    }
    self.act = act
    count = Int(try asked.field("count").flatMap(ConsoleRequest.positive) ?? 0)
    number = try asked.field("number").flatMap(ConsoleRequest.positive)
    if let number, let left = try asked.field("others").flatMap(ConsoleRequest.positive),
      let key = try asked.field("key"), asked.tickets.accepts(key, ofLeft: Int(left), by: number)
    {
      others = Int(left)
    } else {
      others = 0
    }
    back = PageAddress.back(try asked.field("back"))
    context = PageContext(
      voice: asked.voice, tickets: asked.tickets, name: asked.context.name, address: back,
      refusal: asked.refusal)
  }

  /// The address of the page.
  ///
  /// - Parameters:
  ///   - count: the number of alerts that were changed.
  ///   - others: the number of alerts that were chosen and stay as they are.
  ///   - number: the number of the act, by which it is undone.
  static func address(
    _ act: Act, count: Int, others: Int = 0, number: Int64, back: String, tickets: FormTickets
  ) -> String {
    let left: String? = others > 0 ? "\(others)" : nil
    let key = left.map { _ in tickets.key(ofLeft: others, by: number) }
    return PageAddress.with(
      PageAddress.done,
      [
        ("act", act.rawValue), ("count", "\(count)"), ("others", left), ("key", key), ("number", "\(number)"),
        ("back", back),
      ])
  }

  func html() -> Markup {
    PageFrame(voice: voice, title: title).page(
      in: nil,
      """
      <p class="notice calm" role="status">\(words)\(rest.map { Markup.text($0) })</p>
      \(undo)
      <p><a href="\(back)">\(voice.say("Tilbage", "Back"))</a> · <a href="\(PageAddress.overview)">\(voice.say("Til overblikket", "To the overview"))</a></p>
      """)
  }

  private var title: String {
    switch act {
    case .acknowledged: voice.say("Kvitteret", "Acknowledged")
    case .undone: voice.say("Kvittering fortrudt", "Acknowledgement undone")
    case .silenced: voice.say("Dæmpet", "Silenced")
    case .unsilenced: voice.say("Dæmpning afsluttet", "Silence ended")
    }
  }

  private var words: String {
    let alerts = voice.alerts(count)
    return switch act {
    case .acknowledged: voice.say("\(alerts) er kvitteret.", "\(alerts) acknowledged.")
    case .undone: voice.say("\(alerts) er ikke længere kvitteret.", "\(alerts) no longer acknowledged.")
    case .silenced:
      voice.say("Dæmpningen gælder; den dæmper \(alerts) nu.", "The silence holds; it silences \(alerts) now.")
    case .unsilenced: voice.say("\(alerts) er ikke længere dæmpet.", "\(alerts) no longer silenced.")
    }
  }

  private var rest: String? {
    guard others > 0 else { return nil }
    let alerts = voice.alerts(others)
    return voice.say(
      " \(alerts) blev ikke ændret: overstået, eller gjort af en anden.",
      " \(alerts) left as before: over, or done by somebody else.")
  }

  /// The form that undoes an acknowledgement.
  private var undo: Markup? {
    guard act == .acknowledged, context.refusal == nil, let number else { return nil }
    let acts = ActForms(context: context)
    let button = acts.button(voice.say("Fortryd", "Undo"))
    return acts.form(
      .undo, id: "undo",
      """
      <input type="hidden" name="act" value="\(number)">\(acts.person(id: "undo", needsReason: false))\(button)
      """)
  }
}
