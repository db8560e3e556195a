internal import PickupWatch

/// The links from one page of a list to the others.
struct Pager {
  let voice: PageVoice
  let number: Int
  let pages: Int
  let total: Int
  /// The address of a page of the list, by its number.
  let address: (Int) -> String

  init(voice: PageVoice, number: Int, pages: Int, total: Int, address: @escaping (Int) -> String) {
    self.voice = voice
    self.number = number
    self.pages = pages
    self.total = total
    self.address = address
  }

  init<Item: Sendable>(_ paged: Paged<Item>, voice: PageVoice, address: @escaping (Int) -> String) {
    self.voice = voice
    number = paged.number
    pages = paged.pages
    total = paged.total
    self.address = address
  }

  /// - Parameter label: the name of the list, for screen readers; no other list of the page has it.
  func html(_ label: String) -> Markup? {
    if pages <= 1 { return nil }
    let words = voice.say(
      "Side \(voice.number(number)) af \(voice.number(pages)); \(voice.number(total)) i alt",
      "Page \(voice.number(number)) of \(voice.number(pages)); \(voice.number(total)) in all")
    let earlier: Markup? =
      number > 1 ? "<a rel=\"prev\" href=\"\(address(number - 1))\">\(voice.say("Forrige", "Previous"))</a> " : nil
    let later: Markup? =
      number < pages ? " <a rel=\"next\" href=\"\(address(number + 1))\">\(voice.say("Næste", "Next"))</a>" : nil
    return "<nav class=\"pager\" aria-label=\"\(label)\">\(earlier)\(words)\(later)</nav>"
  }
}
