internal import FilsluseBase
internal import PickupWatch
internal import TriggerFiles

/// The life of an alert as a list of events.
struct AlertLifeList {
  let events: [AlertLifeEvent]
  let voice: PageVoice

  /// The numbers of events from the beginning and up to the end that are shown, and the bytes of each part.
  private static let room = (first: 100, last: 200, bytes: 45_000)

  /// The list of events; of a long life the first and the last ones, with the number of those left out.
  func html() -> Markup {
    let first = Markup.fitting(events, bytes: Self.room.bytes, limit: Self.room.first, item)
    let rest = events.dropFirst(first.count)
    let last = Markup.fitting(rest.reversed(), bytes: Self.room.bytes, limit: Self.room.last, item)
    let left = rest.count - last.count
    let more: Markup? =
      left > 0
      ? "<li class=\"more\">\(voice.say("\(left) til vises ikke her.", "\(left) more are not shown here."))</li>\n"
      : nil
    return "\(first)\(more)\(Array(last.reversed()))"
  }

  private func item(_ event: AlertLifeEvent) -> Markup {
    "<li>\(voice.dayAndTime(event.at)) \(words(event))</li>\n"
  }

  /// The event in words, with the sink, the person or the reason.
  private func words(_ event: AlertLifeEvent) -> Markup {
    let words = Markup.text(voice.say(event.what.words))
    switch event.what {
    case .seen, .fired, .worse, .better, .firedAgain: return words
    case .grouped: return "\(words)\(group(event))"
    case .sent, .notTaken, .dropped: return "\(words): \(sink(event))\(repetitions(event))"
    case .acknowledged, .undone, .silenced, .silenceEnded: return "\(words)\(by(event))"
    case .resolved, .expired: return "\(words)\(why(event))"
    }
  }

  private func group(_ event: AlertLifeEvent) -> Markup? {
    event.group.map { ": <a href=\"\(PageAddress.alert($0))\">\(voice.say("alarm", "alert")) \($0)</a>" }
  }

  /// The sink, and the reason of the notification where that is not its beginning.
  private func sink(_ event: AlertLifeEvent) -> Markup {
    let reason: String? =
      switch event.reason {
      case .fired?, nil: nil
      case .escalated?: voice.say("blev kritisk", "became critical")
      case .grown?: voice.say("gruppen voksede", "the group grew")
      case .repeated?: voice.say("gentagelse", "repetition")
      case .resolved?: voice.say("overstået", "over")
      case .expired?: voice.say("afsluttet", "closed")
      }
    let sink = event.sink.map { voice.say(SinkName.title(of: $0)) } ?? voice.say("en modtager", "a sink")
    let name = Markup.text(Markup.cut(sink, to: 100))
    return reason.map { "\(name) (\($0))" } ?? name
  }

  private func repetitions(_ event: AlertLifeEvent) -> Markup? {
    guard event.times > 1, let last = event.last else { return nil }
    return
      ", \(voice.say("\(voice.number(event.times)) gange, senest", "\(voice.number(event.times)) times, last")) \(voice.dayAndTime(last))"
  }

  private func by(_ event: AlertLifeEvent) -> Markup? {
    guard let by = event.by else { return nil }
    return " \(voice.say("af", "by")) \(Markup.cut(Masked.name(by), to: 80))\(why(event))"
  }

  private func why(_ event: AlertLifeEvent) -> Markup? {
    event.why.map { ": \(Markup.cut(Masked.name(voice.say($0)), to: 300))" }
  }
}
