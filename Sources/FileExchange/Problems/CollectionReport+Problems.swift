internal import ExchangeSettings
internal import SystemPackage

/// The problems that a look into IN observes and that no arrival's state shows: the same for `filsluse run` and for a
/// command that ends by itself.
extension CollectionReport {
  /// The problems that are so now, each with its message.
  func observedProblems(_ settings: ExchangeSettings) -> [(key: OpenProblem.Key, message: String)] {
    problems.compactMap { problem in
      Self.kind(of: problem).map { kind in
        let message = kind == .folderGone ? "the inbox cannot be used as before: \(problem)" : "\(problem)"
        return (key(kind, problem.path, settings), message)
      }
    }
  }

  /// The kind that an error is kept as; `nil` for one that is only logged, or that a state shows.
  static func kind(of problem: ExchangeError) -> OpenProblem.Kind? {
    switch problem.code {
    case .remoteDiffers: .different
    case .vanished: .vanished
    case .folderGone: .folderGone
    default: problem.isDiskFull ? .diskFull : nil
    }
  }

  /// Returns the reason why an open problem is resolved by this look; `nil` where it is not, or may not be.
  func ending(of problem: OpenProblem, _ settings: ExchangeSettings) -> String? {
    guard sawEverything, problem.key.account == account,
      !observedProblems(settings).contains(where: { $0.key == problem.key })
    else { return nil }
    return switch problem.kind {
    case .different: "it is in IN no more, or is what was fetched"
    case .diskFull: "there is room for what waits in IN"
    case .folderGone:
      problem.key == key(.folderGone, nil, settings) ? "\(problem.key.subject) is in use" : nil
    default: nil
    }
  }

  private func key(_ kind: OpenProblem.Kind, _ path: String?, _ settings: ExchangeSettings) -> OpenProblem.Key {
    let subject =
      switch kind {
      case .folderGone: settings.account(named: account).map { InboxFolder.path(of: $0, settings).string } ?? ""
      case .diskFull: settings.inbox.string
      default: path ?? ""
      }
    return OpenProblem.Key(kind, account: account, subject: subject)
  }
}
