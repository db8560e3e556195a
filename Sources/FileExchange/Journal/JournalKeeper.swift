/// Checks that an open journal is still the opened one, and keeps its high-water mark. Its calls block.
protocol JournalKeeper: Sendable {
  /// The last entry known here.
  var end: JournalAnchor { get }

  /// True if the journal's place was checked so recently that a claim on a row committed just now needs no check.
  var hasJustSeenPlace: Bool { get }

  /// True if the journal is this machine's for at least as long as a step on the platform takes.
  var isSure: Bool { get }

  /// Confirms that the journal is this machine's.
  ///
  /// - Throws: ``ExchangeError`` with code `journal-replaced` if another machine has the journal, `journal` while that
  ///   is unknown.
  func makeSure() throws(ExchangeError)

  /// Throws unless the journal is still the opened one. Never waits for a server.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` if it is not, or while that is unknown.
  func requirePlace() throws(ExchangeError)

  /// Returns the reason to stop all work; `nil` while the journal is the opened one.
  ///
  /// - Throws: ``ExchangeError`` while that is unknown.
  func displacement() throws(ExchangeError) -> ExchangeError?

  /// Notes that a statement failed.
  func note(failure error: any Error)

  /// Records the last entry of a transaction on the disk; returns true if it is time to raise the mark.
  func note(_ end: JournalAnchor) -> Bool

  /// Raises the mark in the background; the next ``attend()`` reports a failure.
  func raiseInPassing()

  /// The heartbeat: compares the journal with its known state, and raises the mark.
  ///
  /// - Returns: the reason to stop all work; `nil` while the journal is the opened one.
  /// - Throws: ``ExchangeError`` if that is unknown, or the mark cannot be written.
  func attend() throws(ExchangeError) -> ExchangeError?

  /// Raises the mark although another journal may have the place now.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`; the mark is then unchanged.
  func raiseAfterDisplacement() throws(ExchangeError)

  /// Stops the comparisons from now on; false if they were stopped already.
  func beginClosing() -> Bool

  /// The journal could not be closed and is used as before.
  func stayOpen()

  /// Raises the mark for the last time, once the journal is closed.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`; the mark is then unchanged.
  func raiseAtLast(to end: JournalAnchor) throws(ExchangeError)

  /// Leaves the processes that have the journal open.
  func leave()
}
