extension SSHSession {
  /// Returns true if the server itself has answered that it refuses the key.
  ///
  /// libssh2 gives -18 only for SSH_MSG_USERAUTH_FAILURE. It gives -19 for that message after the signature, and also
  /// where no answer came: the connection ended, a packet was damaged, or it waited too long. Only its text
  /// distinguishes those, so an answer counts as one only where neither the text nor the connection says that none
  /// came.
  func hasRefusedKey(_ code: SSHCode) -> Bool {
    switch code {
    case .authenticationFailed: true
    case .signatureRefused where hasEnded: serverWords.refusesUser
    case .signatureRefused: !failure.hasPrefix("Waiting") && !hasFailedToSign(code)
    default: hasEnded && serverWords.refusesUser
    }
  }

  /// Returns true if the signature could not be made on this side.
  func hasFailedToSign(_ code: SSHCode) -> Bool { code == .signatureRefused && failure.hasPrefix("Callback") }
}
