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
    var sentences: [MessageText] = []
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
    sentences += unusable.map(\.text)
    let text = sentences.joined(by: MessageText("; ")) + words.quoted
    return SFTPError(
      wantsMore ? .secondFactorRequired : .authenticationFailed, text,
      fingerprints: (refused + known).compactMap(\.fingerprint) + unusable.flatMap(\.fingerprints))
  }

  /// Returns the error if no key can be used on this side; a passing error keeps its code.
  static func ofUnusable(_ troubles: [SFTPError]) -> SFTPError {
    guard let first = troubles.first else {
      return SFTPError(
        .keyUnreadable, "no key is named to log in with", "der er ikke angivet en nøgle at logge ind med",
        operation: "log in")
    }
    if troubles.count == 1 { return first }
    let code = (troubles.first(where: \.isRetriable) ?? first).code
    return SFTPError(
      code, troubles.map(\.text).joined(by: MessageText("; ")), fingerprints: troubles.flatMap(\.fingerprints),
      operation: first.operation)
  }

  private static func sentence(onKnown name: String, _ methods: [String]) -> MessageText {
    if methods.isEmpty || methods.contains("publickey") {
      return MessageText(
        "the server knows the key \(name) and refuses the login with it: it may ask for a second key, or the user is locked, expired or not let in from here",
        "serveren kender nøglen \(name) og afviser alligevel login med den: den beder måske om en nøgle til, eller brugeren er spærret, udløbet eller må ikke logge ind herfra"
      )
    }
    let asked = list(methods)
    return MessageText(
      "the server knows the key \(name), but it is not enough: it asks for \(asked) as well",
      "serveren kender nøglen \(name), men den er ikke nok: serveren beder også om \(asked)")
  }

  private static func sentence(onRefused failures: [LoginTries.Failure], _ methods: [String]?) -> MessageText {
    let names = failures.map(\.name).joined(separator: ", ")
    let text =
      failures.count == 1
      ? MessageText("the server does not accept the key \(names)", "serveren godtager ikke nøglen \(names)")
      : MessageText("the server accepts none of the keys \(names)", "serveren godtager ingen af nøglerne \(names)")
    if let methods, !methods.isEmpty, !methods.contains("publickey") {
      let taken = list(methods)
      return text
        + MessageText(
          ": it takes no key of this user at all, only \(taken)",
          ": den tager slet ingen nøgle fra brugeren, men kun \(taken)")
    }
    guard failures.contains(where: \.isRSA) else { return text }
    let old = MessageText(
      ", or not understand how libssh2 \(Algorithms.libraryVersion) offers such a key, which 1.11 mends",
      " eller forstår ikke, hvordan libssh2 \(Algorithms.libraryVersion) viser sådan en nøgle, hvad 1.11 retter")
    return text
      + MessageText(
        "; if an RSA key is registered there, the server may want SHA-1, which is never used",
        "; er en RSA-nøgle registreret der, kræver serveren måske SHA-1, som aldrig bruges")
      + (Algorithms.isLibraryRecent ? MessageText.empty : old)
      + MessageText(": an Ed25519 key is taken by all", ": en Ed25519-nøgle bruges af alle")
  }

  private static func list(_ methods: [String]) -> String {
    methods.map { PrintableName.text(Array($0.utf8)) }.joined(separator: ", ")
  }
}
