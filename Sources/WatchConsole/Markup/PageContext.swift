internal import TriggerFiles

/// The facts about one request that its page is made from, besides its content.
struct PageContext: Sendable {
  let voice: PageVoice
  let tickets: FormTickets
  /// The name that the reader gave with the last act, from the browser's cookie.
  let name: String?
  /// The address of this page, to come back to after an act.
  let address: String
  /// The refusal of acknowledgements and silences on this machine; `nil` where they are accepted.
  var refusal: LocalizedText?
}
