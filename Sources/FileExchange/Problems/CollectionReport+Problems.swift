internal import ExchangeSettings
internal import FilsluseBase
internal import FilsluseSFTP
internal import SystemPackage
internal import TriggerFiles

/// The problems that a look into IN observes and that no arrival's state shows: the same for `filsluse run` and for a
/// command that ends by itself.
extension CollectionReport {
  /// The problems that are so now, each with its text.
  func observedProblems(_ settings: ExchangeSettings) -> [(key: OpenProblem.Key, text: LocalizedText)] {
    problems.compactMap { problem in
      Self.kind(of: problem).map { kind in
        let text =
          kind == .folderGone
          ? LocalizedText(
            "the inbox cannot be used as before: \(problem)", "Indbakken kan ikke bruges som før. \(problem.inDanish)")
          : problem.inBothLanguages
        return (key(kind, problem.path, settings), text)
      }
    }
  }

  /// The kind of problem that an error opens; `nil` for an error that is only logged, or whose problem follows from a
  /// state.
  static func kind(of problem: ExchangeError) -> OpenProblem.Kind? {
    switch problem.code {
    case .remoteDiffers: .different
    case .vanished: .vanished
    case .folderGone: .folderGone
    case .diskFull, .journalFull: .diskFull
    default: nil
    }
  }

  /// The files that stay in IN because they cannot be collected, with the reason: half pairs, documents that cannot be
  /// read, and files that the server refuses to give. Most half pairs are on their way.
  var uncollectable: [String: LocalizedText] {
    let staying = problems.filter { problem in
      problem.code == .notWhole || problem.code == .invalidDocument || problem.transfer?.isLastingRefusal == true
    }
    let named = staying.map { problem in
      (Masked.name(problem.path ?? problem.transfer?.path?.string ?? ""), problem.inBothLanguages)
    }
    return Dictionary(named, uniquingKeysWith: { first, _ in first })
  }

  /// Returns the open problems about files that stayed in IN, and do no longer.
  func resolved(among open: [OpenProblem]) -> [OpenProblem.Key] {
    let noted = open.map(\.key).filter { $0.kind == .notCollectable && $0.account == account }
    if noted.isEmpty || !sawEverything { return [] }
    let staying = uncollectable
    return noted.filter { staying[$0.subject] == nil }
  }

  /// The end of such a problem.
  static let stayedNoLonger = LocalizedText("it was collected, or is gone from IN", "Den er hentet eller væk fra IN.")

  /// Returns the reason why an open problem is resolved by this look; `nil` where it is not, or may not be.
  func ending(of problem: OpenProblem, _ settings: ExchangeSettings) -> LocalizedText? {
    guard sawEverything, problem.key.account == account,
      !observedProblems(settings).contains(where: { $0.key == problem.key })
    else { return nil }
    return switch problem.kind {
    case .different:
      LocalizedText(
        "it is in IN no more, or is what was fetched", "Den ligger ikke længere i IN eller er den, der blev hentet.")
    case .diskFull: LocalizedText("there is room for what waits in IN", "Der er plads til det, der venter i IN.")
    case .folderGone:
      problem.key == key(.folderGone, nil, settings)
        ? LocalizedText("\(problem.key.subject) is in use", "\(problem.key.subject) er i brug.") : nil
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
