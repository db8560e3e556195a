internal import FilsluseBase

/// The keys of one login and their results. They outlive a connection, because a server may hang up after a few refused
/// keys.
struct LoginTries {
  /// A key, and for an RSA key its algorithm.
  struct Offer {
    let key: LoginKey
    let algorithm: RSAAlgorithm
  }

  /// The result of an offer.
  enum Outcome {
    case accepted
    /// The server does not take the key.
    case refused
    /// The server takes the key, and goes on asking by these methods (RFC 4252 section 5.1).
    case incomplete(methods: [String])
    /// The server wants a signature by SHA-1, which is never made.
    case wantsSHA1
    /// The signature could not be made on this side.
    case unusable(SFTPError)
  }

  /// A key that did not let the user in.
  struct Failure {
    let name: String
    let fingerprint: KeyFingerprint?
    let isRSA: Bool
    let outcome: Outcome
  }

  private var waiting: [Offer]
  private(set) var failures: [Failure] = []

  init(_ keys: [LoginKey]) {
    waiting = keys.map { Offer(key: $0, algorithm: .first) }
  }

  /// True if no key is left to offer.
  var areOver: Bool { waiting.isEmpty }

  /// True if the server refused a key without asking for more.
  var areRefused: Bool {
    failures.contains { if case .refused = $0.outcome { true } else { false } }
  }

  /// The next offer, which is then no longer waiting.
  mutating func next() -> Offer? { waiting.isEmpty ? nil : waiting.removeFirst() }

  /// Records the result of an offer. An RSA key is offered again with another algorithm's name, after the other keys.
  mutating func note(_ outcome: Outcome, of offer: Offer, _ publicKey: UserPublicKey?) {
    let isRSA = publicKey?.type == "ssh-rsa"
    if isRSA, let next = offer.algorithm.next(after: outcome) {
      waiting.append(Offer(key: offer.key, algorithm: next))
      return
    }
    switch outcome {
    case .accepted: return
    case .refused, .incomplete, .wantsSHA1, .unusable:
      failures.append(
        Failure(
          name: offer.key.name(publicKey), fingerprint: offer.key.fingerprint(publicKey), isRSA: isRSA,
          outcome: outcome))
    }
  }
}

/// The ways to offer an RSA key, which signs by one of two algorithms (RFC 8332) and never by SHA-1.
///
/// If the server lists its algorithms, libssh2 1.11 agrees with it on one. Otherwise the name of one is written into
/// the head of the public key: libssh2 takes the algorithm from there, and most servers accept it as an RSA key.
enum RSAAlgorithm {
  case agreed
  case agreedOn256
  case named512
  case named256

  static var first: Self { Algorithms.isLibraryRecent ? .agreed : .named512 }

  /// The algorithms that libssh2 may agree on.
  var preferred: [String] { self == .agreedOn256 ? ["rsa-sha2-256"] : ["rsa-sha2-512", "rsa-sha2-256"] }

  /// Returns the public key in the form of an offer.
  func offered(_ key: UserPublicKey) -> [UInt8] {
    switch self {
    case .named512 where key.type == "ssh-rsa": key.renamed("rsa-sha2-512")
    case .named256 where key.type == "ssh-rsa": key.renamed("rsa-sha2-256")
    default: key.blob
    }
  }

  /// The next way to try, if any. A server may say that it takes an algorithm and still refuse it.
  func next(after outcome: LoginTries.Outcome) -> Self? {
    switch (self, outcome) {
    case (.agreed, .refused): .agreedOn256
    case (.agreed, .wantsSHA1), (.agreedOn256, .wantsSHA1): .named512
    case (.named512, .refused): .named256
    default: nil
    }
  }
}

extension LoginKey {
  /// The key for messages, with its fingerprint.
  func name(_ publicKey: UserPublicKey?) -> String {
    let shown = fingerprint(publicKey).map { " (\($0))" } ?? ""
    return switch self {
    case .file(let key): "\(key.file)\(shown)"
    case .agent(let key): "\(key.name)\(shown)"
    case .unusable: "that cannot be used"
    }
  }

  /// The key's fingerprint; `nil` for a key that cannot be read.
  func fingerprint(_ publicKey: UserPublicKey?) -> KeyFingerprint? {
    switch self {
    case .file(let key): key.publicKey.fingerprint
    case .agent(let key): publicKey?.fingerprint ?? key.fingerprint
    case .unusable: nil
    }
  }
}
