package import FilsluseBase
package import TriggerFiles

/// An event in the life of an alert, from its first sight to its end.
package struct AlertLifeEvent: Sendable, Hashable, Identifiable {
  /// The sort of an event.
  package enum What: String, Sendable, Hashable, CaseIterable {
    /// It was seen for the first time.
    case seen
    /// It began to fire.
    case fired
    /// The warning became critical.
    case worse
    /// The alert is a warning again.
    case better
    /// It fires again after it was acknowledged: it got worse, or its group grew.
    case firedAgain = "fired-again"
    /// It joined the group of its inbox.
    case grouped
    /// A sink took a notification.
    case sent
    /// A sink refused a notification for the first time; it is offered again.
    case notTaken = "not-taken"
    /// A notification was dropped, because too many wait for its failing sink.
    case dropped
    /// A person acknowledged it.
    case acknowledged
    /// A person took the acknowledgement back.
    case undone
    /// A silence covers it from now on.
    case silenced
    /// No silence covers it any more.
    case silenceEnded = "silence-ended"
    /// Its cause is gone.
    case resolved
    /// Its time has passed without a repair.
    case expired
  }

  /// Its number; a later event has a higher one.
  package var id: Int64
  /// The time.
  package var at: Timestamp
  /// The sort.
  package var what: What
  /// The sink that was sent a notification.
  package var sink: String?
  /// The reason for that notification.
  package var reason: NotificationReason?
  /// The number of notifications: repetitions that one sink took are one event.
  package var times = 1
  /// The time of the last of several.
  package var last: Timestamp?
  /// The acting person.
  package var by: String?
  /// The person's comment; of an end its reason.
  package var why: LocalizedText?
  /// The number of the person's act.
  package var act: Int64?
  /// The number of the silence.
  package var silence: Int64?
  /// The number of the group that it joined.
  package var group: Int64?

  /// Describes an event.
  package init(
    id: Int64, at: Timestamp, what: What, sink: String? = nil, reason: NotificationReason? = nil, times: Int = 1,
    last: Timestamp? = nil, by: String? = nil, why: LocalizedText? = nil, act: Int64? = nil, silence: Int64? = nil,
    group: Int64? = nil
  ) {
    self.id = id
    self.at = at
    self.what = what
    self.sink = sink
    self.reason = reason
    self.times = times
    self.last = last
    self.by = by
    self.why = why
    self.act = act
    self.silence = silence
    self.group = group
  }
}

/// The whole life of an alert.
package struct AlertLife: Sendable, Hashable {
  /// The present alert.
  package var alert: Alert
  /// The events, in order.
  package var events: [AlertLifeEvent]
  /// The silence that keeps it quiet now.
  package var silence: Silence?
  /// The number of its observed file, if known.
  package var file: Int64?

  /// Describes a life.
  package init(alert: Alert, events: [AlertLifeEvent], silence: Silence? = nil, file: Int64? = nil) {
    self.alert = alert
    self.events = events
    self.silence = silence
    self.file = file
  }
}

extension Alert {
  /// A change that a look has made, as an event.
  struct Change: Sendable, Hashable {
    var what: AlertLifeEvent.What
    var at: Timestamp
    var silence: Int64?
    var group: Int64?
  }

  /// Returns the changes since it was as `before`, in the order of a life; `nil` for an alert that is new.
  func changes(since before: Alert?, at moment: Timestamp) -> [Change] {
    var changes: [Change] = []
    func add(_ what: AlertLifeEvent.What, silence: Int64? = nil, group: Int64? = nil) {
      changes.append(Change(what: what, at: moment, silence: silence, group: group))
    }
    if before == nil { add(.seen) }
    if let before, before.finding.severity != finding.severity {
      add(finding.severity > before.finding.severity ? .worse : .better)
    }
    if let before, before.state == .acknowledged, state == .firing { add(.firedAgain) }
    if fired != nil, before?.fired == nil { add(.fired) }
    if let groupedInto, before?.groupedInto != groupedInto { add(.grouped, group: groupedInto) }
    if let old = before?.silencedBy, silencedBy != old { add(.silenceEnded, silence: old) }
    if let silencedBy, before?.silencedBy != silencedBy { add(.silenced, silence: silencedBy) }
    if state == .resolved, before?.state != .resolved { add(isExpired ? .expired : .resolved) }
    return changes
  }
}
