internal import FilsluseBase

/// The deadlines of each kind of waiting. No wait lasts longer, whatever the server does.
public struct Deadlines: Sendable, Hashable {
  /// From the start to the TCP connection, including the name lookup.
  public var connect: Duration

  /// From there until the user is logged in and the SFTP subsystem granted.
  public var login: Duration

  /// For the oldest unanswered request.
  public var reply: Duration

  /// Without a single byte moving while something is asked.
  public var noProgress: Duration

  /// After this long without traffic the server is asked something harmless, so that the connection stays alive.
  public var idlePing: Duration

  /// Deadlines; the defaults suit the platform.
  public init(
    connect: Duration = .seconds(10), login: Duration = .seconds(30), reply: Duration = .seconds(30),
    noProgress: Duration = .seconds(30), idlePing: Duration = .seconds(15)
  ) {
    self.connect = connect
    self.login = login
    self.reply = reply
    self.noProgress = noProgress
    self.idlePing = idlePing
  }
}

/// A deadline, with the wording of its error.
struct Deadline {
  let moment: ContinuousClock.Instant
  private let limit: Duration
  private let waitedFor: MessageText
  /// The code of the error once it is over.
  private let code: SFTPError.Code

  init(
    _ limit: Duration, from start: ContinuousClock.Instant = .now, waitingFor: MessageText,
    code: SFTPError.Code = .timedOut
  ) {
    moment = start + limit
    self.limit = limit
    waitedFor = waitingFor
    self.code = code
  }

  /// The deadline with another code for its error.
  func failing(as code: SFTPError.Code) -> Deadline {
    Deadline(limit, from: moment - limit, waitingFor: waitedFor, code: code)
  }

  var isOver: Bool { moment <= .now }

  var error: SFTPError {
    SFTPError(
      code, "waited \(limit.visible) for \(waitedFor.en)", "der blev ventet \(limit.visibleInDanish) på \(waitedFor.da)"
    )
  }

  func check() throws(SFTPError) {
    if isOver { throw error }
  }
}
