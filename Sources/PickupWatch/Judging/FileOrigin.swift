internal import ExchangeSettings
internal import TriggerFiles

/// What rules tell files apart by.
enum FileOrigin: Sendable, Hashable {
  /// Routed by this InfRef.
  case infRef(String)
  /// Sent directly by this SFTP user.
  case direct(sender: String)
  /// A bare file of this name.
  case bare([UInt8])
}

extension InfRefRule {
  /// Whether the rule is about such a file. Names are compared byte by byte.
  func covers(_ origin: FileOrigin) -> Bool {
    switch (subject, origin) {
    case (.infRef, .infRef(let name)): wireInfRefs.contains { $0.utf8.elementsEqual(name.utf8) }
    case (.direct(_, let senders), .direct(let sender)): senders.contains { $0.utf8.elementsEqual(sender.utf8) }
    case (.bare(let pattern), .bare(let name)): pattern.matches(name)
    default: false
    }
  }

  /// Whether the rule is about a file that came.
  func covers(_ file: ArrivedFile) -> Bool { file.origin.map(covers) ?? false }
}

extension ArrivedFile {
  /// What rules tell it apart by.
  var origin: FileOrigin? { infRef.map { .infRef($0) } ?? sender.map { .direct(sender: $0) } }
}

extension SightFacts {
  /// What rules tell it apart by.
  var origin: FileOrigin { infRef.map { .infRef($0) } ?? .direct(sender: sender) }
}
