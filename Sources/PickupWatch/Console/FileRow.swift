package import FilsluseBase
package import TriggerFiles

/// A file as a line of a list.
package struct FileRow: Sendable, Hashable, Identifiable {
  /// The state of a file.
  package enum State: String, Sendable, Hashable, CaseIterable {
    /// It waits, and its rule allows that.
    case waiting
    /// It waits, and its rule's limit is near.
    case nearLimit = "near-limit"
    /// It waits for longer than its rule allows.
    case late
    /// Data without metadata or trigger, or the other way round, for too long.
    case incomplete
    /// There is another finding about it.
    case attention
    /// It was picked up in time, or no rule is about it.
    case pickedUp = "picked-up"
    /// It was picked up too late.
    case pickedUpLate = "picked-up-late"
    /// The file is gone at an unknown time: it was not a file to pick up, or it went in a monitoring gap.
    case gone
  }

  /// Its number.
  package var id: Int64
  /// The account.
  package var account: String
  /// Its folder and its kind.
  package var place: ObservedFile.Place
  /// Its name, with CPR-like numbers masked.
  package var name: String
  /// The data classification.
  package var infRef: ShownInfRef?
  /// The SFTP user that sent it.
  package var sender: String?
  /// The CVR number of the sending authority.
  package var senderAuthority: String?
  /// The CVR number of the receiving authority.
  package var recipientAuthority: String?
  /// The municipality that it counts for.
  package var municipality: MunicipalityLabel?
  /// The size of the data in bytes.
  package var size: UInt64?
  /// The time of the first sighting.
  package var firstSeen: Timestamp
  /// The time of the first look without it; `nil` while it is there.
  package var gone: Timestamp?
  /// The beginning of its waiting time, and the clock of that.
  package var age: FileAge
  /// The waiting time in seconds, as its rule counts.
  package var waitedSeconds: Int
  /// The longest allowed waiting time, in seconds.
  package var limitSeconds: Int?
  /// True if only business hours count.
  package var isBusinessTime: Bool
  /// Its state.
  package var state: State

  /// Describes a row.
  package init(
    id: Int64, account: String, place: ObservedFile.Place = .inbox, name: String, infRef: ShownInfRef? = nil,
    sender: String? = nil, senderAuthority: String? = nil, recipientAuthority: String? = nil,
    municipality: MunicipalityLabel? = nil, size: UInt64? = nil, firstSeen: Timestamp, gone: Timestamp? = nil,
    age: FileAge, waitedSeconds: Int, limitSeconds: Int? = nil, isBusinessTime: Bool = false, state: State
  ) {
    self.id = id
    self.account = account
    self.place = place
    self.name = name
    self.infRef = infRef
    self.sender = sender
    self.senderAuthority = senderAuthority
    self.recipientAuthority = recipientAuthority
    self.municipality = municipality
    self.size = size
    self.firstSeen = firstSeen
    self.gone = gone
    self.age = age
    self.waitedSeconds = waitedSeconds
    self.limitSeconds = limitSeconds
    self.isBusinessTime = isBusinessTime
    self.state = state
  }
}

/// A file from its first sight to its removal.
package struct FileHistory: Sendable, Hashable {
  /// The file as a line of a list.
  package var row: FileRow
  /// The FileTransferUUID, with CPR-like numbers masked.
  package var transfer: String?
  /// The reason why its metadata cannot be read, or the errors of a receipt, with CPR-like numbers masked.
  package var problem: LocalizedText?
  /// The events that looks have shown, in order.
  package var events: [FileEvent]
  /// The alerts about it, the last first.
  package var alerts: [Alert]
  /// The records of persons who were shown its bare name, the latest first.
  package var disclosures: [NameDisclosure]
  /// Its number among the journal's arrivals, where this machine took it.
  package var arrival: Int64?

  /// Describes a history.
  package init(
    row: FileRow, transfer: String? = nil, problem: LocalizedText? = nil, events: [FileEvent], alerts: [Alert] = [],
    disclosures: [NameDisclosure] = [], arrival: Int64? = nil
  ) {
    self.row = row
    self.transfer = transfer
    self.problem = problem
    self.events = events
    self.alerts = alerts
    self.disclosures = disclosures
    self.arrival = arrival
  }
}

/// Something that looks have shown of a file.
package struct FileEvent: Sendable, Hashable {
  /// The sort of an event, in the order of those of one look.
  package enum What: String, Sendable, Hashable, CaseIterable {
    /// The last look that did not show it yet.
    case notYetThere = "not-yet-there"
    /// The data was seen for the first time.
    case dataSeen = "data-seen"
    /// The metadata, trigger or receipt was seen for the first time.
    case sidecarSeen = "sidecar-seen"
    /// The data was seen to have changed.
    case dataChanged = "data-changed"
    /// The metadata, trigger or receipt was seen to have changed.
    case sidecarChanged = "sidecar-changed"
    /// One of the two is missing since then.
    case incomplete
    /// The last look that showed it.
    case lastSeen = "last-seen"
    /// The first look that did not show it any more.
    case gone
  }

  /// The time.
  package var at: Timestamp
  /// The sort.
  package var what: What
  /// The size in bytes that was seen then.
  package var size: UInt64?

  /// Describes an event.
  package init(at: Timestamp, what: What, size: UInt64? = nil) {
    self.at = at
    self.what = what
    self.size = size
  }
}
