internal import FilsluseBase
internal import Logging
import Glibc

/// The work of a connection's thread, the sole owner of socket, session and channel.
///
/// libssh2 never blocks here; the thread waits in `poll` for the socket and for the wake-up event that tasks signal.
struct ConnectionThread {
  let target: ConnectionTarget
  let user: any ChannelUser
  let control: ConnectionControl
  let logger: Logger

  /// The number of bytes waiting for the socket above which no more are taken from the requests.
  private static let fullQueue = 1 << 20
  /// The number of reads, of at most 64 KB each, before requests get their turn: those that answers call for go out while
  /// most of the earlier ones are still to be answered.
  private static let readsPerTurn = 8

  func run() {
    do throws(SFTPError) {
      let session = try SSHLogin(thread: self).establish()
      control.opened(.success(()))
      let end = exchange(on: session)
      let hasOpenRequests = user.waitingSince() != nil
      user.ended(with: end)
      if end.code == .connectionClosed {
        sayGoodbye(on: session, waits: hasOpenRequests)
      } else {
        logger.say(
          .info, MessageText("connection ended", "forbindelsen er slut"),
          metadata: [
            "server": "\(target.server)", "reason": "\(logger.words(of: MessageText("\(end)", end.inDanish)))",
          ])
      }
    } catch {
      control.opened(.failure(error))
      user.ended(with: error)
    }
    control.gone()
  }

  /// Carries bytes both ways until the connection ends; the answer is why.
  private func exchange(on session: SSHSession) -> SFTPError {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    defer { buffer.deallocate() }
    var outgoing = Outgoing()
    var liveness = LivenessCheck(deadlines: target.deadlines, server: target.server)
    do throws(SFTPError) {
      while true {
        try control.checkStopped()
        let sending = try send(&outgoing, on: session)
        let before = session.received
        let hasMore = try receive(into: buffer, from: session, &liveness)
        // A packet without data for us, such as one that opens the server's window, wakes no poll any more.
        let mayUnblock = session.received != before
        try session.flush()
        let limit = try liveness.check(moved: session.moved, user: user)
        let canSend =
          switch sending {
          case .allSent: false
          case .queueFull: session.queued < Self.fullQueue
          case .blocked: mayUnblock
          }
        try wait(for: session, until: hasMore || canSend ? .now : limit)
      }
    } catch {
      return error
    }
  }

  /// The reason why no more requests are sent for now.
  private enum Sending {
    case allSent
    /// The socket has to take bytes first.
    case queueFull
    /// libssh2 has to receive a packet first: the server's window is closed, or keys are being exchanged.
    case blocked
  }

  private func send(_ outgoing: inout Outgoing, on session: SSHSession) throws(SFTPError) -> Sending {
    while outgoing.refill(from: user) {
      guard session.queued < Self.fullQueue else { return .queueFull }
      guard case .bytes = try outgoing.send(on: session) else { return .blocked }
    }
    return .allSent
  }

  /// Reads the bytes that have come; returns true if there may be more at once.
  private func receive(
    into buffer: UnsafeMutableRawBufferPointer, from session: SSHSession, _ liveness: inout LivenessCheck
  ) throws(SFTPError) -> Bool {
    defer { user.wake() }
    for _ in 0..<Self.readsPerTurn {
      switch try session.read(into: buffer) {
      case .bytes(let count):
        liveness.heard()
        try user.received(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      case .blocked:
        return false
      case .ended:
        user.wake()
        throw endOfSession(session)
      }
    }
    return true
  }

  /// Returns the error for a session that the server has ended, with the exit of its SFTP program if the server reports
  /// it within a second.
  private func endOfSession(_ session: SSHSession) -> SFTPError {
    let deadline = Deadline(
      .seconds(1),
      waitingFor: MessageText("the end of the server's SFTP program", "slutningen på serverens SFTP-program"))
    do throws(SFTPError) {
      while session.waitClosed() == .again, !deadline.isOver {
        try session.flush()
        try wait(for: session, until: deadline.moment)
      }
    } catch {
      logger.debug("the end of the SFTP program is not known", metadata: ["reason": "\(error)"])
    }
    return SFTPError(
      session.codeOfEnd,
      MessageText("\(target.server) ended the SFTP session", "\(target.server) afsluttede SFTP-sessionen")
        + session.programEnd.quoted)
  }

  /// Waits for the session's socket or the wake-up event, not beyond the limit.
  func wait(for session: SSHSession, until limit: ContinuousClock.Instant) throws(SFTPError) {
    session.watch.rest()
    defer { session.watch.work() }
    try wait(for: [session.socket], toSend: session.queued > 0, until: limit)
  }

  /// Waits for one of several sockets or the wake-up event, not beyond the limit.
  func wait(for sockets: [Int32], toSend: Bool, until limit: ContinuousClock.Instant) throws(SFTPError) {
    let interest = Int16(POLLIN) | (toSend ? Int16(POLLOUT) : 0)
    var descriptors = [pollfd(fd: control.wakeUp.fileDescriptor, events: Int16(POLLIN), revents: 0)]
    for socket in sockets { descriptors.append(pollfd(fd: socket, events: interest, revents: 0)) }
    let rest = max(.zero, limit - .now)
    let milliseconds = Int32(min((rest / .milliseconds(1)).rounded(.up), 60_000))
    let code = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
    guard code >= 0 || errno == EINTR else {
      throw SFTPError(.connectionLost, MessageText("poll failed: ", "poll svigtede: ") + systemText(errno))
    }
    if descriptors[0].revents != 0 { control.wakeUp.clear() }
  }

  /// Closes the channel properly as long as the server cooperates, at most a second.
  ///
  /// - Parameter waits: true while requests are open: the server is to carry them out before the next connection makes
  ///   its own. Without any, waiting for the server's part would only cost a round trip.
  private func sayGoodbye(on session: SSHSession, waits: Bool) {
    let deadline = Deadline(.seconds(1), waitingFor: MessageText("the server's goodbye", "serverens farvel"))
    do throws(SFTPError) {
      while session.sayGoodbye(waits: waits) == .again, !deadline.isOver {
        try session.flush()
        try wait(for: session, until: deadline.moment)
      }
      try session.flush()
    } catch {
      logger.debug("goodbye cut short", metadata: ["server": "\(target.server)", "reason": "\(error)"])
    }
  }
}

/// Bytes to send, in the order of the requests.
private struct Outgoing {
  private var bytes: [UInt8] = []
  private var start = 0

  /// Returns true if there is anything to send, after asking for more when all is sent.
  mutating func refill(from user: any ChannelUser) -> Bool {
    if start < bytes.count { return true }
    bytes.removeAll(keepingCapacity: true)
    start = 0
    user.takeOutgoing(&bytes)
    return !bytes.isEmpty
  }

  /// Writes the remaining bytes and returns the session's result.
  mutating func send(on session: SSHSession) throws(SFTPError) -> SSHSession.Transfer {
    let outcome = bytes.withUnsafeBytes { all in
      Result { () throws(SFTPError) in try session.write(UnsafeRawBufferPointer(rebasing: all[start...])) }
    }
    let transfer = try outcome.get()
    if case .bytes(let count) = transfer { start += count }
    return transfer
  }
}
