public import FilsluseSystem

/// Something that stands still for good, or waits for a person.
public struct OpenProblem: Sendable, Hashable {
  /// The sort of problem; its name is stable and stands in JSON, alerts and `filsluse status`.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// An account's key, or its server's host key, was refused.
    case accountStopped = "account-stopped"
    /// An account's IN has not been looked into for a long time.
    case inboxNotCollected = "inbox-not-collected"
    /// A watched folder, or the folder for taken files in it, is gone or is another one.
    case folderGone = "folder-gone"
    /// The journal cannot be written, or is no longer the file that was opened.
    case journalNotWritable = "journal-not-writable"
    /// The journal is damaged.
    case journalDamaged = "journal-damaged"
    /// A disk is full.
    case diskFull = "disk-full"
    /// A file in a watched folder cannot be sent and could not be set aside either.
    case fileRefused = "file-refused"
    /// A file could not be sent or handed over, and was set aside.
    case setAside = "set-aside"
    /// An arrival is left in IN, because no way in expects it.
    case quarantined = "quarantined"
    /// The program that takes arrivals over cannot be started.
    case hookCannotStart = "hook-cannot-start"
    /// The program that takes arrivals over fails.
    case hookFails = "hook-fails"
    /// The platform has refused a delivery.
    case refused
    /// A delivery's receipt has not come in time.
    case overdue
    /// A delivery is unfinished, and its file lies in no watched folder.
    case missing
    /// A delivery is unfinished, and no process is at work on it.
    case abandoned

    /// What the kind means, in a sentence for people.
    public var explanation: String {
      switch self {
      case .accountStopped: "the account's key or the server's host key was refused; nothing goes over it"
      case .inboxNotCollected: "IN has not been looked into for a long time"
      case .folderGone: "a watched folder is gone or is another one"
      case .journalNotWritable: "the journal cannot be written, or is no longer the file that was opened"
      case .journalDamaged: "the journal is damaged"
      case .diskFull: "a disk is full"
      case .fileRefused: "a file in a watched folder can neither be sent nor set aside"
      case .setAside: "a file was set aside after it failed too often"
      case .quarantined: "an arrival is left in IN, because nothing expects it"
      case .hookCannotStart: "the program that takes arrivals over cannot be started"
      case .hookFails: "the program that takes arrivals over fails"
      case .refused: "the platform has refused a delivery"
      case .overdue: "a receipt has not come in time"
      case .missing: "a delivery is unfinished, and its file lies in no watched folder"
      case .abandoned: "a delivery is unfinished, and no process is at work on it"
      }
    }
  }

  /// The identity of a problem: one that is raised again under the same key is the same problem.
  public struct Key: Sendable, Hashable {
    /// The sort of problem.
    public let kind: Kind
    /// The account concerned, `nil` where it concerns none or all.
    public let account: String?
    /// What it is about: a delivery or an arrival as `D12` or `A7`, a folder, a program, or nothing (`""`).
    public let subject: String

    /// A problem's identity.
    public init(_ kind: Kind, account: String?, subject: String) {
      self.kind = kind
      self.account = account
      self.subject = subject
    }
  }

  /// Its identity.
  public let key: Key
  /// What happened, with CPR-like numbers masked.
  public let message: String
  /// What to do about it, with CPR-like numbers masked.
  public let remedy: String
  /// Since when it has been so.
  public let since: Timestamp

  /// Describes a problem. Names that its texts quote are masked here.
  public init(_ key: Key, message: String, remedy: String, since: Timestamp) {
    self.key = key
    self.message = Masked.name(message)
    self.remedy = Masked.name(remedy)
    self.since = since
  }
}

/// The open problems: how many there are of each kind, and the oldest of them.
public struct OpenProblems: Sendable {
  /// The oldest of each kind, in the order of the kinds.
  public var problems: [OpenProblem] = []
  /// How many there are of each kind; a kind of which there is none is left out.
  public var counts: [OpenProblem.Kind: Int] = [:]

  /// Whether there are none.
  public var isEmpty: Bool { counts.isEmpty }
  /// How many there are in all.
  public var count: Int { counts.values.reduce(0, +) }

  mutating func add(_ found: [OpenProblem], of kind: OpenProblem.Kind, count: Int) {
    guard count > 0 else { return }
    problems += found
    counts[kind, default: 0] += count
  }
}
