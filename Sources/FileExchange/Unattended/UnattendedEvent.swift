internal import FilsluseSystem

/// What a long-running exchange tells whoever runs it.
public enum UnattendedEvent: Sendable {
  /// It is set up and works: the journal is open and its own, the folders are there.
  case ready
  /// All its loops move; told again and again while that is so.
  case alive
  /// How it stands, in a line.
  case status(String)
  /// A person must look.
  case attention(Attention)
  /// What a person was told of is over.
  case resolved(Attention)
  /// New settings are being taken up; ``ready`` or ``reloadRefused(_:)`` follows.
  case reloading
  /// The new settings cannot be taken up, for that reason: those of before stay in force.
  case reloadRefused(String)
  /// It has been asked to stop, and finishes what is under way.
  case stopping
}

/// Something that a person must look at.
public struct Attention: Sendable, Hashable {
  /// What sort of thing it is. More may come.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// An account's key or its server's host key was refused. It is tried again after growing pauses and on a reload;
    /// resolved when a connection is made.
    case accountStopped = "account-stopped"
    /// The journal was removed, moved or replaced; nothing more is done until somebody has put it back.
    case journalReplaced = "journal-replaced"
    /// A watched folder, its folder for taken files or an inbox is gone, is another one than before, or cannot be used;
    /// resolved when it can be used again.
    case folderGone = "folder-gone"
    /// A file of a watched folder can neither get further nor be set aside; it is tried again, and resolved when it can.
    case fileRefused = "file-refused"
    /// A file could not be sent and lies in the folder `set-aside`.
    case setAside = "set-aside"
    /// A file waits for its name in OUT, which another delivery has held for longer than a receipt may take.
    case nameTaken = "name-taken"
    /// The platform has refused a delivery.
    case refused
    /// A taken file, or the file of an unfinished delivery, lies in no watched folder any more; resolved when it does
    /// again, or the delivery has ended.
    case missing
    /// A delivery from no watched folder is unfinished, and nobody is at work on it any more.
    case abandoned
    /// A symbolic link, or something else that is no plain file, lies in a watched folder or where taken files lie; it is
    /// not sent. Resolved when it is gone.
    case notPlain = "not-plain"
    /// A file is not sent because it has had a second name (a hard link) for long.
    case secondName = "second-name"
    /// An arrival is left in IN because nobody expects it.
    case quarantined
    /// An arrival was gone from IN before it was fetched, and nobody who uses the journal took it.
    case vanished
    /// Something in IN is not what was fetched under its id; it is left there.
    case different
    /// The program of an arrival route cannot be started: missing after a deployment, say. Its files lie in the inbox and
    /// are handed over when it can be started; resolved then.
    case hookNotStarted = "hook-not-started"
    /// An arrival in the inbox cannot be given to any program, as its route is gone from the settings, say; resolved when
    /// it can.
    case handOverStuck = "hand-over-stuck"
    /// The connection was lost again and again at one file, which is tried after all others, over a connection of its own
    /// and after growing pauses; resolved when it gets through or is gone.
    case losesConnection = "loses-connection"
    /// A reload took an account or a watched folder out of the settings, and something of it is unfinished: it stays as
    /// it is, and goes on when the settings name it again.
    case removedUnfinished = "removed-unfinished"
    /// A reload was refused; the settings of before are in force. Resolved by the next one that is taken up.
    case reloadRefused = "reload-refused"
  }

  /// What sort of thing it is.
  public let kind: Kind
  /// The account concerned.
  public let account: String
  /// The delivery or arrival as `D12` or `A7`, where there is one.
  public let number: String?
  /// What happened and what to do, safe to log.
  public let message: String
}
