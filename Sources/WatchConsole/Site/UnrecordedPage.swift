internal import FilsluseHTTP
internal import TriggerFiles

/// The answer to a form whose act could not be recorded, or not for all machines: why, and the form as it was sent, to
/// be sent again. Its ticket is the same, so that nothing is done twice.
struct UnrecordedPage {
  let words: LocalizedText
  let action: FormAction
  let form: FormFields
  let voice: PageVoice
  /// True if the act is recorded on this machine.
  var isRecordedHere = false

  func html() -> Markup {
    let hidden = form.fields.filter { !["by", "why"].contains($0.name) }.map { field -> Markup in
      "<input type=\"hidden\" name=\"\(field.name)\" value=\"\(field.value)\">"
    }
    let title =
      isRecordedHere
      ? voice.say("Kun noteret her", "Recorded here alone") : voice.say("Kunne ikke noteres", "Could not be recorded")
    return PageFrame(voice: voice, title: title).page(
      in: nil,
      """
      <p class="notice" role="alert">\(voice.say(words))</p>
      <form class="act" id="again" method="post" action="\(action.path)">\(hidden)\
      \(field("by", voice.say("Dit navn", "Your name")))\
      \(field("why", voice.say("Begrundelse eller bemærkning", "Reason or comment")))\
      <p class="field"><button>\(voice.say("Send igen", "Send again"))</button></p></form>
      <p><a href="\(PageAddress.back(form["back"]))">\(voice.say("Tilbage", "Back"))</a></p>
      """)
  }

  /// A field that a person has filled in; `nil` where the form has none of that name.
  private func field(_ name: String, _ label: String) -> Markup? {
    form[name].map { value in
      """
      <p class="field wide"><label for="again-\(name)">\(label)</label>\
      <input id="again-\(name)" name="\(name)" value="\(value)" autocomplete="off"></p>
      """
    }
  }
}
