/// A list to choose from in a form, with a first line that stands for all.
struct ChoiceField {
  typealias Choice = (value: String, name: String)

  /// The id of the list; nothing else of the page has it.
  let id: Markup
  /// The name of the field in the form.
  let name: Markup
  let label: String
  let choices: [Choice]
  /// The value that is chosen. One that is not in the list is added to it.
  var chosen: String?
  /// The words of the first line.
  let all: String

  func html() -> Markup {
    var choices = choices
    if let chosen, !choices.contains(where: { $0.value == chosen }) { choices.append((chosen, chosen)) }
    let options = Markup.fitting(choices, bytes: 14_000, limit: 300) { choice -> Markup in
      let selected: Markup? = choice.value == chosen ? " selected" : nil
      return "<option value=\"\(choice.value)\"\(selected)>\(Markup.cut(choice.name, to: 60))</option>"
    }
    return """
      <p class="field"><label for="\(id)">\(label)</label><select id="\(id)" name="\(name)">\
      <option value="">\(all)</option>\(options)</select></p>
      """
  }
}
