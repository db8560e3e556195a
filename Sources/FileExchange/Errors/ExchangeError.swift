public import FilsluseSFTP
public import FilsluseBase

/// The failure of a delivery, a collection or the journal, with its place and its remedy.
public struct ExchangeError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure. New kinds may come: have a default when switching over it.
  #if hasAttribute(nonexhaustive)
  @nonexhaustive
  #endif
  public enum Code: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// A local file that was named is not there.
    case fileMissing = "file-missing"
    /// A local file cannot be read or written; ``ExchangeError/message`` has the system's reason.
    case localFile = "local-file"
    /// A single local file cannot be read.
    case fileUnreadable = "file-unreadable"
    /// An entry in one of our folders is a symbolic link, or something else but a regular file.
    case notPlain = "not-plain"
    /// A file has a second name (a hard link); others could change it by that name during the transfer.
    case secondName = "second-name"
    /// An opened folder was removed, replaced or became unusable.
    case folderGone = "folder-gone"
    /// A local file changed while it was being sent.
    case fileChanged = "file-changed"
    /// The disk has no room for a file. Any write can fail with it in place of `localFile`.
    case diskFull = "disk-full"
    /// The journal cannot be opened, read or written. ``isOfJournal`` is true for this code and for the exact ones that
    /// follow.
    case journal
    /// The disk of the journal has no room for more.
    case journalFull = "journal-full"
    /// The journal is damaged.
    case journalDamaged = "journal-damaged"
    /// The journal is an older copy, or another one: it ends before the entry of its high-water mark.
    case journalOutdated = "journal-outdated"
    /// The journal's file was removed, replaced or changed while this process had it open. Only a new start, with the
    /// right file, goes on.
    case journalReplaced = "journal-replaced"
    /// The journal has a schema that this version of Filsluse does not read: another version wrote it, or it is another
    /// program's database.
    case journalSchema = "journal-schema"
    /// No route or account of that name stands in the settings.
    case unknownRoute = "unknown-route"
    /// New settings cannot be taken up while this run goes on.
    case invalidSettings = "invalid-settings"
    /// The journal knows no delivery of that number.
    case unknownDelivery = "unknown-delivery"
    /// The platform may have the delivery already.
    case committed
    /// The name, the trigger or the list may not be sent.
    case invalidDelivery = "invalid-delivery"
    /// The file's name says two municipalities, or another than its route's.
    case wrongMunicipality = "wrong-municipality"
    /// The route register does not clear the route for production, not yet or no longer.
    case routeNotCleared = "route-not-cleared"
    /// A document from the platform breaks the contract.
    case invalidDocument = "invalid-document"
    /// The files in IN are incomplete: data without metadata, metadata without data, or data of another size than its
    /// metadata says.
    case notWhole = "not-whole"
    /// More or fewer bytes came than the metadata says.
    case sizeMismatch = "size-mismatch"
    /// Another file in OUT, or another delivery under way, already has that name.
    case nameTaken = "name-taken"
    /// The passphrase of a key is not available.
    case passphraseMissing = "passphrase-missing"
    /// Another process is working on the same delivery or arrival.
    case claimedElsewhere = "claimed-elsewhere"
    /// The file on the server differs from the one that the journal recorded.
    case remoteDiffers = "remote-differs"
    /// The account's key or the server's host key was refused; the account is stopped until a person acts.
    case accountStopped = "account-stopped"
    /// The receiver's program did not take a file over; it is tried again.
    case hookFailed = "hook-failed"
    /// The receiver's program could not be started: it is missing, say. No file is at fault; it is tried again.
    case hookNotStarted = "hook-not-started"
    /// A file was gone from IN, and no process of this journal took it.
    case vanished
    /// The journal knows no arrival of that number.
    case unknownArrival = "unknown-arrival"
    /// The watcher's database cannot be opened, read or written.
    case watchDatabase = "watch-database"
    /// The watcher's database has a schema that this version of Filsluse does not read.
    case watchSchema = "watch-schema"
    /// A person's act is recorded on this machine alone; the other machines with the journal do not have it.
    case actNotShared = "act-not-shared"
    /// The caller cancelled the task; the journal holds how far it came.
    case cancelled
    /// The server or the connection failed; ``ExchangeError/transfer`` has the details.
    case transfer

    /// The code's name, fit as a label for logs and metrics.
    public var description: String { rawValue }

    /// True if the journal is the cause: for ``journal`` and the more exact codes.
    public var isOfJournal: Bool {
      switch self {
      case .journal, .journalFull, .journalDamaged, .journalOutdated, .journalReplaced, .journalSchema: true
      default: false
      }
    }
  }

  /// The kind of failure.
  public var code: Code { fields.code }
  /// The operation that failed.
  public var operation: String { fields.operation }
  /// The file or name concerned, with CPR-like numbers masked.
  public var path: String? { fields.path }
  /// The failure, with CPR-like numbers masked.
  public internal(set) var message: String {
    get { fields.message }
    set { fields.message = newValue }
  }
  /// The remedy, with CPR-like numbers masked.
  public internal(set) var remedy: Remedy {
    get { fields.remedy }
    set { fields.remedy = newValue }
  }
  /// The failure of the connection, where that is the cause.
  public var transfer: SFTPError? { fields.transfer }
  /// The failure with its remedy in Danish, where more is known than its code says.
  var danish: String? {
    get { fields.danish }
    set { fields.danish = newValue }
  }
  /// The part in brackets of ``danish``, where its code's sentence is around it.
  var danishDetail: String? { fields.danishDetail }
  /// True if the connection was lost after bytes had come that are kept for the next one.
  var keepsMore: Bool {
    get { fields.keepsMore }
    set { fields.keepsMore = newValue }
  }
  /// True if connecting was the whole operation: its place is the server.
  private var isOfConnecting: Bool {
    get { fields.isOfConnecting }
    set { fields.isOfConnecting = newValue }
  }

  private struct Fields: Sendable {
    let code: Code
    let operation: String
    let path: String?
    var message: String
    var remedy: Remedy
    let transfer: SFTPError?
    var danish: String?
    var danishDetail: String?
    var keepsMore: Bool = false
    var isOfConnecting: Bool = false
  }

  /// The fields are on the heap: nearly every function here has room for an error in its frame, and hundreds of
  /// transfers are in progress at a time.
  private final class Storage: Sendable {
    let fields: Fields

    init(_ fields: Fields) { self.fields = fields }
  }

  private var storage: Storage

  private var fields: Fields {
    get { storage.fields }
    set { storage = Storage(newValue) }
  }

  /// Creates an error with everything that a person needs. Texts that may quote a name or a document's content are
  /// masked, so that code which throws, logs or journals it need not do so.
  public init(
    _ code: Code, operation: String, path: String? = nil, message: String, remedy: Remedy, transfer: SFTPError? = nil
  ) {
    storage = Storage(
      Fields(
        code: code, operation: operation, path: path.map(Masked.name), message: Masked.name(message), remedy: remedy,
        transfer: transfer))
  }

  /// Creates an error with a remedy that names no step of this toolkit.
  public init(
    _ code: Code, operation: String, path: String? = nil, message: String, remedy: String, transfer: SFTPError? = nil
  ) {
    self.init(code, operation: operation, path: path, message: message, remedy: Remedy(remedy), transfer: transfer)
  }

  /// The failure of a connection or server while something was being done.
  public init(_ cause: SFTPError, while operation: String) {
    self.init(
      .transfer, operation: operation, path: nil, message: cause.description,
      remedy: cause.category.causePasses ? "try again: it goes on where it stopped" : "see the cause", transfer: cause)
  }

  /// The failure to connect to the server of an account.
  init(_ cause: SFTPError, connectingTo account: String) {
    self.init(cause, while: "connect to \(account)")
    isOfConnecting = true
  }

  /// The same error with its cause in Danish.
  package func inDanish(_ text: String) -> ExchangeError {
    var error = self
    error.danish = Masked.name(text)
    error.fields.danishDetail = nil
    return error
  }

  /// The same error with its details in Danish, in brackets after the place in its code's sentence.
  package func inDanish(detail: String) -> ExchangeError {
    var error = inDanish(code.danish(at: " (\(path.map { "\($0): " } ?? "")\(detail))").inDanish + ".")
    error.fields.danishDetail = Masked.name(detail)
    return error
  }

  /// The party at fault: that of the connection's failure, where that is the cause.
  public var category: FailureCategory { transfer?.category ?? code.category }

  /// True if the same call may succeed later, unchanged.
  public var isRetriable: Bool { transfer?.code.isRetriable ?? code.isRetriable }

  /// The failure with its place and remedy; safe to log.
  public var description: String {
    code == .transfer && !category.causePasses ? failure : "\(failure); \(remedy)"
  }

  /// The failure with its place, without ``remedy``.
  var failure: String {
    // The connection's failure, which is the message then, names the operation itself.
    if transfer?.operation == operation { return message }
    if isOfConnecting, let transfer, let server = transfer.server {
      let isNamed = transfer.reason.hasPrefix("\(server) ")
      return "\(operation)\(isNamed ? "" : " at \(server)"): \(transfer.reason)"
    }
    return "\(operation)\(path.map { " \($0)" } ?? ""): \(message)"
  }
}

extension ExchangeError.Code {
  /// The party at fault.
  public var category: FailureCategory {
    switch self {
    case .secondName, .fileChanged, .notWhole, .nameTaken, .claimedElsewhere, .hookFailed, .cancelled, .transfer:
      .passing
    case .passphraseMissing, .accountStopped: .account
    case .fileMissing, .fileUnreadable, .invalidDelivery, .wrongMunicipality, .routeNotCleared, .invalidDocument,
      .sizeMismatch, .remoteDiffers, .vanished:
      .file
    case .localFile, .diskFull, .notPlain, .folderGone, .journal, .journalFull, .journalDamaged, .journalOutdated,
      .journalSchema, .hookNotStarted, .watchDatabase, .watchSchema, .actNotShared:
      .local
    case .journalReplaced, .unknownRoute, .invalidSettings, .unknownDelivery, .unknownArrival, .committed: .request
    }
  }

  /// True if the same call, unchanged, may succeed at the next run: by its category, or because another copy of the
  /// file may be whole.
  public var isRetriable: Bool { self == .sizeMismatch || category.causePasses }
}

extension ExchangeError {
  /// True if the connection that gave this error cannot be used any more: it is gone, or the work over it was
  /// cancelled. When a connection goes, all its other work is cancelled.
  var endsRun: Bool { endsConnection || code == .cancelled || transfer?.code == .cancelled }

  /// True if the connection that gave this error is gone.
  var endsConnection: Bool { transfer?.endsConnection ?? false }

  /// True if the connection ended while a request was open, so that the file of that request may be the cause. A file
  /// that had more bytes than at the last try is not.
  var isLoss: Bool { !keepsMore && transfer?.code.isLoss == true }
}
