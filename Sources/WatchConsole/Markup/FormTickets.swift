internal import FilsluseHTTP

/// The tickets in the console's forms.
///
/// A form without a ticket of this process did not come from a page of ours. The ticket is also the key under which the
/// act is recorded, so that a form that is sent twice changes nothing the second time.
struct FormTickets: Sendable {
  private let keys: FormKeys

  /// Tickets that are signed with a secret.
  init(secret: PageSecret) { keys = FormKeys(secret: secret) }

  /// Returns the hidden fields of a new form, among them the address to go back to.
  func fields(for action: FormAction, back: String) -> Markup {
    let ticket = Self.draw()
    return """
      <input type="hidden" name="ticket" value="\(ticket)"><input type="hidden" name="key" value="\(key(ticket, action))">\
      <input type="hidden" name="back" value="\(back)">
      """
  }

  /// Returns the ticket of a form that was sent; `nil` where this process gave none like it for that action.
  func ticket(of form: FormFields, for action: FormAction) -> String? {
    guard let ticket = form["ticket"], let key = form["key"],
      keys.accepts(key, for: Self.signed(ticket, action))
    else { return nil }
    return ticket
  }

  /// Returns the key of an address that says how many alerts an act left as they were: the database does not keep that.
  func key(ofLeft count: Int, by act: Int64) -> String { keys.key(for: Self.signed(count, act)) }

  /// Returns true if this process made the key for that act and number of alerts.
  func accepts(_ key: String, ofLeft count: Int, by act: Int64) -> Bool {
    keys.accepts(key, for: Self.signed(count, act))
  }

  private static func signed(_ left: Int, _ act: Int64) -> String { "left \(act) \(left)" }

  private func key(_ ticket: String, _ action: FormAction) -> String { keys.key(for: Self.signed(ticket, action)) }

  private static func signed(_ ticket: String, _ action: FormAction) -> String { "\(action.rawValue) \(ticket)" }

  private static func draw() -> String {
    var random = SystemRandomNumberGenerator()
    let halves = (0..<2).map { _ in UInt64.random(in: 1 << 60...UInt64.max, using: &random) }
    return halves.map { String($0, radix: 16) }.joined()
  }
}

/// The acts that the console's forms ask for; the paths that they are sent to.
enum FormAction: String, Sendable, Hashable, CaseIterable {
  case acknowledge
  case undo
  case silence
  case endSilence = "end-silence"
  case showNames = "show-names"

  var path: String { "/\(rawValue)" }
}
