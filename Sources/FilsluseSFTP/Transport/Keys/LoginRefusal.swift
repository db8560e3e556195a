/// The error of a login that no key was enough for. It names each key with its fingerprint.
enum LoginRefusal {
  /// Returns the error for the failures of all keys.
  ///
  /// - Parameters:
  ///   - methods: the login methods that the server would accept; `nil` if it was not asked.
  ///   - words: the server's own messages.
  static func error(_ failures: [LoginTries.Failure], methods: [String]?, words: ServerWords) -> SFTPError {
    var refused: [LoginTries.Failure] = []
    var known: [LoginTries.Failure] = []
    var unusable: [SFTPError] = []
    var sentences: [String] = []
    var wantsMore = false
    for failure in failures {
      switch failure.outcome {
      case .refused, .wantsSHA1: refused.append(failure)
      case .incomplete(let methods):
        known.append(failure)
        wantsMore = wantsMore || !methods.contains("publickey")
        sentences.append(sentence(onKnown: failure.name, methods))
      case .unusable(let error): unusable.append(error)
      case .accepted: break
      }
    }
    if refused.isEmpty, sentences.isEmpty { return ofUnusable(unusable) }
    if !refused.isEmpty { sentences.insert(sentence(onRefused: refused, methods), at: 0) }
    sentences += unusable.map(\.message)
    let text = sentences.joined(separator: "; ") + words.quoted
    return SFTPError(
      wantsMore ? .secondFactorRequired : .authenticationFailed, text,
      fingerprints: (refused + known).compactMap(\.fingerprint) + unusable.flatMap(\.fingerprints))
  }

  /// Returns the error if no key can be used on this side; a passing error keeps its code.
  static func ofUnusable(_ troubles: [SFTPError]) -> SFTPError {
    guard let first = troubles.first else {
      return SFTPError(.keyUnreadable, "no key is named to log in with", operation: "log in")
    }
    if troubles.count == 1 { return first }
    let code = (troubles.first(where: \.isRetriable) ?? first).code
    return SFTPError(
      code, troubles.map(\.message).joined(separator: "; "), fingerprints: troubles.flatMap(\.fingerprints),
      operation: first.operation)
  }

  private static func sentence(onKnown name: String, _ methods: [String]) -> String {
    if methods.isEmpty || methods.contains("publickey") {
      return "the server knows the key \(name) and refuses the login with it: it may ask for a second key, "
        + "or the user is locked, expired or not let in from here"
    }
    return "the server knows the key \(name), but it is not enough: it asks for \(list(methods)) as well"
  }

  private static func sentence(onRefused failures: [LoginTries.Failure], _ methods: [String]?) -> String {
    let names = failures.map(\.name).joined(separator: ", ")
    var text =
      failures.count == 1
      ? "the server does not accept the key \(names)" : "the server accepts none of the keys \(names)"
    if let methods, !methods.isEmpty, !methods.contains("publickey") {
      text += ": it takes no key of this user at all, only \(list(methods))"
    } else if failures.contains(where: \.isRSA) {
      text += "; if an RSA key is registered there, the server may want SHA-1, which is never used"
      if !Algorithms.isLibraryRecent {
        text += ", or not understand how libssh2 \(Algorithms.libraryVersion) offers such a key, which 1.11 mends"
      }
      text += ": an Ed25519 key is taken by all"
    }
    return text
  }

  private static func list(_ methods: [String]) -> String {
    methods.map { PrintableName.text(Array($0.utf8)) }.joined(separator: ", ")
  }
}
