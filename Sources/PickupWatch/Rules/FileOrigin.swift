internal import ExchangeSettings
internal import TriggerFiles

/// The criterion for the rules of a file: its InfRef, or the sender of a direct transmission.
enum FileOrigin: Sendable, Hashable {
  /// Routed by this InfRef.
  case infRef(InfRef)
  /// Sent directly by this SFTP user.
  case direct(sender: String)
  /// A bare file of this name.
  case bare([UInt8])
}

extension InfRefRule {
  /// Returns true if the rule is about such a file. Names are compared byte by byte.
  func covers(_ origin: FileOrigin) -> Bool {
    switch (subject, origin) {
    case (.infRef, .infRef(let name)): wireInfRefs.contains(name)
    case (.direct(_, let senders), .direct(let sender)): senders.contains { $0.utf8.elementsEqual(sender.utf8) }
    case (.bare(let pattern), .bare(let name)): pattern.matches(name)
    default: false
    }
  }

  /// Returns true if the rule is about a received file.
  func covers(_ file: ArrivedFile) -> Bool { file.origin.map(covers) ?? false }
}

extension ArrivedFile {
  /// The criterion for its rules.
  var origin: FileOrigin? { infRef.map { .infRef($0) } ?? sender.map { .direct(sender: $0) } }
}

extension ObservedFacts {
  /// The criterion for its rules.
  var origin: FileOrigin { infRef.map { .infRef($0) } ?? .direct(sender: sender) }
}
