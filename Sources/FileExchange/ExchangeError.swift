public import FilsluseSFTP
internal import FilsluseSystem

/// The failure of a delivery, a collection or the journal, with its place and its remedy.
public struct ExchangeError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure. New kinds may come: compare, do not switch exhaustively.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// The kind's stable name, fit for metrics.
    public let rawValue: String

    /// A kind by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A local file that was named is not there.
    public static let fileMissing = Code(rawValue: "file-missing")
    /// A local file cannot be read or written; ``ExchangeError/message`` has the system's reason.
    public static let localFile = Code(rawValue: "local-file")
    /// A single local file cannot be read.
    public static let fileUnreadable = Code(rawValue: "file-unreadable")
    /// In a folder of ours a symbolic link, or something else that is no plain file, has a file's name.
    public static let notPlain = Code(rawValue: "not-plain")
    /// A file has a second name (a hard link), by which others may change it while it is sent.
    public static let secondName = Code(rawValue: "second-name")
    /// A folder that was opened is gone, is another one now, or cannot be used.
    public static let folderGone = Code(rawValue: "folder-gone")
    /// A local file changed while it was being sent.
    public static let fileChanged = Code(rawValue: "file-changed")
    /// The journal cannot be opened, read or written.
    public static let journal = Code(rawValue: "journal")
    /// No route or account of that name stands in the settings.
    public static let unknownRoute = Code(rawValue: "unknown-route")
    /// New settings cannot be taken up while this run goes on.
    public static let invalidSettings = Code(rawValue: "invalid-settings")
    /// The journal knows no delivery of that number.
    public static let unknownDelivery = Code(rawValue: "unknown-delivery")
    /// The platform may have the delivery already.
    public static let committed = Code(rawValue: "committed")
    /// The name, the trigger or the list is not one that may be sent.
    public static let invalidDelivery = Code(rawValue: "invalid-delivery")
    /// The file's name says two municipalities, or another than its route's.
    public static let wrongMunicipality = Code(rawValue: "wrong-municipality")
    /// A document that came from the platform is not one the contract knows.
    public static let invalidDocument = Code(rawValue: "invalid-document")
    /// The files in IN are incomplete: data without metadata, metadata without data, or another size than it should
    /// have.
    public static let notWhole = Code(rawValue: "not-whole")
    /// Another file in OUT, or another delivery under way, already has that name.
    public static let nameTaken = Code(rawValue: "name-taken")
    /// The passphrase of a key is not available.
    public static let passphraseMissing = Code(rawValue: "passphrase-missing")
    /// Another process is at work on the same delivery or arrival.
    public static let claimedElsewhere = Code(rawValue: "claimed-elsewhere")
    /// The file on the server is not the one that the journal recorded.
    public static let remoteDiffers = Code(rawValue: "remote-differs")
    /// The account's key or the server's host key was refused, and nothing is tried until a person has looked.
    public static let accountStopped = Code(rawValue: "account-stopped")
    /// The receiver's program did not take a file over; it is tried again.
    public static let hookFailed = Code(rawValue: "hook-failed")
    /// The receiver's program could not be started: it is missing, say. No file is at fault; it is tried again.
    public static let hookNotStarted = Code(rawValue: "hook-not-started")
    /// A file was gone from IN, and no process of this journal took it.
    public static let vanished = Code(rawValue: "vanished")
    /// The journal knows no arrival of that number.
    public static let unknownArrival = Code(rawValue: "unknown-arrival")
    /// The caller cancelled the task; the journal holds how far it came.
    public static let cancelled = Code(rawValue: "cancelled")
    /// The server or the connection failed; ``ExchangeError/transfer`` has the details.
    public static let transfer = Code(rawValue: "transfer")
  }

  /// The kind of failure.
  public let code: Code
  /// The operation that failed.
  public let operation: String
  /// The file or name concerned, with CPR-like numbers masked.
  public let path: String?
  /// The failure, with CPR-like numbers masked.
  public let message: String
  /// The remedy, with CPR-like numbers masked.
  public let remedy: String
  /// The failure of the connection, where that is the cause.
  public let transfer: SFTPError?
  /// True if the disk has no room for the data.
  var isDiskFull = false
  /// True if the connection was lost after bytes had come that are kept for the next one.
  var keepsMore = false
  /// True if the journal is no longer the file that was opened.
  var isDisplacement = false
  /// True if the journal is damaged.
  var isDamage = false

  /// Creates an error with everything that a person needs. Texts that may quote a name or a document's content are
  /// masked here, so that code which throws, logs or journals it need not do so.
  public init(
    _ code: Code, operation: String, path: String? = nil, message: String, remedy: String, transfer: SFTPError? = nil
  ) {
    self.code = code
    self.operation = operation
    self.path = path.map(Masked.name)
    self.message = Masked.name(message)
    self.remedy = Masked.name(remedy)
    self.transfer = transfer
  }

  /// The failure of a connection or server while something was being done.
  public init(_ cause: SFTPError, while operation: String) {
    self.init(
      .transfer, operation: operation, path: nil, message: cause.description,
      remedy: cause.isRetriable ? "try again: it goes on where it stopped" : "see the cause", transfer: cause)
  }

  /// True if the same call may succeed later without any repair.
  public var isRetriable: Bool {
    switch code {
    case .transfer: transfer?.isRetriable ?? true
    case .claimedElsewhere, .nameTaken, .notWhole, .hookFailed, .cancelled: true
    default: false
    }
  }

  /// The failure with its place and remedy; safe to log.
  public var description: String {
    let place = path.map { " \($0)" } ?? ""
    // The connection's own failure names what it was doing, often in the same words.
    if code == .transfer, message.hasPrefix(operation) { return isRetriable ? "\(message); \(remedy)" : message }
    let end = code == .transfer && !isRetriable ? "" : "; \(remedy)"
    return "\(operation)\(place): \(message)\(end)"
  }
}
