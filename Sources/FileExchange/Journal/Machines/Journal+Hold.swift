internal import FilsluseBase

extension Journal {
  /// Checks the hold before each step on the platform: a machine that lost a journal on a server, or paused so long
  /// that another one may have taken its work, must not do the step.
  ///
  /// - Throws: ``ExchangeError`` with code `journal-replaced` if another machine has the journal, `journal` while that
  ///   is unknown.
  func requireHold() async throws(ExchangeError) {
    guard let keeper = guards?.keeper, !keeper.isSure else { return }
    try await Self.threads.run { () throws(ExchangeError) in try keeper.makeSure() }
  }

  /// Takes one of the machine's leases; false while another machine has it.
  func takeLease(_ lease: Int64) async throws(ExchangeError) -> Bool {
    try await askHold { try $0.takeLease(lease) }
  }

  /// Takes or keeps one of the machine's leases; false while another machine has it.
  func keepLease(_ lease: Int64) async throws(ExchangeError) -> Bool {
    try await askHold { try $0.keepLease(lease) }
  }

  private func askHold(_ ask: @escaping @Sendable (JournalHold) throws -> Bool) async throws(ExchangeError) -> Bool {
    guard let hold = guards?.server?.hold else { return true }
    return try await Self.threads.run { () throws(ExchangeError) -> Bool in
      do {
        return try ask(hold)
      } catch {
        throw self.failure("use the journal", error)
      }
    }
  }

  /// Ends a lease that was taken.
  func endLease(_ lease: Int64) async {
    guard let hold = guards?.server?.hold else { return }
    await Self.threads.run { hold.endLease(lease) }
  }
}
