internal import FileExchange
internal import FilsluseBase
internal import TriggerFiles

/// The source of findings. A look of one source does not change another's findings.
enum FindingSource: String, Sendable, Hashable {
  /// The folders of an account on the server, and the rules about them.
  case inbox
  /// The open problems of the journal.
  case journal
  /// The servers that several accounts share.
  case servers
}

extension Finding {
  /// Its source.
  var source: FindingSource {
    if problemKind != nil || kind == .manyFindings && subject == Self.problemGroup { return .journal }
    return account.isEmpty ? .servers : .inbox
  }

  /// The kind of the journal's open problem; `nil` for other findings.
  var problemKind: OpenProblem.Kind? { OpenProblem.Kind(rawValue: kind.rawValue) }

  /// The subject of a group of open problems.
  static let problemGroup = "problems"

  /// An open problem of the journal.
  init(_ problem: OpenProblem) {
    let subject = problem.key.subject.isEmpty ? "" : "\(problem.key.subject): "
    self.init(
      kind: Kind(problem.kind), severity: problem.kind.isCritical ? .critical : .warning,
      account: problem.key.account ?? "", subject: problem.key.subject, fileName: problem.fileName,
      infRef: problem.infRef.map(ShownInfRef.init), since: problem.since,
      detail: LocalizedText(
        da: "\(subject)\(problem.danish ?? problem.kind.danishExplanation)", en: "\(subject)\(problem.line)"))
  }

  /// Returns the finding about all unlisted open problems of a kind.
  static func more(_ count: Int, of kind: OpenProblem.Kind) -> Finding {
    let danish: Remedy = "\(count) til af samme slags; \(.listMoreProblems)."
    let english: Remedy = "\(count) more of this kind; \(.listMoreProblems)"
    return Finding(
      kind: Kind(kind), severity: kind.isCritical ? .critical : .warning, account: "",
      subject: FindingCollection.restSubject,
      detail: LocalizedText(da: danish.inDanish, en: english.description))
  }
}

extension Finding.Kind {
  /// An open problem's kind has the same name as among the journal's problems.
  init(_ kind: OpenProblem.Kind) { self.init(rawValue: kind.rawValue) }

  /// The kinds of open problems that a watcher finds in the journal.
  public static let ofJournal = OpenProblem.Kind.allCases.map(Self.init)
}
