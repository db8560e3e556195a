/// The keys of one login and what came of each. They outlive a connection: a server may hang up after a few refused keys.
struct LoginTries {
  /// A key under one of the names that its algorithm has.
  struct Offer {
    let key: LoginKey
    /// The algorithm named in the head of the public key; `nil` leaves the choice to libssh2.
    let algorithm: String?
  }

  /// What came of an offer.
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
    let isRSA: Bool
    let outcome: Outcome
  }

  private var waiting: [Offer]
  private(set) var failures: [Failure] = []

  init(_ keys: [LoginKey]) {
    waiting = keys.map { Offer(key: $0, algorithm: nil) }
  }

  /// Whether nothing is left to offer.
  var areOver: Bool { waiting.isEmpty }

  /// Whether the server refused a key without asking for more.
  var areRefused: Bool {
    failures.contains { if case .refused = $0.outcome { true } else { false } }
  }

  /// The next offer, which is then no longer waiting.
  mutating func next() -> Offer? { waiting.isEmpty ? nil : waiting.removeFirst() }

  /// Notes what came of an offer. An RSA key is offered again by another algorithm's name, after the other keys.
  mutating func note(_ outcome: Outcome, of offer: Offer, _ publicKey: UserPublicKey?) {
    let isRSA = publicKey?.type == "ssh-rsa"
    switch outcome {
    case .accepted: return
    case .wantsSHA1:
      // A server that does not say which algorithms it takes may take others than the one it is asked for first.
      waiting.append(Offer(key: offer.key, algorithm: RSAAlgorithm.first))
    case .refused where isRSA && offer.algorithm == RSAAlgorithm.first,
      .refused where isRSA && offer.algorithm == nil && !Algorithms.isLibraryRecent:
      waiting.append(Offer(key: offer.key, algorithm: RSAAlgorithm.second))
    case .refused, .incomplete, .unusable:
      failures.append(Failure(name: offer.key.name(publicKey), isRSA: isRSA, outcome: outcome))
    }
  }
}

/// The algorithms of RSA keys, in the order in which they are offered.
enum RSAAlgorithm {
  static let first = "rsa-sha2-512"
  static let second = "rsa-sha2-256"

  /// The public key as it is offered. libssh2 1.11 agrees on an algorithm with the server; before, the name in the head
  /// is the only way.
  static func offered(_ key: UserPublicKey, by algorithm: String?) -> [UInt8] {
    guard key.type == "ssh-rsa", let name = algorithm ?? (Algorithms.isLibraryRecent ? nil : first) else {
      return key.blob
    }
    return key.renamed(name)
  }
}

extension LoginKey {
  /// The key for messages, with its fingerprint.
  func name(_ publicKey: UserPublicKey?) -> String {
    switch self {
    case .file(let key): "\(key.file) (\(key.publicKey.fingerprint))"
    case .agent(let key): "\(key.name) (\(publicKey?.fingerprint ?? key.fingerprint))"
    case .unusable: "that cannot be used"
    }
  }
}
