public import FilsluseBase
public import TriggerFiles

/// A condition that an operator should look at: its kind, its place, its beginning, and its rule.
///
/// Two findings with the same ``id`` are the same condition seen twice, even if its severity has changed.
public struct Finding: Sendable, Hashable, Identifiable, Codable {
  /// The kind of a finding. More kinds may come.
  public struct Kind: RawRepresentable, Sendable, Hashable, Codable, CodingKeyRepresentable {
    /// The kind's name, as JSON output and alert commands show it.
    public let rawValue: String

    /// Names a kind of finding.
    public init(rawValue: String) { self.rawValue = rawValue }
  }

  /// The severity of a finding.
  public enum Severity: String, Sendable, Hashable, Comparable, Codable, CaseIterable {
    /// There is still time: `--once` ends with status 1.
    case warning
    /// A limit has been passed, or nothing can be known: `--once` ends with status 2.
    case critical

    /// A warning is the lesser.
    public static func < (one: Self, other: Self) -> Bool { one == .warning && other == .critical }
  }

  /// The clock of a file's age.
  public enum AgeBasis: String, Sendable, Hashable, Codable, CaseIterable {
    /// By the watcher's clock: it was watching when the file came.
    case watcher
    /// By the server's time stamp, corrected by the measured difference of the clocks: the file came unwatched.
    case server
    /// By the server's time stamp, uncorrected: the file came unwatched, and the clocks' difference is not measured.
    case serverUnmeasured = "server-unmeasured"
    /// By the watcher's own clock, although the file was there before it watched: the server gives no usable time.
    case firstSight = "first-sight"
  }

  /// The kind of the finding.
  public var kind: Kind
  /// The present severity.
  public var severity: Severity
  /// The name of its account.
  public var account: String
  /// The subject within the account, without personal data: a FileTransferUUID, an InfRef and a day, a digest of a
  /// file's name. It does not change from one look to the next.
  public var subject: String
  /// The file's name, with CPR-like numbers masked, where it is about one.
  public var fileName: String?
  /// The data classification where it is known; a rule's own name for it where it is about the rule.
  public var infRef: ShownInfRef?
  /// The SFTP user that sent it, where the metadata names it.
  public var sender: String?
  /// The CVR number of the receiving authority, if known.
  public var authority: String?
  /// The size of the data in bytes.
  public var size: UInt64?
  /// The time of its beginning.
  public var since: Timestamp?
  /// The clock of ``since`` for a file's age; `nil` for other findings.
  public var ageBasis: AgeBasis?
  /// The time of reaching its limit, past or future.
  public var due: Timestamp?
  /// The rule's line in the settings file.
  public var ruleLine: Int?
  /// The rule in words; in English those of the settings, such as `pick-up-within: 4h`.
  public var rule: LocalizedText?
  /// More to know, such as why metadata cannot be read.
  public var detail: LocalizedText?

  /// Describes a finding.
  package init(
    kind: Kind, severity: Severity, account: String, subject: String, fileName: String? = nil,
    infRef: ShownInfRef? = nil, sender: String? = nil, authority: String? = nil, size: UInt64? = nil,
    since: Timestamp? = nil,
    ageBasis: AgeBasis? = nil, due: Timestamp? = nil, ruleLine: Int? = nil,
    rule: LocalizedText? = nil,
    detail: LocalizedText? = nil
  ) {
    self.kind = kind
    self.severity = severity
    self.account = account
    self.subject = subject
    self.fileName = fileName
    self.infRef = infRef
    self.sender = sender
    self.authority = authority
    self.size = size
    self.since = since
    self.ageBasis = ageBasis
    self.due = due
    self.ruleLine = ruleLine
    self.rule = rule
    self.detail = detail
  }

  /// The identity of its alert: kind, account and subject.
  public var id: String { "\(kind.rawValue)/\(account)/\(subject)" }
}

extension Finding {
  /// A field of a finding in JSON; its name is the same in every format: a report, a notification, the status page.
  package enum Field: String, CodingKey {
    case id, kind, severity, account, subject, infRef, orderForm, fileName, sender, authority, size, since, ageBasis,
      due
    case rule, ruleLine
  }

  /// Writes fields into an encoder's keyed container, beside fields written by others. The rule is in the words of the
  /// settings.
  ///
  /// - Parameter text: makes text from outside fit for the reader.
  /// - Throws: the encoder's error.
  package func encode(
    _ fields: [Field], to encoder: any Encoder, text: (String) -> String = { $0 }
  ) throws {
    var json = encoder.container(keyedBy: Field.self)
    for field in fields {
      switch field {
      case .id: try json.encode(id, forKey: field)
      case .kind: try json.encode(kind, forKey: field)
      case .severity: try json.encode(severity, forKey: field)
      case .account: try json.encode(account, forKey: field)
      case .subject: try json.encode(text(subject), forKey: field)
      case .infRef: try json.encodeIfPresent((infRef?.description).map(text), forKey: field)
      case .orderForm: try json.encodeIfPresent(infRef?.orderForm, forKey: field)
      case .fileName: try json.encodeIfPresent(fileName.map(text), forKey: field)
      case .sender: try json.encodeIfPresent(sender.map(text), forKey: field)
      case .authority: try json.encodeIfPresent(authority.map(text), forKey: field)
      case .size: try json.encodeIfPresent(size, forKey: field)
      case .since: try json.encodeIfPresent(since, forKey: field)
      case .ageBasis: try json.encodeIfPresent(ageBasis, forKey: field)
      case .due: try json.encodeIfPresent(due, forKey: field)
      case .rule: try json.encodeIfPresent((rule?.en).map(text), forKey: field)
      case .ruleLine: try json.encodeIfPresent(ruleLine, forKey: field)
      }
    }
  }
}
