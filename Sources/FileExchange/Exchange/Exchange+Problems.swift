internal import ExchangeSettings
internal import FilsluseSystem
internal import Logging

extension Exchange {
  /// Notes what a command that ends by itself has seen of an account, for `filsluse status`: that it is stopped, or that it
  /// is not any more, and that its IN was looked into. Where `filsluse run` is at work with the journal, that one does.
  ///
  /// - Parameters:
  ///   - failure: why the account's connection could not be used; `nil` where it could.
  ///   - hasLooked: whether IN was looked into.
  func noteOutcome(of account: Account, failure: ExchangeError?, hasLooked: Bool = false) async {
    guard lines == nil else { return }
    do throws(ExchangeError) {
      if try journal.isClaimed(.unattendedRun) { return }
      // It comes when it is called, and promises nothing.
      if hasLooked { try await journal.noteLook(into: account.name, at: .now, nextWithin: nil) }
      let problems = ObservedProblems(in: journal)
      try await problems.synchronize()
      let key = OpenProblem.Key(.accountStopped, account: account.name, subject: "")
      if let failure {
        guard failure.kind == .account else { return }
        problems.raise(OpenProblem(key, message: failure.description, remedy: "", since: .now))
      } else {
        problems.resolve(key, "the account works again")
      }
      try await problems.synchronize()
    } catch {
      logger.warning("what was seen of \(account.name) cannot be noted: \(error)")
    }
  }
}
