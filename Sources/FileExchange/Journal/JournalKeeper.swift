/// Checks that an open journal stays the one that was opened, and keeps its high-water mark. Its calls block.
protocol JournalKeeper: Sendable {
  /// The last entry as far as it is known here.
  var end: JournalAnchor { get }

  /// True if the journal was seen to be in its place so lately that a claim on what was committed just now needs no look
  /// of its own.
  var hasJustSeenPlace: Bool { get }

  /// True if the journal is this machine's for at least as long as a step on the platform takes.
  var isSure: Bool { get }

  /// Makes sure of it.
  ///
  /// - Throws: ``ExchangeError`` with code `journal-replaced` where another machine has the journal, `journal` while that
  ///   cannot be seen.
  func makeSure() throws(ExchangeError)

  /// Ends with an error unless the journal is the one that was opened. Never waits for a server.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when it is not, or while that cannot be seen.
  func requirePlace() throws(ExchangeError)

  /// Returns the reason why all work must stop; `nil` where the journal is the one that was opened.
  ///
  /// - Throws: ``ExchangeError`` when that cannot be seen.
  func displacement() throws(ExchangeError) -> ExchangeError?

  /// Notes that a statement failed.
  func note(failure error: any Error)

  /// Notes the last entry of a transaction that is on the disk; whether it is time to raise the mark.
  func note(_ end: JournalAnchor) -> Bool

  /// Raises the mark in the background; the next ``attend()`` reports a failure.
  func raiseInPassing()

  /// The heartbeat: compares the journal with what is known of it, and raises the mark.
  ///
  /// - Returns: why nothing may be done any more; `nil` where the journal is the one that was opened.
  /// - Throws: ``ExchangeError`` when that cannot be seen, or the mark not be written.
  func attend() throws(ExchangeError) -> ExchangeError?

  /// Raises the mark although another journal may have the place now.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`; the mark is then unchanged.
  func raiseAfterDisplacement() throws(ExchangeError)

  /// From now on nothing is compared any more; false where that was so already.
  func beginClosing() -> Bool

  /// The journal could not be closed and is used as before.
  func stayOpen()

  /// Raises the mark for the last time, once the journal is closed.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`; the mark is then as it was.
  func raiseAtLast(to end: JournalAnchor) throws(ExchangeError)

  /// Leaves the processes that have the journal open.
  func leave()
}
