internal import FilsluseSFTP

/// The party at fault, which decides the reaction.
public enum FailureKind: String, Sendable, Hashable, CaseIterable {
  /// The network's, the server's, or another process's; it may pass by itself.
  case passing
  /// The account's: its key, its host key or its passphrase. Trying again may get it locked.
  case account
  /// One file's or document's; the others are not concerned.
  case file
  /// This machine: its disk, its journal. It may pass when a person makes room.
  case local
  /// The caller's: nothing by that name or number is there, or it is too late for it.
  case request
}

extension ExchangeError {
  /// The party at fault.
  public var kind: FailureKind {
    switch code {
    case .transfer: transfer?.kind ?? .passing
    case .passphraseMissing, .accountStopped: .account
    case .claimedElsewhere, .nameTaken, .fileChanged, .secondName, .cancelled: .passing
    case .journal, .hookNotStarted: .local
    case .unknownRoute, .unknownDelivery, .unknownArrival, .committed, .invalidSettings: .request
    case .localFile, .notPlain, .folderGone: .local
    default: .file
    }
  }
}

extension SFTPError {
  /// True if the server refuses the request until its owner grants the right or the means.
  var isLastingRefusal: Bool { code == .permissionDenied || code == .unsupported }

  fileprivate var kind: FailureKind {
    switch code {
    case .hostKeyMismatch, .hostKeyUnknown, .hostKeyRevoked, .authenticationFailed, .secondFactorRequired,
      .keyUnreadable, .fingerprintMalformed, .noCommonAlgorithm, .noSFTP:
      .account
    case .local, .resourcesExhausted, .keyUnavailable, .agentUnavailable, .knownHostsUnreadable: .local
    case .noSuchFile, .permissionDenied, .failure, .resumeRefused, .unsupported, .sizeMismatch, .tooLarge: .file
    default: .passing
    }
  }
}
