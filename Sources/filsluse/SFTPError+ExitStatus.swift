import FilsluseSFTP

extension SFTPError: HasExitStatus {
  var exitStatus: ExitStatus {
    switch code {
    case .connectionRefused, .unreachable, .nameNotResolved: .unreachable
    case .hostKeyMismatch, .hostKeyUnknown, .hostKeyRevoked, .authenticationFailed, .secondFactorRequired,
      .keyUnreadable, .noSFTP, .permissionDenied:
      .keyRefused
    case .fingerprintMalformed, .knownHostsUnreadable, .noCommonAlgorithm: .configuration
    case .protocolViolation, .unsupported: .unreachable
    case .timedOut where operation.hasPrefix("connect"): .unreachable
    case .local, .keyUnavailable, .agentUnavailable, .resourcesExhausted: .localIO
    default: .notDoneYet
    }
  }
}
