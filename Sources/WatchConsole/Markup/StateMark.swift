internal import PickupWatch

/// A state as people see it: a symbol and a colour, and words for those who see neither.
struct StateMark {
  let style: Markup
  let symbol: Markup
  let words: String

  /// The symbol, with the words for screen readers.
  var html: Markup {
    "<i class=\"mark \(style)\" aria-hidden=\"true\">\(symbol)</i><span class=\"unseen\">\(words) </span>"
  }

  /// The symbol with the words beside it.
  var inWords: Markup { "<b class=\"\(style)\"><i class=\"mark\" aria-hidden=\"true\">\(symbol)</i> \(words)</b>" }

  init(_ style: Markup, _ symbol: Markup, _ words: String) {
    self.style = style
    self.symbol = symbol
    self.words = words
  }

  /// The severity of an alert.
  init(_ severity: Finding.Severity, _ voice: PageVoice) {
    switch severity {
    case .critical: self.init("critical", "✖", voice.say("kritisk", "critical"))
    case .warning: self.init("warning", "▲", voice.say("advarsel", "warning"))
    }
  }

  /// The result of a day on which files were expected.
  init(_ state: ExpectedDay.State, _ voice: PageVoice) {
    switch state {
    case .came: self.init("calm", "✓", voice.say("kom i tide", "came in time"))
    case .late: self.init("warning", "◷", voice.say("kom for sent", "came late"))
    case .missing: self.init("critical", "✖", voice.say("mangler", "missing"))
    case .notYet: self.init("open", "…", voice.say("ventes endnu", "not due yet"))
    case .dayOff: self.init("off", "–", voice.say("ventes ikke", "not expected"))
    case .notWatched: self.init("unknown", "?", voice.say("ikke overvåget", "not watched"))
    }
  }

  /// The state of an inbox.
  init(_ state: InboxRow.State, _ voice: PageVoice) {
    switch state {
    case .blind: self.init("critical", "?", voice.say("kan ikke ses", "cannot be seen"))
    case .late: self.init("critical", "✖", voice.say("over grænsen", "past the limit"))
    case .critical: self.init("critical", "✖", voice.say("kritisk alarm", "critical alert"))
    case .nearLimit: self.init("warning", "▲", voice.say("nær grænsen", "near the limit"))
    case .warning: self.init("warning", "▲", voice.say("advarsel", "warning"))
    case .attended: self.init("off", "✓", voice.say("kvitteret eller dæmpet", "acknowledged or silenced"))
    case .fine: self.init("calm", "✓", voice.say("i orden", "in order"))
    case .unknown: self.init("unknown", "…", voice.say("ikke set endnu", "not seen yet"))
    }
  }

  /// The state of a file.
  init(_ state: FileRow.State, _ voice: PageVoice) {
    switch state {
    case .waiting: self.init("open", "…", voice.say("venter", "waiting"))
    case .late: self.init("critical", "✖", voice.say("over grænsen", "past the limit"))
    case .nearLimit: self.init("warning", "▲", voice.say("nær grænsen", "near the limit"))
    case .incomplete: self.init("warning", "▲", voice.say("ufuldstændigt par", "half a pair"))
    case .attention: self.init("warning", "▲", voice.say("kræver et blik", "needs a look"))
    case .pickedUp: self.init("calm", "✓", voice.say("hentet", "picked up"))
    case .pickedUpLate: self.init("warning", "◷", voice.say("hentet for sent", "picked up late"))
    case .gone: self.init("off", "–", voice.say("væk", "gone"))
    }
  }

  /// The state of an alert, and whether a silence keeps it quiet.
  init(_ alert: Alert, _ voice: PageVoice) {
    switch alert.state {
    case .pending: self.init("open", "…", voice.say("på vej", "pending"))
    case .acknowledged: self.init("off", "✓", voice.say("kvitteret", "acknowledged"))
    case .firing where alert.silencedBy != nil: self.init("off", "–", voice.say("dæmpet", "silenced"))
    case .firing: self.init(alert.finding.severity, voice)
    case .resolved where alert.isExpired:
      self.init("warning", "–", voice.say("afsluttet, ikke løst", "closed, not resolved"))
    case .resolved: self.init("calm", "✓", voice.say("overstået", "over"))
    }
  }
}
