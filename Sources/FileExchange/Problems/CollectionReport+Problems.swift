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

  /// Returns the kind of problem that an error opens; `nil` for an error that is only logged, or whose problem follows
  /// from a state.
  static func kind(of problem: ExchangeError) -> OpenProblem.Kind? {
    switch problem.code {
    case .remoteDiffers: .different
    case .vanished: .vanished
    case .folderGone: .folderGone
    case .diskFull, .journalFull: .diskFull
    default: nil
    }
  }

  /// Returns the files that stay in IN, each with the reason: half pairs and unreadable documents, and files that the
  /// server refuses to deliver or to remove. Most half pairs are still arriving.
  ///
  /// - Parameter folder: the account's IN. Refusals in OUT are left out.
  func uncollectable(in folder: String) -> [OpenProblem.Key: LocalizedText] {
    var staying: [OpenProblem.Key: LocalizedText] = [:]
    for problem in problems {
      guard let kind = Self.kindOfStaying(problem, in: folder) else { continue }
      let key = OpenProblem.Key(
        kind, account: account, subject: problem.path ?? problem.transfer?.path?.string ?? "")
      if staying[key] == nil { staying[key] = problem.inBothLanguages }
    }
    return staying
  }

  private static func kindOfStaying(_ problem: ExchangeError, in folder: String) -> OpenProblem.Kind? {
    if problem.code == .notWhole || problem.code == .invalidDocument { return .notCollectable }
    guard let refusal = problem.transfer, refusal.code.isLastingRefusal, let path = refusal.path,
      path.bytes.starts(with: RemotePath(folder).appending("").bytes)
    else { return nil }
    return .accessRefused
  }

  /// Returns the subjects of problems about arrivals whose next try is not due: this look has nothing new about them.
  func subjectsWaiting(of owner: Account) -> Set<String> {
    let names = waiting.flatMap { [$0.wireName.string, $0.wireName.string + owner.suffixes.metadata] }
    return Set(names.map { Masked.name(RemotePath(owner.folders.in).appending($0).string) })
  }

  /// Returns the open problems about files that stayed in the account's IN, and do no longer.
  ///
  /// - Parameters:
  ///   - staying: the result of ``uncollectable(in:)``.
  ///   - waiting: the result of ``subjectsWaiting(of:)``.
  func resolved(
    among open: [OpenProblem], staying: [OpenProblem.Key: LocalizedText], waiting: Set<String>
  ) -> [OpenProblem.Key] {
    guard sawEverything else { return [] }
    let noted = open.map(\.key).filter { key in
      (key.kind == .notCollectable || key.kind == .accessRefused) && key.account == account
    }
    return noted.filter { staying[$0] == nil && !waiting.contains($0.subject) }
  }

  /// The end of such a problem.
  static let stayedNoLonger = LocalizedText(
    "it was collected, quarantined or set aside, or is gone from IN",
    "Den er hentet, sat i karantæne, lagt til side eller væk fra IN.")

  /// Returns the reason why an open problem is resolved by this look; `nil` where it is not, or may not be.
  func ending(of problem: OpenProblem, _ settings: ExchangeSettings) -> LocalizedText? {
    guard sawEverything || isListedElsewhere, problem.key.account == account,
      !observedProblems(settings).contains(where: { $0.key == problem.key })
    else { return nil }
    return switch problem.kind {
    case .different where !sawEverything: nil
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
