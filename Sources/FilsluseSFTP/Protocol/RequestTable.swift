/// The table of pending requests and their waiters.
struct RequestTable {
  private enum Entry {
    /// Sent; the caller does not wait for the answer yet.
    case unclaimed(opensHandle: Bool)
    /// Sent; a task waits.
    case awaited(RequestEngine.Waiter, opensHandle: Bool)
    /// Sent; the answer is not needed any more.
    case abandoned(opensHandle: Bool)
    /// Answered before anybody asked.
    case answered(Reply)

    var isOpen: Bool {
      if case .answered = self { return false }
      return true
    }
  }

  private var entries: [UInt32: Entry] = [:]
  private var nextID: UInt32 = 1
  private var oldestID: UInt32 = 1
  private var oldestSince = ContinuousClock.now
  private var openCount = 0
  private var lateHandle: [UInt8]?

  /// The time since which the oldest open request has been the oldest.
  ///
  /// A server answers in order or nearly so: on a slow line each request's clock starts when the one before is done.
  var oldestWaitsSince: ContinuousClock.Instant? { openCount > 0 ? oldestSince : nil }

  /// Numbers a new request.
  mutating func add(opensHandle: Bool) -> UInt32 {
    while entries[nextID] != nil { nextID &+= 1 }
    let id = nextID
    nextID &+= 1
    if openCount == 0 {
      oldestID = id
      oldestSince = .now
    }
    entries[id] = .unclaimed(opensHandle: opensHandle)
    openCount += 1
    return id
  }

  mutating func takeAnswer(to id: UInt32) -> Reply? {
    guard case .answered(let reply) = entries[id] else { return nil }
    entries[id] = nil
    return reply
  }

  /// The answer if it is there already and holds so many bytes of a file; any other stays.
  mutating func takeData(to id: UInt32, count: Int) -> [UInt8]? {
    guard case .answered(.data(let bytes)) = entries[id], bytes.count == count else { return nil }
    entries[id] = nil
    return bytes
  }

  mutating func wait(for id: UInt32, _ waiter: RequestEngine.Waiter) {
    guard case .unclaimed(let opensHandle) = entries[id] else {
      preconditionFailure("an answer is asked for twice")
    }
    entries[id] = .awaited(waiter, opensHandle: opensHandle)
  }

  /// Removes and returns the waiter, if there is one; the answer is ignored from now on.
  mutating func stopWaiting(for id: UInt32) -> RequestEngine.Waiter? {
    guard case .awaited(let waiter, let opensHandle) = entries[id] else { return nil }
    entries[id] = .abandoned(opensHandle: opensHandle)
    return waiter
  }

  /// Drops a request without a waiter; returns a handle that its answer brought already, to be closed.
  mutating func forget(_ id: UInt32) -> [UInt8]? {
    switch entries[id] {
    case .unclaimed(let opensHandle):
      entries[id] = .abandoned(opensHandle: opensHandle)
      return nil
    case .answered(let reply):
      entries[id] = nil
      guard case .handle(let handle) = reply else { return nil }
      return handle
    case .awaited, .abandoned, nil:
      return nil
    }
  }

  /// Files an answer: the waiter to give it to, if there is one.
  mutating func answer(_ id: UInt32, with reply: Reply) throws(MalformedPacket) -> RequestEngine.Waiter? {
    guard let entry = entries[id], entry.isOpen else {
      throw MalformedPacket(
        "it answers request \(id), which is not open", "den svarer på spørgsmål \(id), som ikke er åbent")
    }
    openCount -= 1
    defer { advanceOldest(past: id) }
    switch entry {
    case .awaited(let waiter, _):
      entries[id] = nil
      return waiter
    case .abandoned(let opensHandle):
      entries[id] = nil
      if opensHandle, case .handle(let handle) = reply { lateHandle = handle }
      return nil
    case .unclaimed, .answered:
      entries[id] = .answered(reply)
      return nil
    }
  }

  /// Returns the handle of an answer that was not needed any more.
  mutating func takeLateHandle() -> [UInt8]? {
    defer { lateHandle = nil }
    return lateHandle
  }

  /// The id of the oldest open request; `nil` if none is open.
  var oldest: UInt32? { openCount > 0 ? oldestID : nil }

  /// Closes all open requests at the end of the connection and returns their waiters with the request ids.
  mutating func endAll() -> [(id: UInt32, waiter: RequestEngine.Waiter)] {
    defer {
      entries = entries.filter { !$0.value.isOpen }
      openCount = 0
    }
    return entries.compactMap { id, entry in
      if case .awaited(let waiter, _) = entry { (id, waiter) } else { nil }
    }
  }

  private mutating func advanceOldest(past id: UInt32) {
    guard id == oldestID else { return }
    oldestSince = .now
    guard openCount > 0 else { return }
    while oldestID != nextID, entries[oldestID]?.isOpen != true { oldestID &+= 1 }
  }
}
