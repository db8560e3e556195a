public import FilsluseBase

/// The failure of an SFTP operation, in words that name the failure, its place and the remedy.
///
/// Its description is safe to log: names with CPR-like numbers are masked, and it never contains a secret.
public struct SFTPError: Error, Sendable {
  /// The kind of failure, for a program to decide by.
  public let code: Code

  /// The operation that failed, such as `upload` or `log in`.
  public internal(set) var operation: String

  /// The server that was being connected to, host and port; `nil` for a failure of any other operation.
  public internal(set) var server: String?

  /// The remote path it was done to, if any.
  public internal(set) var path: RemotePath?

  /// The failure without its remedy, if possible in the server's or the system's own words.
  public let message: String

  /// The details in Danish, to follow the meaning of the code; `nil` where that says it all.
  let danish: String?

  /// The remedy, where more is known than its code says.
  private let ownRemedy: MessageText?

  /// The fingerprints of the keys that the message names, each once, in its order: a person compares them.
  public let fingerprints: [KeyFingerprint]

  /// The number of the server's status answer, where the server gave one.
  public let serverStatus: UInt32?

  /// True if the connection ended before this request, or while another one was the oldest: this request is not the
  /// cause.
  public internal(set) var isOfAnother = false

  /// True if the server may not keep acknowledged bytes of an uploaded file: it refused to close the file, or reports
  /// another size for it. The upload must begin again at 0.
  public internal(set) var leavesContentUncertain = false

  /// True if the server closed the connection before it sent its version of SSH: it has too many logins under way, or
  /// turns this client away.
  var isBeforeBanner = false

  /// The error behind this one, where a source or sink of the caller's failed.
  public let cause: (any Error)?

  init(
    _ code: Code, _ message: String, _ danish: String?, remedy: MessageText? = nil, fingerprints: [KeyFingerprint] = [],
    operation: String = "", path: RemotePath? = nil, serverStatus: UInt32? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.operation = operation
    self.path = path
    self.message = message
    self.danish = danish
    ownRemedy = remedy
    self.fingerprints = fingerprints.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    self.serverStatus = serverStatus
    self.cause = cause
  }

  init(
    _ code: Code, _ text: MessageText, remedy: MessageText? = nil, fingerprints: [KeyFingerprint] = [],
    operation: String = "", serverStatus: UInt32? = nil, cause: (any Error)? = nil
  ) {
    self.init(
      code, text.en, text.da, remedy: remedy, fingerprints: fingerprints, operation: operation,
      serverStatus: serverStatus, cause: cause)
  }

  /// The party at fault.
  public var category: FailureCategory { code.category }

  /// True if the same operation, on a new connection and unchanged, may succeed later.
  public var isRetriable: Bool { code.isRetriable }

  /// True if no connection is left; otherwise it remains usable.
  public var endsConnection: Bool { code.endsConnection }
}

extension SFTPError {
  /// Adds the operation and the path, where they are not known yet.
  func during(_ operation: String, _ path: RemotePath? = nil) -> SFTPError {
    var error = self
    if error.operation.isEmpty { error.operation = operation }
    if error.path == nil { error.path = path }
    return error
  }

  /// Adds the operation `connect` and the server, unless the error names an operation.
  func connecting(to server: String) -> SFTPError {
    guard operation.isEmpty else { return self }
    var error = during("connect")
    error.server = server
    return error
  }

  /// Marks the content as uncertain if the server refused to close a written file; not if the connection was lost.
  func refusingToKeep() -> SFTPError {
    var error = self
    error.leavesContentUncertain = !endsConnection && code != .cancelled
    return error
  }

  /// The operation's task was cancelled.
  static let cancelled = SFTPError(.cancelled, "cancelled before it was done", nil)
}

extension SFTPError: CustomStringConvertible {
  /// The failure with its place and remedy; safe to log.
  public var description: String {
    var text = operation.isEmpty ? "SFTP" : operation
    if let server { text += " to \(server)" }
    if let path { text += " \(path)" }
    return "\(text): \(reason)"
  }

  /// The failure and its remedy without its place.
  package var reason: String { Masked.name(message) + (remedy.map { "; \($0)" } ?? "") }

  /// The remedy for a person; `nil` where none is known.
  public var remedy: String? { ownRemedy?.en ?? code.remedy?.description }

  /// The remedy in Danish.
  package var remedyInDanish: String { ownRemedy?.da ?? code.explanation.remedy.da.inDanish }

  /// The message with the remedy of its own in both languages; in Danish the details, or the meaning of the code where
  /// there are none.
  var text: MessageText {
    MessageText(message, danish ?? meaningInDanish) + (ownRemedy.map { MessageText("; ") + $0 } ?? .empty)
  }

  private var meaningInDanish: String {
    let meaning = code.explanation.meaning.da.inDanish
    return meaning.hasSuffix(".") ? String(meaning.dropLast()) : meaning
  }

  /// The failure with its place and remedy in Danish; safe to log. A server that the details name is named by them
  /// alone.
  package var inDanish: String {
    let places = [server, path?.description].compactMap(\.self).filter { !(danish?.contains($0) ?? false) }
    let place = places.isEmpty ? "" : " (\(places.joined(separator: ", ")))"
    let own = ownRemedy.map { "; \($0.da)" } ?? ""
    return "\(messageInDanish(at: place))\(own). \(code.explanation.remedy.da.inDanish)"
  }

  /// The failure in Danish without its remedy and without the period at its end.
  ///
  /// - Parameter place: the file or folder in brackets after a blank; empty where none is named.
  package func messageInDanish(at place: String = "") -> String {
    meaningInDanish + place + (danish.map { ": \(Masked.name($0))" } ?? "")
  }
}
