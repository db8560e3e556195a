internal import PickupWatch
internal import TriggerFiles

/// The parts that the console's forms share: who acts, and why.
struct ActForms {
  let context: PageContext

  private var voice: PageVoice { context.voice }

  /// The longest name and reason that a browser takes; the server counts bytes, and refuses more than 500.
  private static let longest = 200

  /// The notice in the place of the forms that acknowledge and silence while it is not known which machine leads the
  /// watch; `nil` otherwise.
  var refusal: Markup? { context.refusal.map { "<p class=\"notice calm\">\(voice.say($0.asSentence))</p>\n" } }

  /// A form that is sent to an action.
  ///
  /// - Parameter id: the form's id, which fields and buttons outside it name; no other form of the page has it.
  func form(_ action: FormAction, id: Markup, _ content: Markup) -> Markup {
    """
    <form class="act" id="\(id)" method="post" action="\(action.path)">\
    \(context.tickets.fields(for: action, back: context.address))\(content)</form>
    """
  }

  /// The fields for the name and the reason of the person who acts.
  ///
  /// - Parameter needsReason: true where an act without a reason is refused.
  func person(id: Markup, needsReason: Bool) -> Markup {
    let required: Markup = needsReason ? " required" : ""
    let why =
      needsReason ? voice.say("Begrundelse", "Reason") : voice.say("Bemærkning (kan udelades)", "Comment (optional)")
    return """
      <p class="field"><label for="\(id)-by">\(voice.say("Dit navn", "Your name"))</label>\
      <input id="\(id)-by" name="by" value="\(context.name ?? "")" maxlength="\(Self.longest)" autocomplete="name" required></p>\
      <p class="field wide"><label for="\(id)-why">\(why)</label>\
      <input id="\(id)-why" name="why" maxlength="\(Self.longest)" autocomplete="off"\(required)></p>
      """
  }

  func button(_ words: String) -> Markup { "<p class=\"field\"><button>\(words)</button></p>" }

  /// The fields for the end of a silence, by the clock of the page: eight o'clock tomorrow morning where nothing else
  /// is chosen.
  func end(id: Markup) -> Markup {
    """
    <p class="field"><label for="\(id)-until">\(voice.say("Indtil", "Until"))</label>\
    <input id="\(id)-until" name="until" type="datetime-local" value="\(voice.localMinute(voice.nextMorning))" required></p>
    """
  }
}
