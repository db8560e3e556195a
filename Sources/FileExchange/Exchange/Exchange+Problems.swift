internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

extension Exchange {
  /// Records the observations of a one-shot command about an account, for `filsluse status`: whether the account is
  /// stopped, and the result of a look into IN. Does nothing if `filsluse run` uses the journal, because that records
  /// them itself.
  ///
  /// - Parameters:
  ///   - failure: the error of the account's connection; `nil` if it worked.
  ///   - report: the report of a collection; `nil` for none.
  ///   - starts: the results of starting the receivers' programs.
  func noteOutcome(
    of account: Account, failure: ExchangeError?, report: CollectionReport? = nil, starts: [ProgramStart] = []
  ) async {
    guard connections == nil else { return }
    do throws(ExchangeError) {
      if try journal.isClaimed(.unattendedRun) { return }
      if let report, report.sawEverything || report.namesSeen > 0 {
        // A one-shot command promises no next look.
        try await journal.noteLook(into: account.name, at: .now, nextWithin: nil)
      }
      let problems = ObservedProblems(in: journal)
      try await problems.synchronize()
      func raise(_ key: OpenProblem.Key, _ text: LocalizedText) { problems.raise(OpenProblem(key, observed: text)) }
      let stopped = OpenProblem.Key(.accountStopped, account: account.name, subject: "")
      if let failure {
        if failure.category == .account { raise(stopped, failure.inBothLanguages) }
      } else {
        problems.resolve(stopped, .accountWorks)
      }
      for start in starts {
        let key = OpenProblem.Key(.hookCannotStart, account: start.account, subject: start.route)
        if let failure = start.failure {
          raise(key, failure.inBothLanguages)
        } else {
          problems.resolve(key, .hookStarts(start.route))
        }
      }
      if let report {
        for (key, text) in report.observedProblems(settings) { raise(key, text) }
        for problem in problems.open {
          if let ending = report.ending(of: problem, settings) { problems.resolve(problem.key, ending) }
        }
        let staying = report.uncollectable(in: account.folders.in)
        let waiting = report.subjectsWaiting(of: account)
        for key in report.resolved(among: problems.open, staying: staying, waiting: waiting) {
          problems.resolve(key, CollectionReport.stayedNoLonger)
        }
      }
      try await problems.synchronize()
    } catch {
      logger.say(
        .warning,
        LocalizedText(
          "what was seen of \(account.name) cannot be noted: \(error)",
          "det, der blev set hos \(account.name), kan ikke noteres: \(error.clauseInDanish)"))
    }
  }
}

extension LocalizedText {
  /// The end of a stopped account.
  static let accountWorks = LocalizedText("the account works again", "Kontoen virker igen.")

  /// The end of a program that could not be started.
  static func hookStarts(_ route: String) -> LocalizedText {
    LocalizedText("the program of \(route) can be started again", "Programmet for \(route) kan startes igen.")
  }
}
