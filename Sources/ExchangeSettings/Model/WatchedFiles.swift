public import TriggerFiles

/// The files that a rule is about.
public enum WatchedFiles: Sendable, Hashable {
  /// Files with an InfRef, or `SF7002` for both versions of SortimentOverfør.
  case infRef(String)
  /// Files that a direct arrival expects: sent directly, by one of its senders.
  case direct(arrival: String, senders: [String])
  /// Bare files, which have no metadata, of a pattern that the accounts name.
  case bare(FileNamePattern)

  /// The title of the files in findings and on the status page: the InfRef, or the rule's own words.
  public var title: String {
    switch self {
    case .infRef(let infRef): infRef
    case .direct(let arrival, _): "arrival: \(arrival)"
    case .bare(let pattern): "bare-files: \(pattern)"
    }
  }
}
