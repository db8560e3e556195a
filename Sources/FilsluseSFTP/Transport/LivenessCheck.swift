/// Checks that a connection makes progress: deadlines for answers and for bytes, and a ping when idle.
struct LivenessCheck {
  private let deadlines: Deadlines
  private let anyByte: MessageText
  private let answer: MessageText
  private var lastHeard = ContinuousClock.now
  private var lastPing = ContinuousClock.now
  private var lastMoved = ContinuousClock.now
  private var moved: UInt64 = 0

  init(deadlines: Deadlines, server: String) {
    self.deadlines = deadlines
    anyByte = MessageText("any byte to or from \(server)", "en byte til eller fra \(server)")
    answer = MessageText("an answer from \(server)", "et svar fra \(server)")
  }

  /// Bytes of an answer came.
  mutating func heard() { lastHeard = .now }

  /// Ends the connection at an expired deadline, and pings when it is time; returns the time of the next check.
  mutating func check(moved: UInt64, user: any ChannelUser) throws(SFTPError) -> ContinuousClock.Instant {
    if moved != self.moved {
      self.moved = moved
      lastMoved = .now
    }
    guard let since = user.waitingSince() else { return pingWhenIdle(user) }
    let progress = Deadline(deadlines.noProgress, from: max(since, lastMoved), waitingFor: anyByte)
    let reply = Deadline(deadlines.reply, from: since, waitingFor: answer)
    try progress.check()
    try reply.check()
    return min(progress.moment, reply.moment)
  }

  private mutating func pingWhenIdle(_ user: any ChannelUser) -> ContinuousClock.Instant {
    let due = max(lastHeard, lastPing) + deadlines.idlePing
    guard due <= .now else { return due }
    lastPing = .now
    user.ping()
    return .now
  }
}
